package sim

import "slices"

// deleteCommands delete messages and clear chats.
var deleteCommands = table{
	"APIDeleteChatItem": {run: deleteItems},
	"APIClearChat":      {run: clearChat},
}

func deleteItems(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	items, errs := ch.find(c.cmd.Ints("chatItemIds"))
	if len(errs) > 0 {
		c.db.event(result("chatErrors", "chatErrors", errs))
	}
	mode, info := c.cmd.Text("deleteMode"), ch.info()
	switch {
	case mode == "history" && !c.db.v7:
		return nil, errSyntax
	case ch.notes != nil:
		mode = "internal" // there is nobody to tell
	case mode == "history":
		return nil, chatError("invalidChatItemDelete")
	case mode == "broadcast":
		if err := ch.mayDelete(items); err != nil {
			return nil, err
		}
		c.db.postDeletes(ch, items)
	}
	deletions := []raw{}
	now := c.db.net.now()
	for _, it := range items {
		mark := mode == "internalMark" || mode == "broadcast" && !ch.fullDelete()
		deletions = append(deletions, c.db.deleted(it, mark, info, now))
	}
	return c.reply("chatItemsDeleted", "chatItemDeletions", deletions, "byUser", true, "timed", false)
}

// find returns the items that exist, and errors for the others.
func (ch *chat) find(ids []int64) (items []*item, errs []raw) {
	for _, id := range ids {
		it, err := ch.item(id)
		if err != nil {
			errs = append(errs, err.(*apiError).body)
			continue
		}
		items = append(items, it)
	}
	return items, errs
}

// mayDelete is the error of items that can't be deleted for everybody.
func (ch *chat) mayDelete(items []*item) error {
	if ch.group != nil {
		if _, err := ch.audience(); err != nil {
			return err
		}
	}
	for _, it := range items {
		if !it.recallable(deleteWithin) || it.sharedID == "" {
			return chatError("invalidChatItemDelete")
		}
	}
	switch {
	case ch.group != nil:
		return ch.group.requireRole("observer") // who may not write any more still takes back
	case len(items) > 0:
		return ch.contact.sendable()
	}
	return nil
}

// fullDelete tells whether what is deleted for all leaves no mark.
func (ch *chat) fullDelete() bool {
	switch {
	case ch.contact != nil:
		return ch.contact.MergedPreferences.FullDelete.Enabled.ForUser
	default:
		return ch.group.allows("fullDelete", ch.group.Membership)
	}
}

// deleted deletes or marks an item and returns the deletion. The item that is
// marked loses nothing but its buttons.
func (d *database) deleted(it *item, mark bool, info raw, at stamp) raw {
	if it.chat.group == nil && len(it.Reactions) > 0 { // are kept, but not told
		reactions := it.Reactions
		it.Reactions = []reactionCount{}
		defer func() { it.Reactions = reactions }()
	}
	before := entry(info, it)
	if !mark {
		it.chat.remove(it)
		return object("deletedChatItem", before)
	}
	kind := "direct"
	if it.chat.group != nil {
		kind = "group"
	}
	it.Meta.ItemDeleted = &itemDeleted{Type: "deleted", DeletedTs: &at, ChatType: kind}
	to := entry(info, it)
	it.abandonFile()
	it.Meta.UpdatedAt = d.net.now()
	return object("deletedChatItem", before, "toChatItem", to)
}

// postDeletes tells the peers what was deleted for all.
func (d *database) postDeletes(ch *chat, items []*item) {
	if len(items) == 0 {
		return
	}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.sharedID
	}
	if ch.group != nil {
		d.postGroupDeletes(ch, ids)
		return
	}
	ch.contact.ActiveConn.send(func(peer *conn) {
		if peer.contact == nil {
			return
		}
		p, pch := peer.db, peer.contact.chat
		for _, id := range ids {
			it := pch.shared[id]
			if it == nil {
				p.emit(peer.user, "chatItemDeletedNotFound", "contact", peer.contact, "sharedMsgId", id)
				continue
			}
			if it.Meta.ItemDeleted != nil {
				p.messageError(peer.user, "x.msg.del: contact attempted invalid message delete")
				continue
			}
			mark := !peer.contact.MergedPreferences.FullDelete.Enabled.ForContact
			deletion := p.deleted(it, mark, pch.info(), p.net.now().second())
			p.emit(peer.user, "chatItemsDeleted", "chatItemDeletions", []raw{deletion}, "byUser", false, "timed", false)
		}
	})
}

// messageError tells of a message that peers should not have sent.
func (d *database) messageError(u *user, text string) {
	d.emit(u, "messageError", "severity", "error", "errorMessage", text)
}

func clearChat(c *call) (raw, error) {
	ref := c.cmd.Ref("chatRef")
	if ref.Support {
		return nil, errNotSupported
	}
	ch, err := c.chat(ref)
	if err != nil {
		return nil, err
	}
	info := ch.info()
	ch.clear()
	if ch.group != nil {
		for _, support := range ch.group.supports {
			support.clear()
		}
		ch.group.forgetGone()
	}
	return c.reply("chatCleared", "chatInfo", info)
}

// clear removes all items but the one that a chat begins with.
func (ch *chat) clear() {
	for _, it := range slices.Clone(ch.items) {
		if it.Content.Type != "chatBanner" {
			ch.remove(it)
		}
	}
}

// forgetGone removes members who are not in the group any more and of whom no
// item is left.
func (g *group) forgetGone() {
	named := map[*member]bool{}
	for _, ch := range append([]*chat{g.chat}, g.supports...) {
		for _, it := range ch.items {
			named[it.author] = true
		}
	}
	for _, m := range membersByID(g.members) {
		if m.gone() && m.MemberStatus != "rejected" && !named[m] {
			g.chat.db.forgetMember(m)
		}
	}
}
