package sim

import "strconv"

// moderationCommands are about messages of others.
var moderationCommands = table{
	"APIDeleteMemberChatItem": {run: moderate},
}

// toRecipients posts news of messages to all who got them.
func (ch *chat) toRecipients(hand func(to *group, from *member)) {
	to := ch.recipients()
	if ch.support == nil {
		defer ch.db.tellMemberProfile(ch.group, to)()
	}
	ch.group.toMembers(to, hand)
}

// postGroupEdit tells the members of an edited message.
func (d *database) postGroupEdit(it *item) {
	w := it.wire()
	scope := it.chat.scopeID()
	it.chat.toRecipients(func(to *group, by *member) {
		ch := to.chatOf(scope)
		if ch == nil {
			return
		}
		p := to.chat.db
		old := ch.shared[w.sharedID]
		if old == nil {
			fresh := p.receivedInGroup(ch, by, w)
			fresh.addVersion(w.content, p.net.now().second())
			fresh.Meta.ItemEdited = true
			p.emit(to.user, "chatItemUpdated", "chatItem", entry(ch.info(), fresh))
			return
		}
		if old.member != by {
			return
		}
		if !old.message() {
			p.messageError(to.user, "x.msg.update: group member attempted invalid message update")
			return
		}
		p.edited(old, w.content, w.live, p.net.now().second())
		refs := map[string]mention{}
		for name, id := range w.mentions {
			refs[name] = mention{MemberID: id}
			if m := to.byMemberID(id); m != nil {
				refs[name] = m.mentioned()
			} else if id == to.Membership.MemberID {
				refs[name] = to.Membership.mentioned()
			}
		}
		old.Mentions = refs
		p.emit(to.user, "chatItemUpdated", "chatItem", entry(ch.info(), old))
	})
}

// postGroupDeletes tells the members of deleted messages.
func (d *database) postGroupDeletes(ch *chat, ids []string) {
	ch.toRecipients(func(to *group, by *member) {
		p := to.chat.db
		for _, id := range ids {
			it := to.shared(id)
			switch {
			case it == nil:
				p.messageError(to.user, "x.msg.del: message not found, SEChatItemSharedMsgIdNotFound {sharedMsgId = SharedMsgId "+strconv.Quote(id)+"}")
				continue
			case it.member != by || it.Meta.ItemDeleted != nil:
				p.messageError(to.user, "x.msg.del: member attempted invalid message delete")
				continue
			}
			deletion := p.deleted(it, !to.allows("fullDelete", by), it.chat.info(), p.net.now().second())
			p.emit(to.user, "chatItemsDeleted", "chatItemDeletions", []raw{deletion}, "byUser", false, "timed", false)
		}
	})
}

// postGroupReaction tells the members of a reaction.
func (d *database) postGroupReaction(it *item, emoji string, add bool) {
	id := it.sharedID
	it.chat.toRecipients(func(to *group, by *member) {
		x := to.shared(id)
		if x == nil || x.Meta.ItemDeleted != nil || x.hasReaction(emoji, by.MemberID) == add {
			return
		}
		p := to.chat.db
		at := p.net.now().second()
		x.react(reactor{emoji: emoji, by: by.MemberID, member: by, at: at}, add)
		p.emit(to.user, "chatItemReaction", "added", add, "reaction", reactionJSON(x.chat.info(), by.from(), x, at, emoji))
	})
}

// moderate deletes messages of other members for everybody.
func moderate(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	d := c.db
	items, errs := g.chat.find(c.cmd.Ints("chatItemIds"))
	if len(errs) > 0 {
		d.event(result("chatErrors", "chatErrors", errs))
	}
	for _, it := range items {
		if it.Meta.ItemSharedMsgID == "" || it.author != nil && roleRank[it.author.MemberRole] > roleRank[g.Membership.MemberRole] {
			return nil, chatError("invalidChatItemDelete")
		}
	}
	if err := g.requireRole("moderator"); err != nil {
		return nil, err
	}
	now := d.net.now()
	deletions := []raw{}
	info := g.chat.info()
	to := g.listeners()
	defer d.tellMemberProfile(g, to)()
	for _, it := range items {
		id, author := it.sharedID, it.authorID()
		g.toMembers(to, func(at *group, by *member) { at.chat.db.moderated(at, by, id, author) })
		deletions = append(deletions, d.moderatedItem(it, g.Membership, info, now))
	}
	ids := map[string]bool{}
	for _, it := range items {
		ids[it.sharedID] = true
	}
	g.settleReports(ids, g.Membership, now, true)
	return c.reply("chatItemsDeleted", "chatItemDeletions", deletions, "byUser", true, "timed", false)
}

// settleReports puts the reports of messages away that a moderator deleted.
func (g *group) settleReports(messages map[string]bool, by *member, at stamp, byUser bool) {
	d := g.chat.db
	var ids []int64
	for _, ch := range g.supports {
		for _, it := range ch.items {
			if it.msg.typ == "report" && it.Quoted != nil && messages[it.Quoted.SharedMsgID] && it.Meta.ItemDeleted == nil {
				it.Meta.ItemDeleted = &itemDeleted{Type: "moderated", DeletedTs: &at, ByMember: by.stored().Member}
				it.Meta.UpdatedAt = d.net.now()
				ids = append(ids, it.Meta.ItemID)
			}
		}
	}
	if len(ids) > 0 {
		d.emit(g.user, "groupChatItemsDeleted", "groupInfo", g, "chatItemIDs", ids, "byUser", byUser, "member_", by)
	}
}

// moderatedItem marks an item that a moderator deleted; where full delete is on,
// what it said is gone.
func (d *database) moderatedItem(it *item, by *member, info raw, at stamp) raw {
	before, now := entry(info, it), d.net.now()
	it.Meta.ItemDeleted = &itemDeleted{Type: "moderated", DeletedTs: &at, ByMember: encode(by)}
	full := it.chat.group.allows("fullDelete", by)
	if full {
		it.moderate()
		it.Meta.ItemDeleted.DeletedTs = &now // is only told
	}
	to := entry(info, it)
	it.abandonFile()
	if full {
		it.strip()
	}
	it.Meta.ItemDeleted = &itemDeleted{Type: "moderated", DeletedTs: &at, ByMember: by.stored().Member}
	it.Meta.UpdatedAt = now
	return object("deletedChatItem", before, "toChatItem", to)
}

// moderate takes out what an item says.
func (it *item) moderate() {
	kind := "rcvModerated"
	if it.sent() {
		kind = "sndModerated"
	}
	it.blank(kind, "moderated")
}

// strip takes off an item what others made of it, and what it said before.
func (it *item) strip() { it.Reactions, it.reactedBy, it.versions = nil, nil, nil }

// blank leaves of what an item says only why it does not say it.
func (it *item) blank(kind, text string) {
	it.Content, it.Meta.ItemText = it.chat.db.net.known.content(content{Type: kind}), text
	it.msg, it.FormattedText = nothingSaid.msg, nil
}

// moderated is when a moderator deleted a message.
func (d *database) moderated(g *group, by *member, id, author string) {
	it := g.shared(id)
	if it == nil || it.authorID() != author || roleRank[by.MemberRole] < roleRank["moderator"] {
		return
	}
	at := d.net.now().second()
	deletion := d.moderatedItem(it, by, it.chat.info(), at)
	d.emit(g.user, "chatItemsDeleted", "chatItemDeletions", []raw{deletion}, "byUser", false, "timed", false)
	g.settleReports(map[string]bool{id: true}, by, at, false)
}
