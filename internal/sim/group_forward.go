package sim

// Members who were introduced to each other, and are not connected yet, hear each
// other through the one who introduced them:
//
//	bob ──▶ host ──▶ alice, who is away since bob joined

// introducer is the member through whom something gets to a member that the user
// is not connected to; nil for others, and where there is none.
func (m *member) introducer() *member {
	g := m.group
	if g.UseRelays || m.reachable() {
		return nil
	}
	var by *member
	switch m.MemberCategory {
	case "pre":
		by = g.host()
	case "post":
		by = g.members[m.InvitedByGroupMemberID]
	}
	if by == nil || !by.reachable() || by.gone() {
		return nil
	}
	return by
}

// listeners are the members that what is sent to the group gets to.
func (g *group) listeners() []*member {
	var ms []*member
	for _, m := range membersByID(g.members) {
		if m.counted() && (m.reachable() || m.introducer() != nil) {
			ms = append(ms, m)
		}
	}
	return ms
}

// passOn asks a member to hand something to another one.
func (m *member) passOn(memberID string, hand func(to *group, from *member)) {
	sender := m.group.Membership.asIntroduced()
	m.ActiveConn.send(func(peer *conn) {
		from := peer.member
		if from == nil || from.gone() || from.BlockedByAdmin || roleRank[from.group.Membership.MemberRole] < roleRank["admin"] {
			return
		}
		x := from.group.byMemberID(memberID)
		if x == nil || x.gone() {
			return
		}
		x.ActiveConn.send(func(peer *conn) {
			host := peer.member
			if host == nil || host.gone() {
				return
			}
			to := host.group
			by := to.byMemberID(sender.memberID)
			if by == nil {
				by = to.chat.db.stranger(to, host, sender)
			}
			to.via = host
			hand(to, by)
			to.via = nil
		})
	})
}
