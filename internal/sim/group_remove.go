package sim

func removeMembers(c *call) (raw, error) {
	g, ms, err := c.someMembers()
	if err != nil {
		return nil, err
	}
	required := "admin"
	for _, m := range ms {
		if roleRank[m.MemberRole] > roleRank[required] {
			required = m.MemberRole
		}
	}
	if err := g.requireRole(required); err != nil {
		return nil, err
	}
	d := c.db
	messages := c.cmd.On("withMessages", false)
	var items []*item
	var conns []*conn
	var news []func() // of members who waited for a review
	for _, m := range ms {
		invited := m.MemberStatus == "invited"
		was := m.gone()
		id := d.net.key(12)
		who := m.MemberID
		if !invited {
			to := g.active()
			if m.pending() && m.reachable() {
				to = append(to, m)
			}
			g.toMembers(to, func(at *group, by *member) { at.chat.db.memberRemoved(at, by, who, id, messages) })
		}
		ch, scope := m.newsChat(), raw(nil)
		if ch.support != nil {
			scope = ch.support.scope()
		}
		m.MemberStatus = "removed"
		if messages {
			d.forgetMessages(g, m)
		}
		if !invited && !was {
			it := d.groupItem(ch, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", SndGroupEvent: tagged("memberDeleted",
				"groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile)}, "removed "+m.LocalDisplayName)
			it.Meta.ItemSharedMsgID = id
			if scope == nil {
				items = append(items, it)
			} else {
				news = append(news, func() {
					d.emitItems(ch, tagged("group", "groupInfo", g, "groupChatScope", scope), it)
				})
			}
		}
		if m.ActiveConn != nil {
			conns = append(conns, m.ActiveConn)
		}
	}
	if len(items) > 0 {
		g.touchFeature()
	}
	info := g.chat.info()
	reply, _ := c.reply("userDeletedMembers", "groupInfo", encode(g), "members", ms, "withMessages", messages, "msgSigned", false)
	if len(items) > 0 {
		d.emitItems(g.chat, info, items...)
	}
	for _, tell := range news {
		tell()
	}
	for _, m := range ms {
		m.ActiveConn = nil
		m.UpdatedAt = d.net.now()
		if m.MemberCategory == "invitee" && len(items) == 0 && !m.gone() {
			delete(g.members, m.GroupMemberID)
		}
	}
	d.deleteConns(c.user, conns)
	return reply, nil
}

// forgetMessages removes what a member wrote.
func (d *database) forgetMessages(g *group, m *member) {
	for _, it := range append([]*item(nil), g.chat.items...) {
		if it.member != m {
			continue
		}
		if g.allows("fullDelete", g.Membership) {
			g.chat.remove(it)
			continue
		}
		at := d.net.now()
		it.Meta.ItemDeleted = &itemDeleted{Type: "moderated", DeletedTs: &at, ByMember: encode(g.Membership)}
	}
}

// memberRemoved is when a member removed another one, or the user.
func (d *database) memberRemoved(g *group, by *member, memberID, id string, messages bool) {
	if g.Membership.MemberID == memberID {
		ch, count := g.chat, g.currentMembers()
		if g.Membership.pending() {
			ch = g.supportOf(nil)
		}
		shown := g.endedAs("removed")
		it := d.eventItemIn(ch, by, tagged("userDeleted"), "removed you", id)
		if ch.support == nil {
			shown = g.endedAs("removed")
			d.unread(it)
		} else {
			it.Meta.ItemStatus.Type = "rcvNew"
			ch.toRead(it, false)
			g.Membership.MemberStatus, g.shownCount = "removed", &count
		}
		d.emitItems(ch, ch.info(), it)
		g.Membership.MemberStatus, g.shownCount = "removed", nil
		d.emit(g.user, "deletedMemberUser", "groupInfo", shown, "member", by, "withMessages", messages)
		g.Membership.UpdatedAt = d.net.now()
		d.closeGroup(g)
		return
	}
	m := g.byMemberID(memberID)
	if m == nil {
		return
	}
	if m.gone() {
		d.emit(g.user, "deletedMember", "groupInfo", g, "byMember", by, "deletedMember", m, "withMessages", messages)
		if cn := m.ActiveConn; cn != nil {
			d.queuesDeleted([]string{cn.AgentConnID}, false)
		}
		return
	}
	if messages {
		d.forgetMessages(g, m)
	}
	it := d.eventItem(g, by, tagged("memberDeleted", "groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile), "removed "+m.LocalDisplayName, id)
	if m.pending() {
		m.MemberStatus = "removed"
	}
	info := encode(g)
	d.emitItems(g.chat, tagged("group", "groupInfo", info), it)
	m.MemberStatus = "removed"
	d.emit(g.user, "deletedMember", "groupInfo", info, "byMember", by, "deletedMember", m, "withMessages", messages)
	m.UpdatedAt = d.net.now()
	d.dropConn(m)
}

// endedAs is the group as it is told that the user is no member any more: the
// user is still counted.
func (g *group) endedAs(status string) raw {
	count, was := g.currentMembers(), g.Membership.MemberStatus
	g.shownCount, g.Membership.MemberStatus = &count, status
	defer func() { g.shownCount, g.Membership.MemberStatus = nil, was }()
	return encode(g)
}

// dropConn ends the connection to a member; it stays to be seen.
func (d *database) dropConn(m *member) {
	if cn := m.ActiveConn; cn != nil && !cn.deleted {
		cn.deleted = true
		d.queuesDeleted([]string{cn.AgentConnID}, true)
		cn.status("deleted")
	}
}

// closeGroup ends all connections of a group that the user is no member of.
func (d *database) closeGroup(g *group) {
	var ids, old []string
	for _, m := range membersByID(g.members) {
		cn := m.ActiveConn
		switch {
		case cn == nil || cn.forgotten:
		case cn.deleted:
			cn.forgotten = true
			old = append(old, cn.AgentConnID)
		default:
			cn.deleted, cn.forgotten = true, true
			cn.status("deleted")
			ids = append(ids, cn.AgentConnID)
		}
	}
	d.queuesDeleted(old, false)
	if g.link != nil {
		d.net.unlink(g.link.link)
		ids = append(ids, g.link.agentConnID)
		d.free("link", g.link.UserContactLinkID)
		d.free("conn", g.link.connID)
		g.link = nil
	}
	d.queuesDeleted(ids, true)
}

func leaveGroup(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	d := c.db
	id := d.net.key(12)
	g.toMembers(g.active(), func(at *group, by *member) { at.chat.db.memberLeft(at, by, id) })
	before := g.chat.info()
	it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", SndGroupEvent: tagged("userLeft")}, "left")
	it.Meta.ItemSharedMsgID = id
	d.emitItems(g.chat, before, it)
	reply, _ := c.reply("leftMemberUser", "groupInfo", g.endedAs("left"))
	g.Membership.MemberStatus = "left"
	g.Membership.UpdatedAt = d.net.now()
	g.touchFeature()
	d.closeGroup(g)
	return reply, nil
}

func (d *database) memberLeft(g *group, m *member, id string) {
	info := g.chat.info()
	it := d.eventItem(g, m, tagged("memberLeft"), "left", id)
	shown := encode(g)
	d.emitItems(g.chat, info, it)
	m.MemberStatus = "left"
	d.emit(g.user, "leftMember", "groupInfo", shown, "member", m)
	d.dropConn(m)
}

// deleteGroup deletes a group here; an owner deletes it for everybody.
func (c *call) deleteGroup(g *group) (raw, error) {
	d := c.db
	if c.cmd.Text("mode") == "messages" {
		for _, it := range append([]*item(nil), g.chat.items...) {
			g.chat.remove(it)
		}
		return c.reply("groupDeletedUser", "groupInfo", g, "msgSigned", false)
	}
	if g.Membership.current() {
		id := d.net.key(12)
		if g.Membership.MemberRole == "owner" {
			g.toMembers(g.active(), func(at *group, by *member) { at.chat.db.groupDeleted(at, by, id) })
		} else {
			g.toMembers(g.active(), func(at *group, by *member) { at.chat.db.memberLeft(at, by, id) })
		}
	}
	reply, _ := c.reply("groupDeletedUser", "groupInfo", encode(g), "msgSigned", false)
	d.closeGroup(g)
	d.forgetGroup(g)
	return reply, nil
}

// groupDeleted is when an owner deleted the group.
func (d *database) groupDeleted(g *group, by *member, id string) {
	it := d.eventItem(g, by, tagged("groupDeleted"), "deleted group", id)
	shown := g.endedAs("deleted")
	d.unread(it)
	d.emitItems(g.chat, g.chat.info(), it)
	g.Membership.MemberStatus = "deleted"
	d.emit(g.user, "groupDeleted", "groupInfo", shown, "member", by)
	g.Membership.UpdatedAt = d.net.now()
	d.closeGroup(g)
}

// forgetGroup removes a group and what belongs to it.
func (d *database) forgetGroup(g *group) {
	for _, it := range append([]*item(nil), g.chat.items...) {
		g.chat.remove(it)
	}
	for _, m := range g.members {
		if m.ActiveConn != nil {
			d.forgetConn(m.ActiveConn)
		}
		if m.MemberContactID == 0 {
			d.free("profile", m.MemberContactProfileID)
			delete(g.user.names, m.LocalDisplayName)
		}
		d.free("member", m.GroupMemberID)
	}
	d.free("member", g.Membership.GroupMemberID)
	delete(g.user.names, g.LocalDisplayName)
	delete(g.user.groups, g.GroupID)
	d.free("group", g.GroupID)
}
