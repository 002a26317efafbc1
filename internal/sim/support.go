package sim

// supportChat finds or makes the support chat of a member; 0 is the user's own.
func (g *group) supportChat(id int64) (*chat, error) {
	m := g.Membership
	var of *member
	if id != 0 {
		var err error
		if of, err = g.storedMember(id); err != nil {
			return nil, err
		}
		m = of
	}
	if m.SupportChat == nil || m.SupportChat.chat == nil {
		ch := newChat(g.chat.db, g.user)
		ch.group = g
		ch.support = &supportChat{ChatTs: g.chat.db.net.now(), chat: ch, member: of}
		m.SupportChat = ch.support
		g.supports = append(g.supports, ch)
	}
	return m.SupportChat.chat, nil
}

// chatOf is the chat that a message of a scope belongs to.
func (g *group) chatOf(scope string) *chat {
	switch {
	case scope == "":
		return g.chat
	case scope == g.Membership.MemberID:
		ch, _ := g.supportChat(0)
		return ch
	}
	m := g.byMemberID(scope)
	if m == nil {
		return nil
	}
	ch, _ := g.supportChat(m.GroupMemberID)
	return ch
}

// openReports counts the reports that were not archived.
func (g *group) openReports() int {
	n := 0
	for _, it := range g.chat.items {
		if it.msg.typ == "report" && it.Meta.ItemDeleted == nil {
			n++
		}
	}
	return n
}
