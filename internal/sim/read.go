package sim

import "github.com/simplex-lua/simplex-lua/internal/chat/syntax"

// readCommands mark what was read.
var readCommands = table{
	"APIChatRead":      {run: readChat},
	"APIChatItemsRead": {run: readItems},
	"APIUserRead":      forUser(readUser),
	"APIChatUnread":    {run: markUnread},
}

// chat finds the chat that a command is about.
func (c *call) chat(ref syntax.Ref) (*chat, error) {
	switch ref.Type {
	case '@':
		ct, err := c.contact(ref.ID)
		if err != nil {
			return nil, err
		}
		return ct.chat, nil
	case '#':
		g, err := c.group(ref.ID)
		if err != nil {
			return nil, err
		}
		if ref.Support {
			return g.supportChat(ref.Member)
		}
		return g.chat, nil
	case '*':
		if c.user.notes.NoteFolderID == ref.ID {
			return c.user.notes.chat, nil
		}
		return nil, storeError("noteFolderNotFound", "noteFolderId", ref.ID)
	}
	return nil, errNotSupported
}

// errNotSupported is the answer to what a kind of chat does not have.
var errNotSupported = commandError("not supported")

// talk is chat for what needs somebody at the other end: it refuses the notes.
func (c *call) talk(ref syntax.Ref) (*chat, error) {
	if ref.Type == '*' {
		return nil, errNotSupported
	}
	return c.chat(ref)
}

// chatToRead is chat, with the error that marking gives for unknown chats.
func (c *call) chatToRead() (*chat, error) {
	ref := c.cmd.Ref("chatRef")
	switch {
	case ref.Type == '@' && c.user.contacts[ref.ID] == nil:
		return nil, storeError("userNotFoundByContactId", "contactId", ref.ID)
	case ref.Type == '#' && c.user.groups[ref.ID] == nil:
		return nil, storeError("userNotFoundByGroupId", "groupId", ref.ID)
	}
	return c.chat(ref)
}

func readChat(c *call) (raw, error) {
	ch, err := c.chatToRead()
	if err != nil {
		return nil, err
	}
	ch.readAll()
	if s := ch.support; s != nil {
		s.Unread, s.MemberAttention, s.Mentions = 0, 0, 0
		owner := s.owner()
		owner.UpdatedAt = c.db.net.now()
		return c.reply("memberSupportChatRead", "groupInfo", ch.group, "member", owner)
	}
	return c.done()
}

func (ch *chat) readAll() {
	for i := len(ch.items) - 1; i >= 0 && ch.unread > 0; i-- {
		if ch.markRead(ch.items[i]) {
			ch.db.startTimer(ch.items[i])
		}
	}
}

func readItems(c *call) (raw, error) {
	if c.cmd.Ref("chatRef").Type == '*' {
		return nil, errNotSupported
	}
	ch, err := c.chatToRead()
	if err != nil {
		return nil, err
	}
	for _, id := range c.cmd.Ints("chatItemIds") {
		if it, err := ch.item(id); err == nil && ch.markRead(it) {
			c.db.startTimer(it)
		}
	}
	if ch.support != nil {
		ch = ch.group.chat
	}
	return c.reply("itemsReadForChat", "chatInfo", ch.info())
}

func readUser(c *call) (raw, error) {
	for _, ct := range c.user.contacts {
		ct.chat.readAll()
	}
	for _, g := range c.user.groups {
		g.chat.readAll()
	}
	return c.done()
}

func markUnread(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	if ch.support != nil {
		return nil, errNotSupported
	}
	ch.marked = c.cmd.On("unread", false)
	switch now := c.db.net.now(); {
	case ch.notes != nil:
		ch.notes.Unread = ch.marked
	case ch.contact != nil:
		ch.contact.UpdatedAt = now
	case ch.group != nil:
		ch.group.UpdatedAt = now
	}
	return c.done()
}
