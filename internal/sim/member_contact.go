package sim

// memberContactCommands make contacts of members of a group.
var memberContactCommands = table{
	"APICreateMemberContact":         {run: createMemberContact},
	"APISendMemberContactInvitation": {run: inviteMemberContact},
	"APIAcceptMemberContact":         {run: acceptMemberContact},
}

// directInv is an invitation that came through a group.
type directInv struct {
	Link       string `json:"groupDirectInvLink"`
	GroupID    int64  `json:"fromGroupId_"`
	MemberID   int64  `json:"fromGroupMemberId_"`
	MemberConn int64  `json:"fromGroupMemberConnId_"`
	Started    bool   `json:"groupDirectInvStartedConnection"`
}

// memberContact makes a contact that shares name and profile with a member.
func (d *database) memberContact(m *member, status string) *contact {
	now := d.net.now()
	u := m.group.user
	id := d.next("contact")
	ct := &contact{
		ContactID: id, LocalDisplayName: m.LocalDisplayName, Profile: m.MemberProfile, ContactUsed: true, ContactStatus: "active",
		ChatSettings: chatSettings{EnableNtfs: "all"}, CreatedAt: now, UpdatedAt: now, ChatTs: &now, ChatTags: []int64{}, user: u,
	}
	ct.chat = newChat(d, u)
	ct.chat.contact = ct
	u.contacts[id] = ct
	d.connectMember(ct, m, status)
	return ct
}

// connectMember gives a contact made of a member a connection.
func (d *database) connectMember(ct *contact, m *member, status string) {
	cn := d.newConn(ct.user, status)
	cn.ConnChatVersion, cn.PeerChatVRange = min(d.chatVersion(), m.MemberChatVRange.MaxVersion), m.MemberChatVRange
	cn.PQSupport, cn.PQEncryption, cn.classic = false, false, true
	if m.ActiveConn != nil {
		cn.ConnLevel = m.ActiveConn.ConnLevel
	}
	d.bind(ct, cn)
}

func createMemberContact(c *call) (raw, error) {
	g, m, err := c.groupMember()
	if err != nil {
		return nil, err
	}
	if !g.allows("directMessages", g.Membership) {
		return nil, commandError("direct messages not allowed")
	}
	if m.MemberContactID != 0 {
		return nil, commandError("member contact already exists")
	}
	d := c.db
	if err := d.needServer(); err != nil {
		return nil, err
	}
	ct := d.memberContact(m, "new")
	ct.ContactGroupMemberID = m.GroupMemberID
	cn := ct.ActiveConn
	cn.ContactConnInitiated, cn.CreatedAt = true, ct.CreatedAt
	cn.link = d.net.newLink(d, c.user, 'i')
	cn.link.conn = cn
	// What the contact prefers is not known yet; the core shows the user's own.
	ct.setMerged(merge(c.user.FullPreferences, ct.UserPreferences, c.user.Profile.Preferences, false))
	reply, err := c.reply("newMemberContact", "contact", ct, "groupInfo", g, "member", m)
	ct.refresh()
	m.MemberContactID, m.UpdatedAt = ct.ContactID, ct.CreatedAt
	d.banner(ct.chat)
	return reply, err
}

// memberOf finds a member of any group of the user.
func (u *user) memberOf(id int64) *member {
	for _, g := range u.groups {
		if m := g.members[id]; m != nil {
			return m
		}
	}
	return nil
}

// notOfMember is the error of a contact that no member stands behind.
func notOfMember(ct *contact) error {
	return storeError("memberContactGroupMemberNotFound", "contactId", ct.ContactID)
}

func inviteMemberContact(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	text, err := c.initialMessage()
	if err != nil {
		return nil, err
	}
	m := c.user.memberOf(ct.ContactGroupMemberID)
	switch {
	case m == nil || ct.ActiveConn == nil:
		return nil, notOfMember(ct)
	case ct.ContactGrpInvSent:
		return nil, commandError("x.grp.direct.inv already sent")
	case !m.reachable():
		return nil, chatError("groupMemberNotActive")
	}
	d := c.db
	ct.ContactGrpInvSent = true
	reply, err := c.reply("newMemberContactSentInv", "contact", ct, "groupInfo", m.group, "member", m)
	updated := d.net.now()
	defer func() { ct.UpdatedAt = updated }()
	var msg *message
	if text != nil {
		info := ct.chat.info()
		now := d.net.now()
		it := ct.chat.newMessage(direction{Type: "directSnd"}, &composed{content: *text}, now, false, nil)
		d.emitItems(ct.chat, info, it)
		ct.touch(now)
		w := it.wire()
		msg = &w
	}
	cn := ct.ActiveConn
	m.post(func(_ *group, by *member) { by.chatDB().memberContactInvited(by, cn, msg) })
	return reply, err
}

// memberContactInvited is when a member wants to be a contact, maybe again.
func (d *database) memberContactInvited(m *member, from *conn, msg *message) {
	g := m.group
	switch {
	case !g.allows("directMessages", m):
		d.messageError(g.user, "x.grp.direct.inv: direct messages not allowed")
		return
	case m.BlockedByAdmin || !m.MemberSettings.ShowMessages:
		d.emit(g.user, "messageError", "severity", "warning", "errorMessage", "x.grp.direct.inv: member is blocked (ignoring)")
		return
	}
	auto := g.user.AutoAcceptMemberContacts
	status := "prepared"
	if auto {
		status = "joined"
	}
	ct := g.user.contacts[m.MemberContactID]
	known, joins := ct != nil, true
	switch {
	case !known:
		ct = d.memberContact(m, status)
	case ct.ActiveConn == nil:
		return
	case ct.ContactGrpInvSent && from.link.Full < ct.ActiveConn.link.Full:
		joins = false // both asked at once, and the other one joins
	default:
		ct.ActiveConn.deleted = true
		ct.ActiveConn.status("deleted")
		ct.ContactStatus, ct.ContactGroupMemberID, ct.ContactGrpInvSent = "active", 0, false
		d.connectMember(ct, m, status)
	}
	if joins {
		ct.GroupDirectInv = &directInv{from.link.Full, g.GroupID, m.GroupMemberID, m.ActiveConn.ConnID, auto}
		ct.directFrom = from
	}
	m.MemberContactID = ct.ContactID
	shown := encode(ct)
	switch {
	case !known:
		d.emitItems(ct.chat, directInfo(shown), d.banner(ct.chat))
	case joins:
		d.emitItems(ct.chat, directInfo(shown), d.internalItem(ct.chat, "directRcv",
			content{Type: "rcvConnEvent", Detail: tagged("verificationCodeReset")}, "security code changed"))
	}
	if joins && !auto {
		it := d.internalItem(ct.chat, "directRcv", content{Type: "rcvDirectEvent", Detail: tagged("groupInvLinkReceived", "groupProfile", g.GroupProfile)},
			"requested connection from group "+g.GroupProfile.DisplayName)
		d.unread(it)
		d.emitItems(ct.chat, directInfo(shown), it)
	}
	it := d.groupItem(g.chat, m.from(), content{Type: "rcvGroupEvent", Detail: tagged("memberCreatedContact")}, "started direct connection with you")
	it.author = m
	d.emitItems(g.chat, g.chat.info(), it)
	d.emit(g.user, "newMemberContactReceivedInv", "contact", shown, "groupInfo", g, "member", m)
	if msg != nil {
		it := d.received(ct.chat, direction{Type: "directRcv"}, *msg)
		d.emitItems(ct.chat, ct.chat.info(), it)
	}
	if !known {
		m.UpdatedAt = ct.CreatedAt
	}
	if joins && auto {
		d.joinMember(ct)
	}
}

func acceptMemberContact(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	if ct.GroupDirectInv == nil {
		return nil, notOfMember(ct)
	}
	m := c.user.memberOf(ct.GroupDirectInv.MemberID)
	switch {
	case m == nil:
		return nil, notOfMember(ct)
	case ct.GroupDirectInv.Started:
		return nil, commandError("connection already started")
	}
	if ct.ActiveConn == nil { // the user deleted it
		c.db.connectMember(ct, m, "prepared")
	}
	if ct.directFrom.deleted {
		c.db.emit(c.user, "chatInfoUpdated", "chatInfo", ct.chat.info())
		return nil, errAuth
	}
	ct.GroupDirectInv.Started = true
	ct.UpdatedAt = c.db.net.now()
	ct.ActiveConn.status("sndReady")
	reply, err := c.reply("memberContactAccepted", "contact", ct)
	c.db.joinMember(ct)
	return reply, err
}

// joinMember connects to the member who invited.
func (d *database) joinMember(ct *contact) {
	cn, from := ct.ActiveConn, ct.directFrom
	if from.deleted || from.peer != nil {
		return
	}
	cn.peer, from.peer = from, cn
	from.link.gone = true
	mine := ct.user.sentTo(cn)
	n := d.net
	n.post(from.db, func() {
		if from.deleted || cn.deleted {
			return
		}
		inviter := from.contact
		from.status("requested")
		from.db.profileSeen(inviter, mine)
		if cn.is("joined") {
			cn.status("sndReady")
			d.emit(cn.user, "contactSndReady", "contact", ct)
		}
		theirs := from.user.sentTo(from)
		inviter.ContactGroupMemberID, inviter.ContactGrpInvSent, inviter.UpdatedAt = 0, false, n.now()
		from.db.complete(from)
		from.release()
		n.post(cn.db, func() {
			if cn.deleted {
				return
			}
			d.profileSeen(ct, theirs)
			d.complete(cn)
			cn.release()
		})
	})
}

// profileSeen takes in the whole profile of somebody known as a member only.
func (d *database) profileSeen(ct *contact, p profile) {
	from := encode(ct)
	ct.Profile.profile = p
	ct.refresh()
	ct.shareProfile()
	d.emit(ct.user, "contactUpdated", "fromContact", from, "toContact", ct)
}
