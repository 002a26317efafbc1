package sim

// memberCommands change who is in a group, and what they may do.
var memberCommands = table{
	"APIMembersRole":        {run: membersRole},
	"APIBlockMembersForAll": {run: blockMembers},
	"APIRemoveMembers":      {run: removeMembers},
	"APISetMemberSettings":  {run: setMemberSettings},
	"APIGroupMemberInfo":    {run: groupMemberInfo},
}

// someMembers are the members that a command names.
func (c *call) someMembers() (*group, []*member, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, nil, err
	}
	var ms []*member
	for _, id := range c.cmd.Ints("groupMemberIds") {
		m, err := g.member(id)
		if err != nil {
			return nil, nil, err
		}
		ms = append(ms, m)
	}
	return g, ms, nil
}

func membersRole(c *call) (raw, error) {
	g, ms, err := c.someMembers()
	if err != nil {
		return nil, err
	}
	role := c.cmd.Text("memberRole")
	required := "admin"
	admins := false
	for _, m := range ms {
		admins = admins || roleRank[m.MemberRole] >= roleRank["admin"]
		if roleRank[m.MemberRole] > roleRank[required] {
			required = m.MemberRole
		}
	}
	if roleRank[role] > roleRank[required] {
		required = role
	}
	if len(ms) > 1 && (admins || roleRank[role] >= roleRank["admin"]) {
		return nil, commandError("can't change role of multiple members when admins selected, or new role is admin")
	}
	if err := g.requireRole(required); err != nil {
		return nil, err
	}
	d := c.db
	changed := []*member{}
	info := g.chat.info()
	var items []*item
	to := g.active()
	for _, m := range ms {
		if m.MemberRole == role {
			continue
		}
		m.MemberRole = role
		changed = append(changed, m)
		if m.MemberStatus == "invited" {
			continue
		}
		id := d.net.key(12)
		it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", SndGroupEvent: tagged("memberRole",
			"groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile, "role", role)}, "changed role of "+m.LocalDisplayName+" to "+role)
		it.Meta.ItemSharedMsgID = id
		items = append(items, it)
		who := m.MemberID
		g.toMembers(to, func(at *group, by *member) { at.chat.db.roleChanged(at, by, who, role, id) })
	}
	reply, _ := c.reply("membersRoleUser", "groupInfo", encode(g), "members", changed, "toRole", role, "msgSigned", false)
	if len(items) > 0 {
		d.emitItems(g.chat, info, items...)
		g.touchFeature()
	}
	return reply, nil
}

// roleChanged is when a member changed a role.
func (d *database) roleChanged(g *group, by *member, memberID, role, id string) {
	before := encode(g)
	m := g.byMemberID(memberID)
	if g.Membership.MemberID == memberID {
		m = g.Membership
	}
	if m == nil {
		return
	}
	from := m.MemberRole
	m.MemberRole = role
	var it *item
	if m == g.Membership {
		before = encode(g)
		it = d.eventItem(g, by, tagged("userRole", "role", role), "changed your role to "+role, id)
		d.unread(it)
	} else {
		before = encode(g)
		it = d.eventItem(g, by, tagged("memberRole", "groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile, "role", role),
			"changed role of "+m.LocalDisplayName+" to "+role, id)
	}
	d.emitItems(g.chat, g.chat.info(), it)
	d.emit(g.user, "memberRole", "groupInfo", before, "byMember", by, "member", m, "fromRole", from, "toRole", role)
}

// unread makes an item about something that happened one that is to be read.
func (d *database) unread(it *item) {
	it.Meta.ItemStatus.Type = "rcvNew"
	it.chat.unread++
	it.chat.touch(it.Meta.CreatedAt)
}

func blockMembers(c *call) (raw, error) {
	g, ms, err := c.someMembers()
	if err != nil {
		return nil, err
	}
	required := "moderator"
	for _, m := range ms {
		if roleRank[m.MemberRole] > roleRank[required] {
			required = m.MemberRole
		}
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
		it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", SndGroupEvent: event(m)}, verb+m.LocalDisplayName)
		it.Meta.ItemSharedMsgID = id
		items = append(items, it)
		who := m.MemberID
		for _, x := range g.active() {
			if x == m {
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
				p.emit(at.user, "memberBlockedForAll", "groupInfo", at, "byMember", by, "member", b, "blocked", blocked)
				b.UpdatedAt = p.net.now()
			})
		}
	}
	reply, _ := c.reply("membersBlockedForAllUser", "groupInfo", encode(g), "members", ms, "blocked", blocked, "msgSigned", false)
	d.emitItems(g.chat, info, items...)
	g.touchFeature()
	for _, m := range ms {
		m.UpdatedAt = d.net.now()
	}
	return reply, nil
}

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
	info := raw(nil)
	for _, m := range ms {
		invited := m.MemberStatus == "invited"
		was := m.gone()
		id := d.net.key(12)
		who := m.MemberID
		if !invited {
			g.toMembers(g.active(), func(at *group, by *member) { at.chat.db.memberRemoved(at, by, who, id, messages) })
		}
		m.MemberStatus = "removed"
		if messages {
			d.forgetMessages(g, m)
		}
		if !invited && !was {
			it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", SndGroupEvent: tagged("memberDeleted",
				"groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile)}, "removed "+m.LocalDisplayName)
			it.Meta.ItemSharedMsgID = id
			items = append(items, it)
		}
		if m.ActiveConn != nil {
			conns = append(conns, m.ActiveConn)
		}
	}
	if len(items) > 0 {
		g.touchFeature()
	}
	info = g.chat.info()
	reply, _ := c.reply("userDeletedMembers", "groupInfo", encode(g), "members", ms, "withMessages", messages, "msgSigned", false)
	if len(items) > 0 {
		d.emitItems(g.chat, info, items...)
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
		it := d.eventItem(g, by, tagged("userDeleted"), "removed you", id)
		count := g.currentMembers()
		g.shownCount = &count
		g.Membership.MemberStatus = "removed"
		shown := encode(g)
		g.Membership.MemberStatus = "connected"
		g.shownCount = nil
		d.unread(it)
		d.emitItems(g.chat, g.chat.info(), it)
		g.Membership.MemberStatus = "removed"
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
	info := encode(g)
	d.emitItems(g.chat, tagged("group", "groupInfo", info), it)
	m.MemberStatus = "removed"
	d.emit(g.user, "deletedMember", "groupInfo", info, "byMember", by, "deletedMember", m, "withMessages", messages)
	m.UpdatedAt = d.net.now()
	d.dropConn(m)
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
	count := g.currentMembers()
	g.shownCount = &count
	g.Membership.MemberStatus = "left"
	reply, _ := c.reply("leftMemberUser", "groupInfo", encode(g))
	g.shownCount = nil
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
	d.unread(it)
	d.emitItems(g.chat, g.chat.info(), it)
	count := g.currentMembers()
	g.shownCount = &count
	defer func() { g.shownCount = nil }()
	g.Membership.MemberStatus = "deleted"
	d.emit(g.user, "groupDeleted", "groupInfo", g, "member", by)
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

func setMemberSettings(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	m, err := g.storedMember(c.cmd.Int("groupMemberId"))
	if err != nil {
		return nil, err
	}
	if err := c.decode("settings", &m.MemberSettings); err != nil {
		return nil, err
	}
	return c.done()
}

// storedMember is member with the error of the database.
func (g *group) storedMember(id int64) (*member, error) {
	if m := g.members[id]; m != nil {
		return m, nil
	}
	return nil, storeError("groupMemberNotFound", "groupMemberId", id)
}

func groupMemberInfo(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	m, err := g.storedMember(c.cmd.Int("groupMemberId"))
	if err != nil {
		return nil, err
	}
	return c.reply("groupMemberInfo", "groupInfo", g, "member", m, "memberConnectionStats_", connectionStats(m.ActiveConn))
}
