package sim

// admissionCommands let members in who wait for a review.
var admissionCommands = table{
	"APIAcceptMember": {run: acceptMember},
}

// firstStatus is the status of somebody who joins by the group's link.
func (g *group) firstStatus() string {
	if a := g.GroupProfile.MemberAdmission; a != nil && a.Review == "all" {
		return "pending_review"
	}
	return "accepted"
}

// pending tells whether the member waits for a review.
func (m *member) pending() bool { return m.MemberStatus == "pending_review" }

// newsChat is the chat that tells what happens to a member: while one of the
// two waits for a review, it is the support chat.
func (m *member) newsChat() *chat {
	if m.pending() {
		return m.group.supportOf(m)
	}
	return m.group.ownChat()
}

// ownChat is the chat that tells what the user does: the one with the moderators
// for who waits for a review.
func (g *group) ownChat() *chat {
	if g.Membership.pending() {
		return g.supportOf(nil)
	}
	return g.chat
}

// pendingJoined is when somebody is in the waiting room: the moderators are told.
func (d *database) pendingJoined(m *member) {
	g := m.group
	ch := m.newsChat()
	it := d.connectedItem(ch, m)
	d.emitItems(ch, ch.info(), it)
	news := d.toReview(m, m)
	d.emit(g.user, "joinedGroupMember", "groupInfo", g, "member", m)
	ch.toRead(news, true)
	m.UpdatedAt = d.net.now()
	var moderators []*member
	for _, x := range g.others(m) {
		if roleRank[x.MemberRole] >= roleRank["moderator"] {
			moderators = append(moderators, x)
		}
	}
	m.post(func(to *group, by *member) { to.chat.db.toldToWait(to, by) })
	d.introduce(m, moderators)
}

// toReview adds the item by which the host asks moderators for a review, unread
// but not counted yet; the user is the host where the member itself says it.
func (d *database) toReview(m, by *member) *item {
	ch := m.newsChat()
	info := ch.info()
	it := d.groupItem(ch, by.from(), content{Type: "rcvGroupEvent", Detail: tagged("newMemberPendingReview")}, "new member wants to join the group")
	it.author = by
	it.Meta.ItemStatus = rcvNew
	if by != m {
		it.Meta.ItemTs = it.Meta.CreatedAt.second()
	}
	d.emitItems(ch, info, it)
	return it
}

// toRead counts an item that is to be read.
func (ch *chat) toRead(it *item, attention bool) {
	ch.unread++
	ch.support.Unread++
	if attention {
		ch.support.MemberAttention++
	}
	ch.touch(it.Meta.CreatedAt)
}

// pendingAdded is when a moderator learns of somebody in the waiting room.
func (d *database) pendingAdded(g *group, by *member, n introduced, id string) {
	m := d.addIntroduced(g, n, "post", "pending_review")
	m.InvitedByGroupMemberID = by.GroupMemberID
	ch := m.newsChat()
	it := d.groupItem(ch, by.from(), content{Type: "rcvGroupEvent", Detail: tagged("memberAdded",
		"groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile)}, "added "+n.profile.DisplayName)
	it.author = by
	it.Meta.ItemTs, it.Meta.ItemSharedMsgID = it.Meta.CreatedAt.second(), id
	d.emitItems(ch, ch.info(), it)
	news := d.toReview(m, by)
	d.emit(g.user, "joinedGroupMemberConnecting", "groupInfo", g, "hostMember", by, "member", m)
	ch.toRead(news, false)
}

// toldToWait is when the user learns that moderators will look.
func (d *database) toldToWait(g *group, by *member) {
	ch := g.supportOf(nil)
	it := d.groupItem(ch, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", Detail: tagged("userPendingReview")},
		"please wait for group moderators to review your request to join the group")
	d.emitItems(ch, ch.info(), it)
	d.emit(g.user, "memberAcceptedByOther", "groupInfo", g, "acceptingMember", by, "member", g.Membership)
}

func acceptMember(c *call) (raw, error) {
	g, m, err := c.groupMember()
	if err != nil {
		return nil, err
	}
	if err := g.requireRole("moderator"); err != nil {
		return nil, err
	}
	if !m.pending() {
		return nil, commandError("member should be pending approval and invitee, or pending review and not invitee")
	}
	d := c.db
	shown := encode(g)
	m.MemberStatus, m.MemberRole, m.UpdatedAt = "connected", c.cmd.Text("memberRole"), d.net.now()
	it := d.connectedItem(g.chat, m)
	d.emitItems(g.chat, g.chat.infoWith(shown), it)
	reply, _ := c.reply("memberAccepted", "groupInfo", shown, "member", m)
	ch := g.supportOf(m)
	note := d.groupItem(ch, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", Detail: tagged("memberAccepted",
		"groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile)}, "you accepted this member")
	d.emitItems(ch, ch.infoWith(shown), note)
	who, role, id := m.MemberID, m.MemberRole, d.net.key(12)
	var others []*member
	for _, x := range g.others(m) {
		x.post(func(to *group, by *member) { to.chat.db.memberAccepted(to, by, who, role, id) })
		if roleRank[x.MemberRole] < roleRank["moderator"] {
			others = append(others, x)
		}
	}
	m.post(func(to *group, by *member) { to.chat.db.admitted(to, by, role) })
	d.introduce(m, others)
	d.sendHistory(g, m)
	return reply, nil
}

// memberAccepted is when another moderator let somebody in.
func (d *database) memberAccepted(g *group, by *member, memberID, role, id string) {
	m := g.byMemberID(memberID)
	if m == nil || !m.pending() {
		return
	}
	count := g.currentMembers()
	m.MemberStatus, m.MemberRole, m.UpdatedAt = "connected", role, d.net.now()
	g.shownCount = &count
	defer func() { g.shownCount = nil }()
	it := d.connectedItem(g.chat, m)
	d.emitItems(g.chat, g.chat.info(), it)
	ch := g.supportOf(m)
	note := d.groupItem(ch, by.from(), content{Type: "rcvGroupEvent", Detail: tagged("memberAccepted",
		"groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile)}, "accepted "+m.LocalDisplayName)
	note.author = by
	note.Meta.ItemTs, note.Meta.ItemSharedMsgID = note.Meta.CreatedAt.second(), id
	d.emitItems(ch, ch.info(), note)
	d.emit(g.user, "memberAcceptedByOther", "groupInfo", g, "acceptingMember", by, "member", m)
}

// admitted is when the user was let in.
func (d *database) admitted(g *group, by *member, role string) {
	if !g.Membership.pending() {
		return
	}
	count := g.currentMembers()
	g.Membership.MemberStatus, g.Membership.MemberRole, g.Membership.UpdatedAt = "connected", role, d.net.now()
	g.shownCount = &count
	defer func() { g.shownCount = nil }()
	d.groupBegins(g.chat, by)
	d.description(g, by)
	for _, ch := range []*chat{g.chat, g.supportOf(nil)} {
		it := d.groupItem(ch, by.from(), content{Type: "rcvGroupEvent", Detail: tagged("userAccepted")}, "accepted you")
		it.author = by
		d.emitItems(ch, ch.info(), it)
	}
	d.emit(g.user, "userJoinedGroup", "groupInfo", g, "hostMember", by)
}
