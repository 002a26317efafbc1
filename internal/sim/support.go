package sim

import (
	"slices"
	"strings"
)

// reportCommands are about reports and support chats.
var reportCommands = table{
	"APIReportMessage":           {run: report},
	"APIArchiveReceivedReports":  {run: archiveReports},
	"APIDeleteReceivedReports":   {run: deleteReports},
	"APIDeleteMemberSupportChat": {run: deleteSupportChat},
	"ListMemberSupportChats":     {run: listSupportChats},
}

// supportChat finds or makes the support chat of a member; 0 is the user's own.
func (g *group) supportChat(id int64) (*chat, error) {
	if id == 0 {
		return g.supportOf(nil), nil
	}
	m, err := g.storedMember(id)
	if err != nil {
		return nil, err
	}
	return g.supportOf(m), nil
}

// supportOf is the support chat of a member, nil for the user's own. It shows
// in the member when something was said there.
func (g *group) supportOf(m *member) *chat {
	for _, ch := range g.supports {
		if ch.support.member == m {
			return ch
		}
	}
	ch := newChat(g.chat.db, g.user)
	ch.group = g
	ch.support = &supportChat{chat: ch, member: m}
	g.supports = append(g.supports, ch)
	return ch
}

// chatOf is the chat that a message of a scope belongs to.
func (g *group) chatOf(scope string) *chat {
	switch {
	case scope == "":
		return g.chat
	case scope == g.Membership.MemberID:
		return g.supportOf(nil)
	}
	if m := g.byMemberID(scope); m != nil {
		return g.supportOf(m)
	}
	return nil
}

// owner is the member whose support chat it is.
func (s *supportChat) owner() *member {
	if s.member != nil {
		return s.member
	}
	return s.chat.group.Membership
}

// said counts a new item of a support chat.
func (s *supportChat) said(it *item) {
	s.owner().SupportChat = s
	if s.ChatTs.isZero() {
		s.ChatTs = it.Meta.CreatedAt
	}
	if s.member != nil && it.member == s.member {
		at := it.Meta.ItemTs
		s.LastMsgFromMemberTs = &at
	}
	if s.member != nil && it.member != nil && it.member != s.member { // another moderator answered
		s.MemberAttention = 0
	}
	if it.Meta.ItemStatus.Type != "rcvNew" {
		return
	}
	s.Unread++
	if it.Meta.UserMention {
		s.Mentions++
	}
	if s.member != nil && it.member == s.member {
		s.MemberAttention++
	}
}

// read counts an item that was read.
func (s *supportChat) read(it *item) {
	s.Unread = max(s.Unread-1, 0)
	if it.Meta.UserMention {
		s.Mentions = max(s.Mentions-1, 0)
	}
	if s.member != nil && it.member == s.member {
		s.MemberAttention = max(s.MemberAttention-1, 0)
	}
}

// reports are the reports in all support chats, by number.
func (g *group) reports() []*item {
	var all []*item
	for _, ch := range g.supports {
		for _, it := range ch.items {
			if it.msg.typ == "report" && it.member != nil {
				all = append(all, it)
			}
		}
	}
	sortItems(all)
	return all
}

// openReports counts the reports that were not archived.
func (g *group) openReports() (n int) {
	for _, it := range g.reports() {
		if it.Meta.ItemDeleted == nil {
			n++
		}
	}
	return n
}

// report tells the moderators about a message.
func report(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	text, reason := strings.TrimSpace(c.cmd.Text("text")), c.cmd.Text("reason")
	m := msgContent{typ: "report", text: text, raw: tagged("report", "text", text, "reason", reason)}
	id := c.cmd.Int("chatItemId")
	return c.sendGroup(outgoing{chat: g.supportOf(nil), msgs: []composed{{content: m, QuotedItemID: &id}}})
}

// archiveReports puts all reports of a group away.
func archiveReports(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	ids := []int64{}
	at, changed := c.db.net.now(), c.db.net.now()
	for _, it := range g.reports() {
		if it.Meta.ItemDeleted == nil {
			it.Meta.ItemDeleted = &itemDeleted{Type: "moderated", DeletedTs: &at, ByMember: g.Membership.stored().Member}
			it.Meta.UpdatedAt = changed
			ids = append(ids, it.Meta.ItemID)
		}
	}
	return c.reply("groupChatItemsDeleted", "groupInfo", g, "chatItemIDs", ids, "byUser", true, "member_", g.Membership)
}

// deleteReports deletes reports that were received.
func deleteReports(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	var items []*item
	var errs []raw
	others := false // items that are no reports
	for _, id := range c.cmd.Ints("chatItemIds") {
		it := c.db.items[id]
		switch {
		case it == nil || it.chat.group != g:
			errs = append(errs, storeError("chatItemNotFound", "itemId", id).(*apiError).body)
		case it.msg.typ != "report" || it.member == nil:
			others = true
		default:
			items = append(items, it)
		}
	}
	d := c.db
	if len(errs) > 0 {
		d.event(result("chatErrors", "chatErrors", errs))
	}
	if others {
		return nil, commandError("some items are not received reports")
	}
	if c.cmd.Text("deleteMode") == "broadcast" {
		if err := g.requireRole("moderator"); err != nil {
			return nil, err
		}
	}
	deletions := []raw{}
	info, now := g.chat.info(), d.net.now()
	for _, it := range items {
		id, author := it.sharedID, it.authorID()
		switch c.cmd.Text("deleteMode") {
		case "internal":
			deletions = append(deletions, object("deletedChatItem", entry(info, it)))
			it.chat.remove(it)
		case "internalMark":
			deletions = append(deletions, d.deleted(it, true, info, now))
		default: // broadcast
			for _, m := range g.active() {
				if roleRank[m.MemberRole] >= roleRank["moderator"] {
					m.post(func(to *group, by *member) { to.chat.db.moderated(to, by, id, author) })
				}
			}
			deletions = append(deletions, d.moderatedItem(it, g.Membership, info, now))
		}
	}
	return c.reply("chatItemsDeleted", "chatItemDeletions", deletions, "byUser", true, "timed", false)
}

// deleteSupportChat deletes the support chat of a member.
func deleteSupportChat(c *call) (raw, error) {
	g, m, err := c.groupMember()
	if err != nil {
		return nil, err
	}
	switch {
	case m.SupportChat == nil:
		return nil, commandError("member has no support chat")
	case m.pending():
		return nil, commandError("member is pending")
	}
	ch := g.supportOf(m)
	for _, it := range slices.Clone(ch.items) {
		ch.remove(it)
	}
	m.SupportChat, m.UpdatedAt = nil, c.db.net.now()
	ch.support = &supportChat{chat: ch, member: m}
	return c.reply("memberSupportChatDeleted", "groupInfo", g, "member", m)
}

func listSupportChats(c *call) (raw, error) {
	for _, g := range c.user.groups {
		if g.LocalDisplayName != c.cmd.Text("groupName") {
			continue
		}
		list := []*member{}
		for _, m := range membersByID(g.members) {
			if m.SupportChat != nil {
				list = append(list, m)
			}
		}
		return c.reply("memberSupportChats", "groupInfo", g, "members", list)
	}
	return nil, storeError("groupNotFoundByName", "groupName", c.cmd.Text("groupName"))
}
