package sim

// In version 7.0 the owners of a channel keep a roster of those who may write;
// relays acknowledge it, and everybody hears of members who are on it.

// startRoster gives the group the first roster.
func (g *group) startRoster() {
	if g.chat.db.v7 {
		g.RosterVersion = new(int64)
	}
}

// nextRoster is when a role was changed.
func (g *group) nextRoster() {
	if g.RosterVersion != nil {
		next := *g.RosterVersion + 1
		g.RosterVersion, g.UpdatedAt = &next, g.chat.db.net.now()
	}
}

// acknowledge is when the relay of a channel has the roster; the owner is told.
func (d *database) acknowledge(owners, relays *group, asked *member, r *groupRelay) {
	if !d.v7 {
		return
	}
	rd := relays.chat.db
	d.net.post(rd, func() {
		relays.RelayOwnStatus, relays.UpdatedAt = "acknowledgedRoster", rd.net.now()
		relays.startRoster()
	})
	asked.MemberChatVRange = d.versions()
	r.RelayStatus = "acknowledgedRoster"
	d.emit(owners.user, "groupRelayUpdated", "groupInfo", owners, "member", asked, "groupRelay", r)
}

// rosterRole is when the role of another member of a channel was changed: there
// is no item about it, and the member may be unknown so far.
func (d *database) rosterRole(g *group, by *member, memberID, pubKey, role string) {
	m := g.byMemberID(memberID)
	if m == nil {
		m = d.addIntroduced(g, introduced{memberID: memberID, role: "observer", profile: profile{DisplayName: memberID[:7]}}, "pre", "unknown")
	}
	from := m.MemberRole
	m.MemberRole = role
	d.emit(g.user, "memberRole", "groupInfo", g, "byMember", by, "member", m, "fromRole", from, "toRole", role, "msgSigned", g.signed())
	g.nextRoster()
	if m.MemberPubKey == "" {
		m.MemberPubKey, m.UpdatedAt = pubKey, d.net.now()
	}
}

// announceStranger tells who an unknown member of the roster is, before the
// first message. The member is counted only after it.
func (d *database) announceStranger(g *group, relay, m *member, n introduced) (told func()) {
	count := g.currentMembers()
	g.shownCount = &count
	unknown := encode(m)
	delete(g.user.names, m.LocalDisplayName)
	m.LocalDisplayName, m.MemberProfile.profile = g.user.localName(n.profile.DisplayName), n.profile
	m.MemberCategory, m.MemberStatus, m.InvitedByGroupMemberID = "post", "announced", relay.GroupMemberID
	m.UpdatedAt = d.net.now()
	d.emit(g.user, "unknownMemberAnnounced", "groupInfo", g, "announcingMember", relay, "unknownMember", unknown, "announcedMember", m)
	d.emit(g.user, "joinedGroupMemberConnecting", "groupInfo", g, "hostMember", relay, "member", m)
	return func() { g.shownCount = nil }
}
