package sim

// memberJoined is when the one who was invited is there.
func (d *database) memberJoined(m *member) {
	g := m.group
	m.ActiveConn.ready()
	if !m.ActiveConn.ViaGroupLink && !m.customer() {
		m.UpdatedAt = d.net.now()
	}
	if m.pending() {
		d.pendingJoined(m)
		m.ActiveConn.release()
		return
	}
	m.MemberStatus = "accepted"
	it := d.connectedItem(g.chat, m)
	m.MemberStatus = "connected"
	d.emitItems(g.chat, g.chat.info(), it)
	d.emit(g.user, "joinedGroupMember", "groupInfo", g, "member", m)
	m.UpdatedAt = d.net.now()
	if g.isRelay() {
		d.announce(m)
	} else {
		d.introduce(m, g.others(m))
	}
	d.sendHistory(g, m)
	m.ActiveConn.release()
}

// joined is when the user is in the group, or in its waiting room.
func (d *database) joined(g *group) {
	host := g.host()
	host.ActiveConn.ready()
	if host.MemberStatus = "connected"; g.viaLink == nil {
		host.UpdatedAt = d.net.now()
	}
	if !g.Membership.pending() {
		g.Membership.MemberStatus = "connected"
	}
	if g.viaLink == nil {
		g.Membership.UpdatedAt = d.net.now()
	}
	d.emit(g.user, "userJoinedGroup", "groupInfo", g, "hostMember", host)
	ch := host.newsChat()
	d.groupBegins(ch, host)
	it := d.connectedItem(ch, host)
	d.emitItems(ch, ch.info(), it)
	if !g.Membership.pending() {
		d.description(g, host)
	}
	if host.UpdatedAt = d.net.now(); !g.Membership.pending() {
		g.Membership.UpdatedAt = d.net.now()
	}
	host.ActiveConn.release()
}

// groupBegins adds the first items of a group that somebody else made.
func (d *database) groupBegins(ch *chat, host *member) {
	from := host.from()
	e2ee := d.groupE2EE(ch, from)
	var features []*item
	if p := ch.group.PreparedGroup; p == nil { // else they are there already
		features = d.featureItemsOf(ch, from)
	}
	for _, it := range append(features, e2ee) {
		it.author = host
	}
	info := ch.info()
	d.emitItems(ch, info, e2ee)
	if len(features) > 0 {
		d.emitItems(ch, info, features...)
	}
}

// connectedItem adds the item about a member who is connected now.
func (d *database) connectedItem(ch *chat, m *member) *item {
	it := d.groupItem(ch, m.from(), content{Type: "rcvGroupEvent", Detail: tagged("memberConnected")}, "connected")
	it.author = m
	return it
}
