package sim

// introduced is what the host tells the others of a new member.
type introduced struct {
	memberID string
	role     string
	profile  profile
	pending  bool // is to be reviewed
	pubKey   string
	versions versionRange // of the protocol; the zero value stands for those of the one who is told
	blocked  bool
}

// asIntroduced is the member as others learn of it: without preferences.
func (m *member) asIntroduced() introduced {
	return introduced{m.MemberID, m.MemberRole, m.MemberProfile.asMember(), m.pending(), m.MemberPubKey, m.MemberChatVRange, m.BlockedByAdmin}
}

// others are the active members but one, the latest first.
func (g *group) others(m *member) []*member {
	var others []*member
	for _, x := range g.active() {
		if x != m {
			others = append([]*member{x}, others...)
		}
	}
	return others
}

// introduce tells others of a new member, and connects them.
func (d *database) introduce(m *member, others []*member) {
	id := d.net.key(12)
	added := m.asIntroduced()
	m.group.toMembers(others, func(to *group, by *member) { to.chat.db.memberAdded(to, by, added, id) })
	for _, x := range others {
		d.net.introduceTo(m, x)
	}
	for _, x := range others {
		d.net.connectMembers(x, m)
	}
}

// memberAdded is when the host tells of a new member.
func (d *database) memberAdded(g *group, by *member, n introduced, id string) {
	if g.byMemberID(n.memberID) != nil || g.Membership.MemberID == n.memberID {
		return
	}
	if n.pending {
		d.pendingAdded(g, by, n, id)
		return
	}
	m := d.addIntroduced(g, n, "post", "announced")
	m.InvitedByGroupMemberID = by.GroupMemberID
	it := d.eventItem(g, by, tagged("memberAdded", "groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile), "added "+n.profile.DisplayName, id)
	m.MemberStatus = "invited" // not counted while it is told
	info := g.chat.info()
	shown := encode(g)
	m.MemberStatus = "announced"
	d.emitItems(g.chat, info, it)
	d.emit(g.user, "joinedGroupMemberConnecting", "groupInfo", shown, "hostMember", by, "member", m)
}

// addIntroduced adds a member that somebody else invited.
func (d *database) addIntroduced(g *group, n introduced, category, status string) *member {
	m := d.newMember(g, n.memberID, n.role, category, status, d.net.now())
	m.InvitedBy, m.MemberPubKey, m.BlockedByAdmin = invitedBy{Type: "unknown"}, n.pubKey, n.blocked
	if n.versions != (versionRange{}) {
		m.MemberChatVRange = n.versions
	}
	m.LocalDisplayName = g.user.localName(n.profile.DisplayName)
	m.MemberContactProfileID = d.next("profile")
	m.MemberProfile = localProfile{ProfileID: m.MemberContactProfileID, profile: n.profile}
	g.members[m.GroupMemberID] = m
	return m
}

// introduceTo tells a new member of an old one.
func (n *Network) introduceTo(fresh, old *member) {
	intro := old.asIntroduced()
	fresh.ActiveConn.send(func(peer *conn) {
		g := peer.member.group
		if g.byMemberID(intro.memberID) == nil {
			m := peer.db.addIntroduced(g, intro, "pre", "intro-inv")
			peer.db.introConn(m, peer)
			m.UpdatedAt = peer.db.net.now()
		}
	})
}

// connectMembers connects an old member and a new one of a group, both as the
// host knows them.
func (n *Network) connectMembers(old, fresh *member) {
	oldConn, freshConn := old.ActiveConn, fresh.ActiveConn
	oldID, freshID := old.MemberID, fresh.MemberID
	freshConn.send(func(peer *conn) {
		newGroup := peer.member.group
		n.later(oldConn.peer.db, func() {
			if oldConn.peer == nil || oldConn.peer.deleted || peer.deleted {
				return
			}
			oldGroup := oldConn.peer.member.group
			a, b := oldGroup.byMemberID(freshID), newGroup.byMemberID(oldID)
			if a == nil || b == nil || a.gone() || b.gone() || a.ActiveConn != nil {
				return
			}
			a.UpdatedAt = a.chatDB().net.now()
			ca, cb := a.chatDB().introConn(a, oldConn.peer), b.ActiveConn
			if cb == nil || cb.peer != nil {
				return
			}
			ca.peer, cb.peer = cb, ca
			n.post(cb.db, func() { cb.db.memberConnected(b) })
			n.post(ca.db, func() { ca.db.memberConnected(a) })
		})
	})
}

func (m *member) chatDB() *database { return m.group.chat.db }

// introConn is the connection to a member that the host introduced.
func (d *database) introConn(m *member, host *conn) *conn {
	if !m.pending() {
		m.MemberStatus = "intro-inv"
	}
	cn := d.memberConn(m, "new", d.net.now())
	cn.ConnLevel = host.ConnLevel + 1
	cn.ViaContact = host.member.MemberContactID
	return cn
}

// memberConnected is when the connection to another member works.
func (d *database) memberConnected(m *member) {
	if m.gone() || m.ActiveConn == nil {
		return
	}
	g := m.group
	m.ActiveConn.ready()
	ch := m.newsChat()
	it := d.connectedItem(ch, m)
	d.emitItems(ch, ch.info(), it)
	d.emit(g.user, "connectedToGroupMember", "groupInfo", g, "member", m)
	if m.MemberCategory == "pre" {
		d.probeContacts(m)
	}
	if !m.pending() {
		m.MemberStatus, m.UpdatedAt = "connected", d.net.now()
	}
	m.ActiveConn.release()
	if host := g.host(); host != nil {
		host.post(func(_ *group, by *member) { by.UpdatedAt = by.chatDB().net.now() })
	}
}
