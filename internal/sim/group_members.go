package sim

import (
	"cmp"
	"slices"
)

// memberCommands change who is in a group, and what they may do.
var memberCommands = table{
	"APIMembersRole":        {run: membersRole},
	"APIBlockMembersForAll": {run: blockMembers},
	"APIRemoveMembers":      {run: removeMembers},
	"APISetMemberSettings":  {run: setMemberSettings},
	"APIGroupMemberInfo":    {run: groupMemberInfo},
}

// someMembers are the members that a command names, by number; self is the
// error of naming the user.
func (c *call) someMembers(self string) (*group, []*member, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, nil, err
	}
	ids := c.cmd.Ints("groupMemberIds")
	if self != "" && slices.Contains(ids, g.Membership.GroupMemberID) {
		return nil, nil, commandError(self)
	}
	var ms []*member
	for _, id := range ids {
		m, err := g.member(id)
		if err != nil {
			return nil, nil, err
		}
		if slices.Contains(ms, m) { // named twice: one is missing
			return nil, nil, chatError("groupMemberNotFound")
		}
		ms = append(ms, m)
	}
	slices.SortFunc(ms, func(a, b *member) int { return cmp.Compare(a.GroupMemberID, b.GroupMemberID) })
	return g, ms, nil
}

// highest is the highest of the roles, and whether members of them are admins.
func highest(role string, ms []*member) (string, bool) {
	admins := false
	for _, m := range ms {
		admins = admins || roleRank[m.MemberRole] >= roleRank["admin"]
		if roleRank[m.MemberRole] > roleRank[role] {
			role = m.MemberRole
		}
	}
	return role, admins
}

func isPending(m *member) bool { return m.pending() }

func membersRole(c *call) (raw, error) {
	g, ms, err := c.someMembers("can't change role for self")
	if err != nil {
		return nil, err
	}
	role := c.cmd.Text("memberRole")
	required, admins := highest("admin", ms)
	if roleRank[role] > roleRank[required] {
		required = role
	}
	switch {
	case len(ms) > 1 && (admins || roleRank[role] >= roleRank["admin"]):
		return nil, commandError("can't change role of multiple members when admins selected, or new role is admin")
	case slices.ContainsFunc(ms, isPending):
		return nil, commandError("can't change role of members pending approval")
	}
	if err := g.requireRole(required); err != nil {
		return nil, err
	}
	d := c.db
	info := g.chat.info()
	changed, ms := c.reinvite(g, ms, role)
	var items []*item
	to := g.listeners()
	defer d.tellMemberProfile(g, to)()
	for _, m := range ms {
		if m.MemberRole == role {
			continue
		}
		m.MemberRole = role
		changed = append(changed, m)
		id := d.net.key(12)
		it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", Detail: tagged("memberRole",
			"groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile, "role", role)}, "changed role of "+m.LocalDisplayName+" to "+role)
		it.Meta.ItemSharedMsgID = id
		items = append(items, it)
		who, pubKey := m.MemberID, m.MemberPubKey
		g.toMembers(to, func(at *group, by *member) { at.chat.db.roleChanged(at, by, who, pubKey, role, id) })
	}
	reply, _ := c.reply("membersRoleUser", "groupInfo", encode(g), "members", changed, "toRole", role, "msgSigned", g.UseRelays)
	if len(items) > 0 {
		d.emitItems(g.chat, info, items...)
		g.touchFeature()
		g.nextRoster()
	}
	return reply, nil
}

// reinvite invites those again who did not join yet, and returns who was, and
// who is in the group.
func (c *call) reinvite(g *group, ms []*member, role string) (invited, joined []*member) {
	invited = []*member{}
	var errs []raw
	for _, m := range ms {
		if m.MemberStatus != "invited" || m.MemberRole == role {
			joined = append(joined, m)
			continue
		}
		ct := c.user.contacts[m.MemberContactID]
		err := chatError("groupCantResendInvitation", "groupInfo", g, "contactName", m.LocalDisplayName)
		if ct != nil {
			err = ct.sendable()
		}
		if err != nil {
			errs = append(errs, err.(*apiError).body)
			continue
		}
		m.MemberRole = role
		c.db.invite(g, m, ct)
		invited = append(invited, m)
	}
	if len(errs) > 0 {
		c.db.event(result("chatErrors", "chatErrors", errs))
	}
	return invited, joined
}

// roleChanged is when a member changed a role.
func (d *database) roleChanged(g *group, by *member, memberID, pubKey, role, id string) {
	if g.RosterVersion != nil && g.Membership.MemberID != memberID {
		d.rosterRole(g, by, memberID, pubKey, role)
		return
	}
	m := g.byMemberID(memberID)
	if g.Membership.MemberID == memberID {
		m = g.Membership
	}
	if m == nil {
		d.messageError(g.user, "x.grp.mem.role with unknown member ID")
		return
	}
	from := m.MemberRole
	m.MemberRole = role
	before := encode(g)
	var it *item
	if m == g.Membership {
		it = d.eventItem(g, by, tagged("userRole", "role", role), "changed your role to "+role, id)
		d.unread(it)
	} else {
		it = d.eventItem(g, by, tagged("memberRole", "groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile, "role", role),
			"changed role of "+m.LocalDisplayName+" to "+role, id)
	}
	d.emitItems(g.chat, g.chat.info(), it)
	d.emit(g.user, "memberRole", "groupInfo", before, "byMember", by, "member", m, "fromRole", from, "toRole", role, "msgSigned", g.signed())
	g.nextRoster()
}

// unread makes an item about something that happened one that is to be read.
func (d *database) unread(it *item) {
	it.Meta.ItemStatus = rcvNew
	it.chat.unread++
	it.chat.touch(it.Meta.CreatedAt)
}

func blockMembers(c *call) (raw, error) {
	g, ms, err := c.someMembers("can't block/unblock self")
	if err != nil {
		return nil, err
	}
	required, admins := highest("moderator", ms)
	switch {
	case len(ms) > 1 && admins:
		return nil, commandError("can't block/unblock multiple members when admins selected")
	case slices.ContainsFunc(ms, isPending):
		return nil, commandError("can't block/unblock members pending approval")
	}
	if err := g.requireRole(required); err != nil {
		return nil, err
	}
	d := c.db
	blocked := c.cmd.On("blocked", false)
	verb := map[bool]string{true: "blocked ", false: "unblocked "}[blocked]
	info := g.chat.info()
	var items []*item
	for _, m := range ms {
		m.BlockedByAdmin = blocked
		id := d.net.key(12)
		event := func(m *member) raw {
			return tagged("memberBlocked", "groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile, "blocked", blocked)
		}
		it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", Detail: event(m)}, verb+m.LocalDisplayName)
		it.Meta.ItemSharedMsgID = id
		items = append(items, it)
		who := m.MemberID
		for _, x := range g.active() {
			if slices.Contains(ms, x) {
				continue // is not told
			}
			x.post(func(at *group, by *member) {
				b := at.byMemberID(who)
				if b == nil || b.BlockedByAdmin == blocked {
					return
				}
				b.BlockedByAdmin = blocked
				p := at.chat.db
				p.emitItems(at.chat, at.chat.info(), p.eventItem(at, by, event(b), verb+b.LocalDisplayName, id))
				p.emit(at.user, "memberBlockedForAll", "groupInfo", at, "byMember", by, "member", b, "blocked", blocked, "msgSigned", at.signed())
				b.UpdatedAt = p.net.now()
			})
		}
	}
	reply, _ := c.reply("membersBlockedForAllUser", "groupInfo", encode(g), "members", ms, "blocked", blocked, "msgSigned", g.UseRelays)
	d.emitItems(g.chat, info, items...)
	g.touchFeature()
	for _, m := range ms {
		m.UpdatedAt = d.net.now()
	}
	return reply, nil
}

func setMemberSettings(c *call) (raw, error) {
	var s struct{ ShowMessages *bool }
	if c.decode("settings", &s) != nil || s.ShowMessages == nil {
		return nil, errSyntax
	}
	m, err := c.memberAlone()
	if err != nil {
		return nil, err
	}
	m.MemberSettings.ShowMessages = *s.ShowMessages
	return c.done()
}

// memberAlone finds a member for commands that do not look for the group.
func (c *call) memberAlone() (*member, error) {
	id := c.cmd.Int("groupMemberId")
	if g := c.user.groups[c.cmd.Int("groupId")]; g != nil && g.members[id] != nil {
		return g.members[id], nil
	}
	return nil, storeError("groupMemberNotFound", "groupMemberId", id)
}

// memberWithConn is memberAlone with a connection.
func (c *call) memberWithConn() (*member, error) {
	m, err := c.memberAlone()
	if err == nil && m.ActiveConn == nil {
		err = chatError("groupMemberNotActive")
	}
	return m, err
}

// storedMember is member with the error of the database.
func (g *group) storedMember(id int64) (*member, error) {
	if m := g.members[id]; m != nil {
		return m, nil
	}
	return nil, storeError("groupMemberNotFound", "groupMemberId", id)
}

// groupMember finds the group and the member that a command names.
func (c *call) groupMember() (*group, *member, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, nil, err
	}
	m, err := g.storedMember(c.cmd.Int("groupMemberId"))
	return g, m, err
}

func groupMemberInfo(c *call) (raw, error) {
	g, m, err := c.groupMember()
	if err != nil {
		return nil, err
	}
	return c.reply("groupMemberInfo", "groupInfo", g, "member", m, "memberConnectionStats_", connectionStats(m.ActiveConn))
}
