package sim

import "slices"

func leaveGroup(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	d := c.db
	for _, ch := range append([]*chat{g.chat}, g.supports...) {
		ch.abandonFiles()
	}
	id := d.net.key(12)
	g.toMembers(g.activeOrPending(), func(at *group, by *member) { at.chat.db.memberLeft(at, by, id) })
	ch := g.ownChat()
	before := ch.info()
	it := d.groupItem(ch, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", Detail: tagged("userLeft")}, "left")
	it.Meta.ItemSharedMsgID = id
	d.emitItems(ch, before, it)
	reply, _ := c.reply("leftMemberUser", "groupInfo", g.endedAs("left"))
	g.Membership.MemberStatus = "left"
	g.Membership.UpdatedAt = d.net.now()
	ch.touch(it.Meta.CreatedAt)
	d.closeGroup(g)
	return reply, nil
}

func (d *database) memberLeft(g *group, m *member, id string) {
	owned := g.ownsChannel()
	if owned {
		n := g.currentMembers() - 1
		g.shownCount = &n
		d.countPublic(g, -1)
	}
	if g.isRelay() && g.RosterVersion != nil {
		n := g.currentMembers() - 1
		g.shownCount, g.UpdatedAt = &n, d.net.now()
		g.setPublicCount(n - 1)
	}
	ch := m.newsChat()
	info := ch.info()
	it := d.eventItemIn(ch, m, tagged("memberLeft"), "left", id)
	if m.pending() { // asks for no review any more
		scope := ch.support.scope()
		m.MemberStatus = "left"
		info = tagged("group", "groupInfo", g, "groupChatScope", scope)
	}
	shown := encode(g)
	g.shownCount = nil
	d.emitItems(ch, info, it)
	m.MemberStatus = "left"
	d.emit(g.user, "leftMember", "groupInfo", shown, "member", m, "msgSigned", g.signed())
	d.dropConn(m)
	if owned {
		d.publish(g, false)
	}
}

// deleteGroup deletes a group here; an owner deletes it for everybody.
func (c *call) deleteGroup(g *group) (raw, error) {
	d := c.db
	if g.Membership.current() {
		if err := g.requireRole("owner"); err != nil {
			return nil, err
		}
		id := d.net.key(12)
		g.toMembers(g.activeOrPending(), func(at *group, by *member) { at.chat.db.groupDeleted(at, by, id) })
	}
	if g.Membership.MemberStatus == "invited" {
		d.answerInvitation(g, "rejected")
	}
	reply, _ := c.reply("groupDeletedUser", "groupInfo", encode(g), "msgSigned", g.UseRelays)
	d.closeGroup(g)
	d.forgetGroup(g)
	return reply, nil
}

// groupDeleted is when an owner deleted the group.
func (d *database) groupDeleted(g *group, by *member, id string) {
	ch := by.newsChat()
	it := d.eventItemIn(ch, by, tagged("groupDeleted"), "deleted group", id)
	shown := g.endedAs("deleted")
	if ch.support == nil {
		d.unread(it)
	} else {
		it.Meta.ItemStatus = rcvNew
		ch.toRead(it, false)
	}
	d.emitItems(ch, ch.info(), it)
	g.Membership.MemberStatus = "deleted"
	d.emit(g.user, "groupDeleted", "groupInfo", shown, "member", by, "msgSigned", g.signed())
	g.Membership.UpdatedAt = d.net.now()
	d.closeGroup(g)
}

// forgetGroup removes a group and what belongs to it.
func (d *database) forgetGroup(g *group) {
	for _, ch := range append([]*chat{g.chat}, g.supports...) {
		for _, it := range slices.Clone(ch.items) {
			ch.remove(it)
		}
	}
	for _, m := range g.members {
		d.forgetMember(m)
	}
	d.free("member", g.Membership.GroupMemberID)
	delete(g.user.names, g.LocalDisplayName)
	delete(g.user.groups, g.GroupID)
	delete(g.user.asked, g.chat.xContactID)
	d.free("group", g.GroupID)
}

// forgetMember removes a member and what belongs to it.
func (d *database) forgetMember(m *member) {
	if m.ActiveConn != nil {
		d.forgetConn(m.ActiveConn)
	}
	if m.MemberContactID == 0 {
		d.free("profile", m.MemberContactProfileID)
		delete(m.group.user.names, m.LocalDisplayName)
	}
	d.free("member", m.GroupMemberID)
	delete(m.group.members, m.GroupMemberID)
}
