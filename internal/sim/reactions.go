package sim

import (
	"encoding/json"
	"slices"
)

// reactionCommands are about reactions to messages.
var reactionCommands = table{
	"APIChatItemReaction":   {run: react, reads: func(c *call) error { _, err := readReaction(c.cmd.JSON("reaction")); return err }},
	"APIGetReactionMembers": forUser(reactionMembers),
}

// emojis are the reactions that the core knows.
var emojis = map[string]bool{"👍": true, "👎": true, "😀": true, "😂": true, "😢": true, "❤": true, "❤️": true, "🚀": true, "✅": true}

const maxReactions = 3 // of one person to one message

// reactor is one reaction of one person.
type reactor struct {
	emoji  string
	by     string // "" the user, "contact", or a member's id
	member *member
	at     stamp
}

func emojiJSON(emoji string) raw { return tagged("emoji", "emoji", emoji) }

func readReaction(body []byte) (string, error) {
	var r struct{ Type, Emoji string }
	if json.Unmarshal(body, &r) != nil || r.Type != "emoji" || !emojis[r.Emoji] {
		return "", errSyntax
	}
	return r.Emoji, nil
}

func react(c *call) (raw, error) {
	emoji, err := readReaction(c.cmd.JSON("reaction"))
	if err != nil {
		return nil, err
	}
	ch, err := c.talk(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	it, err := ch.item(c.cmd.Int("chatItemId"))
	if err != nil {
		return nil, err
	}
	noID := "reaction not possible - no shared item ID"
	if ch.group != nil {
		noID = "invalid reaction"
		if _, err := ch.audience(); err != nil {
			return nil, err
		}
	}
	add := c.cmd.On("add", false)
	switch {
	case it.Meta.ItemSharedMsgID == "":
		return nil, commandError(noID)
	case !ch.reactionsAllowed():
		return nil, notAllowed("reactions")
	case !it.message() || it.Meta.ItemDeleted != nil:
		return nil, commandError("reaction not allowed - chat item has no content")
	case add && it.hasReaction(emoji, ""):
		return nil, commandError("reaction already added")
	case !add && !it.hasReaction(emoji, ""):
		return nil, commandError("reaction already removed")
	case add && it.reactionsOf("") >= maxReactions:
		return nil, commandError("too many reactions")
	}
	if err := ch.unheard(); err != nil {
		return nil, err
	}
	d := c.db
	now := d.net.now()
	it.react(reactor{emoji: emoji, at: now}, add)
	dir := direction{Type: "directSnd"}
	if ch.group != nil {
		dir.Type = "groupSnd"
	}
	reply, err := c.reply("chatItemReaction", "added", add, "reaction", reactionJSON(ch.info(), dir, it, now, emoji))
	d.postReaction(it, emoji, add)
	return reply, err
}

func reactionJSON(info raw, dir direction, it *item, at stamp, emoji string) raw {
	return object("chatInfo", info, "chatReaction", object("chatDir", dir, "chatItem", it.listed(), "sentAt", at, "reaction", emojiJSON(emoji)))
}

func (ch *chat) reactionsAllowed() bool {
	switch {
	case ch.contact != nil:
		return ch.contact.MergedPreferences.Reactions.Enabled.ForUser
	case ch.group != nil:
		return ch.group.allows("reactions", ch.group.Membership)
	}
	return true
}

func (it *item) hasReaction(emoji, by string) bool {
	for _, r := range it.reactedBy {
		if r.emoji == emoji && r.by == by {
			return true
		}
	}
	return false
}

func (it *item) reactionsOf(by string) (n int) {
	for _, r := range it.reactedBy {
		if r.by == by {
			n++
		}
	}
	return n
}

// react adds or removes a reaction and counts anew, in the order of the emojis.
func (it *item) react(r reactor, add bool) {
	it.own()
	if add {
		it.reactedBy = append(it.reactedBy, r)
	} else {
		for i, x := range it.reactedBy {
			if x.emoji == r.emoji && x.by == r.by {
				it.reactedBy = append(it.reactedBy[:i], it.reactedBy[i+1:]...)
				break
			}
		}
	}
	counts := map[string]*reactionCount{}
	var order []string
	for _, r := range it.reactedBy {
		rc := counts[r.emoji]
		if rc == nil {
			rc = &reactionCount{Reaction: emojiJSON(r.emoji)}
			counts[r.emoji] = rc
			order = append(order, r.emoji)
		}
		rc.TotalReacted++
		rc.UserReacted = rc.UserReacted || r.by == ""
	}
	slices.Sort(order)
	it.Reactions = make([]reactionCount, len(order))
	for i, e := range order {
		it.Reactions[i] = *counts[e]
	}
}

// postReaction tells the peers.
func (d *database) postReaction(it *item, emoji string, add bool) {
	ch, id := it.chat, it.sharedID
	if ch.group != nil {
		d.postGroupReaction(it, emoji, add)
		return
	}
	ch.contact.ActiveConn.send(func(peer *conn) {
		if peer.contact == nil {
			return
		}
		p, pch := peer.db, peer.contact.chat
		pit := pch.shared[id]
		if pit == nil || pit.Meta.ItemDeleted != nil || pit.hasReaction(emoji, "contact") == add {
			return
		}
		at := p.net.now().second()
		pit.react(reactor{emoji: emoji, by: "contact", at: at}, add)
		p.emit(peer.user, "chatItemReaction", "added", add,
			"reaction", reactionJSON(pch.info(), direction{Type: "directRcv"}, pit, at, emoji))
	})
}

func reactionMembers(c *call) (raw, error) {
	emoji, err := readReaction(c.cmd.JSON("reaction"))
	if err != nil {
		return nil, err
	}
	id := c.cmd.Int("chatItemId")
	g := c.user.groups[c.cmd.Int("groupId")]
	if g == nil {
		return nil, storeError("chatItemNotFound", "itemId", id)
	}
	it, err := g.chat.item(id)
	if err != nil {
		return nil, err
	}
	list := []raw{}
	for _, r := range it.reactedBy {
		if r.emoji == emoji {
			m := r.member
			if m == nil {
				m = g.Membership
			}
			list = append(list, object("groupMember", encode(m), "reactionTs", r.at))
		}
	}
	return c.reply("reactionMembers", "memberReactions", list)
}
