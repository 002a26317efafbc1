package sim

// authorID is who wrote an item, as the whole group knows them.
func (it *item) authorID() string {
	if it.chat.group == nil {
		return ""
	}
	if it.member != nil {
		return it.member.MemberID
	}
	return it.chat.group.Membership.MemberID
}

// groupMessages stores messages of a member, tells of each, and sends one
// receipt for all.
func (d *database) groupMessages(m *member, scope string, msgs []message) {
	g := m.group
	ch := g.chatOf(scope)
	if ch == nil {
		return
	}
	if ch.support == nil && !g.mayWrite(m) {
		d.messageError(g.user, "member is not allowed to send messages")
		d.sendGroupReceipt(m, msgs)
		return
	}
	for _, w := range msgs {
		if d.refusesFile(w.file) {
			continue
		}
		unseen := m.BlockedByAdmin && g.FullGroupPreferences.FullDelete.Enable == "on"
		if unseen { // nothing of it is kept
			w.content, w.mentions, w.file, w.live = msgContent{}, nil, nil, false
		}
		it := d.receivedInGroup(ch, m, w)
		if unseen {
			it.blank("rcvBlocked", "blocked by admin")
		}
		d.emitItems(ch, nil, it)
		if it.blocked {
			it.Meta.UpdatedAt = *it.Meta.ItemDeleted.DeletedTs
		}
		d.offered(it, w.file)
	}
	d.sendGroupReceipt(m, msgs)
}

// sendGroupReceipt tells the member that the messages came, whether they were
// taken or not.
func (d *database) sendGroupReceipt(m *member, msgs []message) {
	g := m.group
	if g.via != nil || !g.small() || !g.sendsReceipts() {
		return
	}
	ids := make([]string, len(msgs))
	for i, w := range msgs {
		ids[i] = w.sharedID
	}
	m.post(func(to *group, from *member) { to.chat.db.groupReceipt(to, from, ids) })
}

// mayWrite tells whether a member may write to all.
func (g *group) mayWrite(m *member) bool { return roleRank[m.MemberRole] >= roleRank["author"] }

const smallGroup = 20 // members, the user too, up to which receipts are sent

// small tells whether receipts are sent: those who left do not count.
func (g *group) small() bool {
	others := 0
	for _, m := range g.members {
		if m.counted() {
			if others++; others == smallGroup {
				return false
			}
		}
	}
	return true
}

func (g *group) sendsReceipts() bool {
	if g.ChatSettings.SendRcpts != nil {
		return *g.ChatSettings.SendRcpts
	}
	return g.user.SendRcptsSmallGroups
}

func (d *database) groupReceipt(g *group, m *member, ids []string) {
	var items []*item
	for _, id := range ids {
		if it := g.shared(id); it != nil {
			items = append(items, it)
		}
	}
	if len(items) > 0 {
		d.delivered(items[0].chat, items, m, "sndRcvd")
	}
}

// shared finds an item of any chat of the group.
func (g *group) shared(id string) *item {
	if it := g.chat.shared[id]; it != nil {
		return it
	}
	for _, ch := range g.supports {
		if it := ch.shared[id]; it != nil {
			return it
		}
	}
	return nil
}

// receivedInGroup stores a message of a member.
func (d *database) receivedInGroup(ch *chat, m *member, w message) *item {
	mine := ch.group.Membership.MemberID
	refs := map[string]mention{}
	mentioned := false
	for name, id := range w.mentions {
		refs[name] = mention{MemberID: id}
		switch x := ch.group.byMemberID(id); {
		case id == mine:
			refs[name] = ch.group.Membership.mentioned()
			mentioned = true
		case x != nil:
			refs[name] = x.mentioned()
		}
	}
	if w.quote != nil && w.quote.memberID == mine {
		mentioned = true
	}
	hidden := !m.MemberSettings.ShowMessages // the user blocked the member
	if hidden {
		refs, mentioned = map[string]mention{}, false
	}
	w.userMention, w.author = mentioned, m
	dir := m.from()
	if w.asGroup && ch.group.UseRelays {
		dir, w.author = direction{Type: "channelRcv"}, nil
	}
	it := d.received(ch, dir, w)
	it.member = m
	it.Meta.ShowGroupAsSender = w.asGroup && ch.group.UseRelays
	it.forwarded()
	it.Mentions = refs
	if w.quote != nil {
		it.Quoted = ch.quoteFrom(w.quote, func(bool) direction { return ch.directionOf(w.quote.memberID) })
	}
	kind := "blockedByAdmin"
	if !m.BlockedByAdmin {
		kind = "blocked"
	}
	if m.BlockedByAdmin || hidden {
		at := d.net.now()
		it.blocked = true
		it.Meta.ItemDeleted = &itemDeleted{Type: kind, DeletedTs: &at}
	}
	return it
}

// directionOf is who wrote something, as it is shown here.
func (ch *chat) directionOf(memberID string) direction {
	if memberID == ch.group.Membership.MemberID {
		return direction{Type: "groupSnd"}
	}
	if m := ch.group.byMemberID(memberID); m != nil {
		return m.stored()
	}
	return direction{Type: "groupRcv"}
}
