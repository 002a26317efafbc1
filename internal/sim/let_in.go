package sim

// confirmMember tells the one who asked of the group; status is the one that
// the member begins with.
func (d *database) confirmMember(l *link, from *conn, m *member, status string) {
	g := m.group
	inv := invitation{
		fromMemberID: g.Membership.MemberID, memberID: m.MemberID, fromRole: g.Membership.MemberRole, role: m.MemberRole,
		profile: g.GroupProfile, status: status,
	}
	if b := g.BusinessChat; b != nil { // the customer sees the business
		inv.profile.DisplayName, inv.profile.FullName = g.user.Profile.DisplayName, g.user.Profile.FullName
		inv.profile.ShortDescr, inv.profile.Image = g.user.Profile.ShortDescr, g.user.Profile.Image
		inv.business = &businessChat{ChatType: "business", BusinessID: b.BusinessID, CustomerID: b.CustomerID}
	}
	host := g.sentByUser()
	host.PeerType = "" // is told later
	d.net.later(from.db, func() {
		if !from.deleted {
			from.db.letIn(l, from, inv, host)
		}
	})
}

// letIn is when the one who asked learns that they may join.
func (d *database) letIn(l *link, cn *conn, inv invitation, hostProfile profile) {
	u := cn.user
	cn.status("requested")
	cn.agree(cn.peer.db)
	cn.ViaGroupLink = l.kind == 'g'
	g := cn.prepared
	var host *member
	if g == nil {
		g = d.newGroup(u, inv.profile)
		host = d.addIntroduced(g, introduced{memberID: inv.fromMemberID, role: inv.fromRole, profile: hostProfile}, "host", "accepted")
		host.CreatedAt, host.UpdatedAt = g.CreatedAt, g.CreatedAt
		d.membershipOf(g, inv.memberID, inv.role, inv.status, invitedBy{Type: "unknown"}, g.CreatedAt)
	} else if g.UseRelays {
		now := d.net.now()
		host = cn.member
		g.Membership.MemberStatus, g.Membership.UpdatedAt, host.UpdatedAt = inv.status, now, now
	} else {
		host = d.knownAtLast(g, inv, hostProfile)
	}
	g.BusinessChat = inv.business
	cn.ConnType, cn.member, cn.EntityID = "member", host, host.GroupMemberID
	host.ActiveConn, host.MemberChatVRange = cn, unknownVersions
	if cn.profile != nil {
		g.incognito = cn.profile
		g.Membership.LocalDisplayName = cn.profile.DisplayName
		g.Membership.MemberProfile = localProfile{ProfileID: cn.CustomUserProfileID, profile: *cn.profile}
	}
	if !g.UseRelays {
		g.Membership.InvitedByGroupMemberID = host.GroupMemberID
		g.viaLink, g.ViaGroupLinkURI = l, l.Full
	}
	count := int64(2)
	if g.Membership.pending() {
		count = 1
	}
	g.shownCount = &count
	d.emit(u, "groupLinkConnecting", "groupInfo", g, "hostMember", host)
	if g.shownCount = nil; g.BusinessChat != nil {
		host.MemberChatVRange = cn.peer.db.versions()
	}
	cn.status("accepted")
	d.groupWelcomeSeen(g)
	cn.confirm(cn.withWelcome)
	peer := cn.peer
	d.net.post(peer.db, func() {
		if peer.deleted || cn.deleted {
			return
		}
		full := peer.member.group.sentByUser()
		if g := peer.member.group; peer.db.v7 && g.incognito == nil && g.BusinessChat == nil {
			full.ContactLink = g.user.Profile.ContactLink
		}
		d.net.post(cn.db, func() {
			cn.db.joined(g)
			host.MemberChatVRange = cn.peer.db.versions()
			if g.BusinessChat != nil {
				d.emit(u, "groupUpdated", "fromGroup", g, "toGroup", g, "member_", host)
			}
			cn.db.memberProfileReceived(host, full)
			cn.db.probeContacts(host)
			host.UpdatedAt = cn.db.net.now()
			if g.Membership.pending() {
				g.Membership.UpdatedAt = cn.db.net.now()
			}
		})
		peer.db.memberJoined(peer.member)
	})
}

// memberProfileReceived tells of a host's profile; only the news shows all of it.
func (d *database) memberProfileReceived(m *member, p profile) {
	from := encode(m)
	if string(encode(m.MemberProfile.profile)) == string(encode(p)) {
		return
	}
	to := *m
	to.MemberProfile.profile = p
	d.emit(m.group.user, "groupMemberUpdated", "groupInfo", m.group, "fromMember", from, "toMember", &to)
}

// joinRequested is when somebody asks to join by the link: they are let in.
func (d *database) joinRequested(l *link, from *conn, p profile, msg requestMessage) {
	g := l.group
	if g.link == nil || !g.Membership.current() {
		return
	}
	shown := encode(g)
	status := g.firstStatus()
	m := d.newMember(g, d.net.key(12), g.link.AcceptMemberRole, "invitee", status, d.net.now())
	m.seenWelcome, m.MemberChatVRange = msg.welcomeID != "", from.db.versions()
	if msg.memberID != "" {
		m.MemberID, m.MemberPubKey = msg.memberID, msg.pubKey
	}
	m.InvitedBy, m.InvitedByGroupMemberID = invitedBy{Type: "user"}, g.Membership.GroupMemberID
	m.LocalDisplayName = g.user.localName(p.DisplayName)
	m.MemberContactProfileID = d.next("profile")
	m.MemberProfile = localProfile{ProfileID: m.MemberContactProfileID, profile: p}
	g.members[m.GroupMemberID] = m
	cn := d.memberConn(m, "new", d.net.now())
	cn.ViaUserContactLink, cn.ViaGroupLink = g.link.UserContactLinkID, true
	cn.peer, from.peer = from, cn
	ch := m.newsChat()
	it := d.groupItem(ch, m.from(), content{Type: "rcvGroupEvent", Detail: tagged("invitedViaGroupLink")}, "invited via your group link")
	it.author = m
	if m.pending() {
		it.ChatDir = m.from()
		d.emitItems(ch, ch.infoWith(shown), it)
	} else {
		shown = encode(g)
		d.emitItems(ch, ch.info(), it)
	}
	d.emit(g.user, "acceptingGroupJoinRequestMember", "groupInfo", shown, "member", m)
	d.confirmMember(l, from, m, status)
}
