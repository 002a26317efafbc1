package sim

// invitation is what a group's invitation tells.
type invitation struct {
	status       string // that a member by the link begins with
	fromMemberID string // of the one who invites
	memberID     string // of the one who is invited
	fromRole     string
	role         string
	profile      groupProfile
	conn         *conn // of the one who invites
	business     *businessChat
}

// invitationContent is the item of an invitation.
func invitationContent(kind string, g *group, memberID int64, name, role, status string) *content {
	return &content{Type: kind, Role: role, Detail: object("groupId", g.GroupID, "groupMemberId", memberID, "localDisplayName", name,
		"groupProfile", g.GroupProfile, "status", status)}
}

// addMember invites a contact to a group.
func addMember(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	role := c.cmd.Text("memberRole")
	required := "admin"
	if roleRank[role] > roleRank[required] {
		required = role
	}
	if err := g.requireRole(required); err != nil {
		return nil, err
	}
	switch {
	case ct.incognito():
		return nil, chatError("contactIncognitoCantInvite")
	case g.incognito != nil:
		return nil, chatError("groupIncognitoCantInvite")
	}
	var m *member
	for _, x := range g.members {
		if x.MemberContactID == ct.ContactID && !x.gone() {
			m = x
		}
	}
	if m != nil && m.MemberStatus != "invited" {
		return nil, chatError("groupDuplicateMember", "contactName", ct.LocalDisplayName)
	}
	d := c.db
	if m == nil {
		if err := d.needServer(); err != nil {
			return nil, err
		}
		m = d.newMember(g, d.net.key(12), role, "invitee", "invited", d.net.now())
		m.InvitedBy, m.InvitedByGroupMemberID = invitedBy{Type: "user"}, g.Membership.GroupMemberID
		m.MemberChatVRange = unknownVersions
		if ct.ActiveConn != nil {
			m.MemberChatVRange = ct.ActiveConn.PeerChatVRange
		}
		m.ofContact(ct)
		g.members[m.GroupMemberID] = m
	}
	m.MemberRole = role
	groupShown, memberShown := encode(g), encode(m)
	if m.ActiveConn == nil {
		d.memberConn(m, "new", m.CreatedAt)
	}
	if err := ct.sendable(); err != nil { // the member is there all the same, and can be invited again
		return nil, err
	}
	d.invite(g, m, ct)
	return c.reply("sentGroupInvitation", "groupInfo", groupShown, "contact", m.before, "member", memberShown)
}

// ofContact fills in what is known of a contact that becomes a member.
func (m *member) ofContact(ct *contact) {
	m.LocalDisplayName, m.MemberProfile = ct.LocalDisplayName, ct.Profile
	m.MemberContactID, m.MemberContactProfileID = ct.ContactID, ct.Profile.ProfileID
}

// memberConn makes the connection to a member.
func (d *database) memberConn(m *member, status string, at stamp) *conn {
	cn := d.newConn(m.group.user, status)
	cn.ConnType, cn.member, cn.EntityID = "member", m, m.GroupMemberID
	if m.MemberChatVRange == unknownVersions {
		cn.agree(d)
	} else {
		cn.ConnChatVersion, cn.PeerChatVRange = min(d.chatVersion(), m.MemberChatVRange.MaxVersion), m.MemberChatVRange
	}
	cn.PQSupport, cn.PQEncryption = false, false
	cn.CreatedAt = at
	m.ActiveConn = cn
	return cn
}

// invite sends the invitation in the direct chat.
func (d *database) invite(g *group, m *member, ct *contact) {
	now := d.net.now()
	info := encode(ct)
	m.before = info
	it := &item{ChatDir: direction{Type: "directSnd"}, said: nothingSaid, sharedID: d.net.key(12), Meta: meta{
		ItemTs: now, ItemText: "sent invitation to join group " + g.GroupProfile.DisplayName + " as " + m.MemberRole,
		ItemStatus: sndNew, CreatedAt: now, UpdatedAt: now,
	}, Content: invitationContent("sndGroupInvitation", g, m.GroupMemberID, m.LocalDisplayName, m.MemberRole, "pending")}
	it.Meta.ItemSharedMsgID = it.sharedID
	ct.chat.add(it)
	ct.touch(now)
	d.emitItems(ct.chat, directInfo(info), it)
	d.net.post(d, func() { d.itemsSent(ct.chat, []*item{it}) })
	inv := invitation{
		fromMemberID: g.Membership.MemberID, memberID: m.MemberID, fromRole: g.Membership.MemberRole, role: m.MemberRole,
		profile: g.GroupProfile, conn: m.ActiveConn, business: g.BusinessChat,
	}
	ct.ActiveConn.send(func(peer *conn) {
		if peer.contact != nil {
			peer.db.invited(peer.contact, inv, it.sharedID)
		}
	})
}

// invited is when an invitation arrives.
func (d *database) invited(ct *contact, inv invitation, id string) {
	u := ct.user
	g := u.groupOf(inv.memberID)
	before := encode(ct)
	var shown raw
	if g == nil {
		g = d.newGroup(u, inv.profile)
		host := d.newMember(g, inv.fromMemberID, inv.fromRole, "host", "invited", g.CreatedAt)
		host.InvitedBy = invitedBy{Type: "unknown"}
		host.MemberChatVRange.MaxVersion = ct.ActiveConn.ConnChatVersion // what both speak
		host.ofContact(ct)
		g.members[host.GroupMemberID] = host
		d.membershipOf(g, inv.memberID, inv.role, "invited", invitedBy{"contact", ct.ContactID}, g.CreatedAt)
		g.Membership.InvitedByGroupMemberID = host.GroupMemberID
		if cn := ct.ActiveConn; cn.profile != nil { // who invites knows that name only
			g.incognito = cn.profile
			g.Membership.LocalDisplayName = u.localName(cn.profile.DisplayName)
			g.Membership.MemberProfile = localProfile{ProfileID: cn.CustomUserProfileID, profile: *cn.profile}
		}
		two := int64(2)
		g.shownCount = &two
		shown = encode(g)
		g.shownCount = nil
	} else {
		shown = encode(g)
		g.Membership.MemberRole = inv.role
	}
	g.inviter, g.BusinessChat = inv.conn, inv.business
	d.banner(g.chat)
	now := d.net.now()
	it := &item{ChatDir: direction{Type: "directRcv"}, said: nothingSaid, sharedID: id, Meta: meta{
		ItemTs: now.second(), ItemText: "received invitation to join group " + inv.profile.DisplayName + " as " + inv.role,
		ItemStatus: rcvNew, ItemSharedMsgID: id, CreatedAt: now, UpdatedAt: now,
	}, Content: invitationContent("rcvGroupInvitation", g, g.Membership.GroupMemberID, g.LocalDisplayName, inv.role, "pending")}
	ct.chat.add(it)
	ct.touch(now)
	g.invitationItem = it
	g.UpdatedAt = d.net.now()
	d.emitItems(ct.chat, ct.chat.info(), it)
	d.emit(u, "receivedGroupInvitation", "groupInfo", shown, "contact", before, "fromMemberRole", inv.fromRole, "memberRole", inv.role)
	if ct.sendsReceipts() {
		ct.ActiveConn.send(func(peer *conn) {
			if peer.contact != nil {
				peer.db.receiptReceived(peer.contact, []string{id})
			}
		})
	}
}

// groupOf finds the group in which the user has that id.
func (u *user) groupOf(memberID string) *group {
	for _, g := range u.groups {
		if g.Membership.MemberID == memberID {
			return g
		}
	}
	return nil
}

// joinGroup accepts an invitation.
func joinGroup(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	switch {
	case g.inviter == nil:
		return nil, storeError("groupInvitationNotFound")
	case g.Membership.MemberStatus != "invited":
		return nil, storeError("groupAlreadyJoined")
	}
	d, host := c.db, g.host()
	switch ct := c.user.contacts[host.MemberContactID]; {
	case ct == nil:
		return nil, storeError("contactNotFoundByMemberId", "groupMemberId", host.GroupMemberID)
	case ct.ActiveConn == nil:
		return nil, chatError("contactNotActive", "contact", ct)
	}
	if err := d.needServer(); err != nil {
		return nil, err
	}
	if g.inviter.deleted {
		return nil, errAuth
	}
	cn := d.memberConn(host, "accepted", d.net.now())
	cn.peer, g.inviter.peer = g.inviter, cn
	cn.agree(g.inviter.db)
	g.Membership.MemberStatus = "accepted"
	host.MemberStatus = "accepted"
	reply, _ := c.reply("userAcceptedGroupSent", "groupInfo", encode(g))
	d.answerInvitation(g, "accepted")
	peer := cn.peer
	d.net.later(peer.db, func() {
		if peer.deleted || cn.deleted {
			return
		}
		d.net.post(cn.db, func() { cn.db.joined(g) })
		peer.db.memberJoined(peer.member)
	})
	return reply, nil
}

// answerInvitation shows in the invitation what the user made of it.
func (d *database) answerInvitation(g *group, status string) {
	if it := g.invitationItem; it != nil && !it.gone {
		it.Content = invitationContent("rcvGroupInvitation", g, g.Membership.GroupMemberID, g.LocalDisplayName, it.Content.Role, status)
		d.emit(g.user, "chatItemUpdated", "chatItem", entry(it.chat.info(), it))
	}
}

// host is the member who invited the user.
func (g *group) host() *member {
	for _, m := range g.members {
		if m.MemberCategory == "host" {
			return m
		}
	}
	return nil
}
