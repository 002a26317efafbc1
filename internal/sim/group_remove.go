package sim

import (
	"cmp"
	"slices"
)

func removeMembers(c *call) (raw, error) {
	g, ms, err := c.someMembers("")
	if err != nil {
		return nil, err
	}
	required, admins := highest("admin", ms)
	if len(ms) > 1 && admins {
		return nil, commandError("can't remove multiple members when admins selected")
	}
	slices.Reverse(ms) // the core takes the last one first,
	slices.SortStableFunc(ms, func(a, b *member) int { return cmp.Compare(a.removedAs(), b.removedAs()) })
	if err := g.requireRole(required); err != nil {
		return nil, err
	}
	d := c.db
	messages := c.cmd.On("withMessages", false)
	var items []*item
	var conns []*conn
	var invitees []*member // who never joined
	var news []func()      // of members who waited for a review
	defer d.tellMemberProfile(g, g.listeners())()
	for _, m := range ms {
		invited := m.MemberStatus == "invited"
		was := m.gone()
		id := d.net.key(12)
		who := m.MemberID
		if invited {
			invitees = append(invitees, m)
		} else {
			to := g.listeners()
			if m.pending() { // only moderators know of it
				to = append(g.moderators(), m)
			}
			g.toMembers(to, func(at *group, by *member) { at.chat.db.memberRemoved(at, by, who, id, messages) })
		}
		ch, scope := m.newsChat(), raw(nil)
		if ch.support != nil {
			scope = ch.support.scope()
		}
		m.MemberStatus = "removed"
		if messages {
			d.forgetMessages(m, g.Membership)
		}
		if !invited && !was {
			it := d.groupItem(ch, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", Detail: tagged("memberDeleted",
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
	reply, _ := c.reply("userDeletedMembers", "groupInfo", encode(g), "members", ms, "withMessages", messages, "msgSigned", g.UseRelays)
	if len(items) > 0 {
		d.emitItems(g.chat, info, items...)
	}
	for _, tell := range news {
		tell()
	}
	for _, m := range ms {
		m.ActiveConn = nil
		m.UpdatedAt = d.net.now()
	}
	d.deleteConns(c.user, conns)
	for _, m := range invitees {
		delete(g.members, m.GroupMemberID)
		d.free("member", m.GroupMemberID)
	}
	return reply, nil
}

// removedAs is the rank of a member among those that are removed together:
// first who was only invited, last who waits for a review.
func (m *member) removedAs() int {
	switch {
	case m.MemberStatus == "invited":
		return 0
	case m.pending():
		return 2
	}
	return 1
}

// forgetMessages marks what a member wrote who was removed by another one, or by
// the user; the user may be that member. Where full delete is on, it is gone;
// version 7.0 leaves no mark then.
func (d *database) forgetMessages(m, by *member) {
	g := m.group
	for _, ch := range append([]*chat{g.chat}, g.supports...) {
		for _, it := range slices.Clone(ch.items) {
			if it.message() && it.authorID() == m.MemberID {
				d.forgetMessage(it, by)
			}
		}
	}
}

func (d *database) forgetMessage(it *item, by *member) {
	full := it.chat.group.allows("fullDelete", by)
	if full && d.v7 {
		it.chat.remove(it)
		return
	}
	if full {
		it.moderate()
		it.abandonFile()
		it.strip()
	}
	at := d.net.now()
	it.Meta.ItemDeleted = &itemDeleted{Type: "moderated", DeletedTs: &at, ByMember: by.stored().Member}
}

// memberRemoved is when a member removed another one, or the user.
func (d *database) memberRemoved(g *group, by *member, memberID, id string, messages bool) {
	if g.Membership.MemberID == memberID {
		if messages {
			d.forgetMessages(g.Membership, by)
		}
		ch, count := g.ownChat(), g.currentMembers()
		shown := g.endedAs("removed")
		it := d.eventItemIn(ch, by, tagged("userDeleted"), "removed you", id)
		if ch.support == nil {
			shown = g.endedAs("removed")
			d.unread(it)
		} else {
			it.Meta.ItemStatus = rcvNew
			ch.toRead(it, false)
			g.Membership.MemberStatus, g.shownCount = "removed", &count
			g.Membership.UpdatedAt = d.net.now()
		}
		d.emitItems(ch, ch.info(), it)
		g.Membership.MemberStatus, g.shownCount = "removed", nil
		d.emit(g.user, "deletedMemberUser", "groupInfo", shown, "member", by, "withMessages", messages, "msgSigned", g.signed())
		g.Membership.UpdatedAt = d.net.now()
		d.closeGroup(g)
		return
	}
	m := g.byMemberID(memberID)
	if m == nil {
		d.messageError(g.user, "x.grp.mem.del with unknown member ID")
		return
	}
	if m.gone() {
		d.emit(g.user, "deletedMember", "groupInfo", g, "byMember", by, "deletedMember", m, "withMessages", messages, "msgSigned", g.signed())
		if cn := m.ActiveConn; cn != nil {
			d.queuesDeleted([]string{cn.AgentConnID}, false)
		}
		return
	}
	if messages {
		d.forgetMessages(m, by)
	}
	it := d.eventItem(g, by, tagged("memberDeleted", "groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile), "removed "+m.LocalDisplayName, id)
	if m.pending() {
		m.MemberStatus = "removed"
	}
	info := encode(g)
	d.emitItems(g.chat, tagged("group", "groupInfo", info), it)
	m.MemberStatus = "removed"
	d.emit(g.user, "deletedMember", "groupInfo", info, "byMember", by, "deletedMember", m, "withMessages", messages, "msgSigned", g.signed())
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
		if g.UseRelays {
			d.queuesDeleted([]string{g.link.agentConnID}, true)
		} else {
			ids = append(ids, g.link.agentConnID)
		}
		d.free("link", g.link.UserContactLinkID)
		d.free("conn", g.link.connID)
		g.link = nil
	}
	d.queuesDeleted(ids, true)
}
