package sim

// businessDefaults are the features of a business chat where the profile of the
// business does not say.
var businessDefaults = map[string]string{
	"timedMessages": "off", "directMessages": "off", "fullDelete": "off", "reactions": "on", "voice": "on", "files": "on",
	"simplexLinks": "on", "reports": "off", "history": "on", "support": "on", "sessions": "off", "comments": "off",
}

// businessProfile is the profile of the group that a business chat is: that of
// the other side, with the features of the business.
func businessProfile(p profile, of *prefs) groupProfile {
	features := &groupPrefs{}
	for name, enable := range businessDefaults {
		v := &groupPref{Enable: enable}
		switch name {
		case "timedMessages", "fullDelete", "reactions", "voice", "files", "sessions":
			if of != nil && *of.get(name) != nil {
				v.Enable = "on"
				if (*of.get(name)).Allow == "no" {
					v.Enable = "off"
				}
			}
		}
		*features.get(name) = v
	}
	if of != nil && of.Commands != nil {
		features.Commands = of.Commands
	} else {
		commands := noCommands
		features.Commands = &commands
	}
	return groupProfile{DisplayName: p.DisplayName, FullName: p.FullName, ShortDescr: p.ShortDescr, Image: p.Image, GroupPreferences: features}
}

// businessRequested is when a customer asks: a group is made for them.
func (d *database) businessRequested(l *link, from *conn, p profile, msg requestMessage) {
	u, a := l.user, l.user.address
	g := d.newGroup(u, businessProfile(p, u.Profile.Preferences))
	d.membershipOf(g, d.net.key(12), "owner", "creator", invitedBy{Type: "user"}, g.CreatedAt)
	m := d.newMember(g, d.net.key(12), "member", "invitee", "accepted", g.CreatedAt)
	g.BusinessChat = &businessChat{ChatType: "customer", BusinessID: g.Membership.MemberID, CustomerID: m.MemberID}
	m.InvitedBy, m.InvitedByGroupMemberID = invitedBy{Type: "user"}, g.Membership.GroupMemberID
	m.LocalDisplayName, m.MemberChatVRange = u.localName(p.DisplayName), from.db.versions()
	m.MemberContactProfileID = d.next("profile")
	if m.seenWelcome = true; from.prepared != nil {
		p.Preferences = nil
	}
	m.MemberProfile = localProfile{ProfileID: m.MemberContactProfileID, profile: p}
	g.members[m.GroupMemberID] = m

	g.chat.beganWith(from.XContactID)
	info := g.chat.info()
	dir := direction{Type: "groupSnd"}
	d.emitItems(g.chat, info, d.groupE2EE(g.chat, dir))
	d.emitItems(g.chat, info, d.featureItemsOf(g.chat, dir)...)
	d.banner(g.chat)
	g.chat.touch(g.CreatedAt)
	welcome, ok := a.welcomeOf()
	seen := msg.welcomeID != ""
	if ok && seen {
		it := g.chat.newMessage(dir, &composed{content: welcome}, d.net.now(), false, nil)
		g.chat.share(it, msg.welcomeID)
		it.Meta.ItemSharedMsgID = msg.welcomeID
	}
	if msg.content != nil {
		it := d.receivedInGroup(g.chat, m, message{sharedID: msg.sharedID, content: *msg.content})
		it.Meta.ItemTs = it.Meta.CreatedAt
		d.emitItems(g.chat, info, it.asNew())
	}
	cn := d.memberConn(m, "new", d.net.now())
	cn.ViaUserContactLink = a.UserContactLinkID
	cn.peer, from.peer = from, cn
	d.emit(u, "acceptingBusinessRequest", "groupInfo", g)
	if ok && !seen {
		d.net.later(d, func() { d.businessWelcome(m, welcome) })
		from.withWelcome = 1
	}
	d.confirmMember(l, from, m, "accepted")
}

// customer tells whether the member is the customer of a business chat.
func (m *member) customer() bool {
	b := m.group.BusinessChat
	return b != nil && b.CustomerID == m.MemberID
}

// businessWelcome sends the automatic reply with the confirmation.
func (d *database) businessWelcome(m *member, welcome msgContent) {
	if m.gone() || m.ActiveConn == nil {
		return
	}
	ch := m.group.chat
	out := outgoing{chat: ch, msgs: []composed{{content: welcome}}}
	info := ch.info()
	items := out.items(direction{Type: "groupSnd"})
	items[0].recipients = []*recipient{{m, "sndNew"}}
	d.emitItems(ch, info, items...)
	m.ActiveConn.status("sndReady")
	d.postGroup(ch, items, []*member{m})
}
