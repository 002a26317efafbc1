package chat

import (
	"time"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// body is what the host needs of a result, read in one pass over its text.
type body struct {
	tag    string
	userID int64
	// ref is the chat that the result is about.
	ref Ref
	// items are those of chatItems, item is chatItem.
	items []Item
	item  *Item
}

// readBody reads the object that c stands before; data is the text behind c.
func readBody(c *jsonscan.Cursor, data []byte) (b body) {
	about := func(ref Ref) {
		if b.ref == (Ref{}) && ref.ID != 0 {
			b.ref = ref
		}
	}
	c.Object(func(key []byte) {
		switch string(key) {
		case "type":
			b.tag = c.String()
		case "user":
			b.userID = readUser(c)
		case "chatItems":
			c.Array(func() {
				if it := readItem(c, data); it.Chat != (Ref{}) {
					b.items = append(b.items, it)
					about(it.Chat)
				}
			})
		case "chatItem":
			if it := readItem(c, data); it.Chat != (Ref{}) {
				b.item = &it
				about(it.Chat)
			}
		case "reaction":
			c.Object(func(key []byte) {
				if string(key) == "chatInfo" {
					about(readChatInfo(c).ref)
				}
			})
		case "chatItemDeletions":
			c.Array(func() {
				c.Object(func(key []byte) {
					if string(key) == "deletedChatItem" {
						about(readItem(c, data).Chat)
					}
				})
			})
		case "chatInfo":
			about(readChatInfo(c).ref)
		case "groupInfo":
			about(Ref{Type: TypeGroup, ID: readID(c, "groupId")})
		case "contact":
			about(Ref{Type: TypeDirect, ID: readID(c, "contactId")})
		}
	})
	return b
}

// readUser returns the id of the user that c stands before.
func readUser(c *jsonscan.Cursor) int64 {
	return knownUsers.read(c, func(text []byte) int64 { return readID(jsonscan.New(text), "userId") })
}

// readID reads one number of an object.
func readID(c *jsonscan.Cursor, name string) (id int64) {
	c.Object(func(key []byte) {
		if string(key) == name {
			id = c.Int()
		}
	})
	return id
}

// readItem reads an AChatItem. Its Chat is zero where it names none.
func readItem(c *jsonscan.Cursor, data []byte) (it Item) {
	if c.Kind() != jsonscan.Object {
		c.Skip()
		return it
	}
	from := c.Pos()
	forwarded := false
	c.Object(func(key []byte) {
		switch string(key) {
		case "chatInfo":
			info := readChatInfo(c)
			it.Chat, it.ChatName, it.ChatLocalName = info.ref, info.name, info.localName
			it.ChatCreatedAt, it.MyRole = info.createdAt, info.myRole
		case "chatItem":
			forwarded = readChatItem(c, &it)
		}
	})
	it.Raw = between(data, from, c.Pos())
	it.History = forwarded && it.Chat.Type == TypeGroup && before(it.SentAt, it.ChatCreatedAt)
	return it
}

// readChatItem reads a ChatItem. forwarded tells that a member sent it on to us.
func readChatItem(c *jsonscan.Cursor, it *Item) (forwarded bool) {
	c.Object(func(key []byte) {
		switch string(key) {
		case "chatDir":
			c.Object(func(key []byte) {
				switch string(key) {
				case "type":
					it.Dir = c.String()
				case "groupMember":
					it.Member = readMember(c)
				}
			})
		case "meta":
			forwarded = readMeta(c, it)
		case "content":
			c.Object(func(key []byte) {
				switch string(key) {
				case "type":
					it.Content = c.String()
				case "msgContent":
					c.Object(func(key []byte) {
						switch string(key) {
						case "type":
							it.Kind = c.String()
						case "text":
							it.Text = c.String()
						}
					})
				}
			})
		case "formattedText":
			c.Array(func() {
				if !it.Formatted {
					it.Command = readCommandMark(c)
				}
				it.Formatted = true
			})
		case "quotedItem":
			it.QuotedID = readID(c, "itemId")
		}
	})
	return forwarded
}

func readMeta(c *jsonscan.Cursor, it *Item) (forwarded bool) {
	c.Object(func(key []byte) {
		switch string(key) {
		case "itemId":
			it.ID = c.Int()
		case "itemTs":
			it.SentAt = c.String()
		case "createdAt":
			it.CreatedAt = c.String()
		case "itemStatus":
			it.Status = readTag(c)
		case "itemDeleted":
			it.Deleted = c.Kind() == jsonscan.Object
		case "itemLive":
			if c.Kind() == jsonscan.Bool {
				it.Live = c.Bool()
				it.LiveEnded = !it.Live
			}
		case "itemEdited":
			it.Edited = c.Bool()
		case "forwardedByMember":
			forwarded = c.Kind() == jsonscan.Number
		}
	})
	return forwarded
}

// readTag reads the type of the object that c stands before.
func readTag(c *jsonscan.Cursor) (tag string) {
	c.Object(func(key []byte) {
		if string(key) == "type" {
			tag = c.String()
		}
	})
	return tag
}

// readCommandMark reads a FormattedText and returns its command, "" for none.
func readCommandMark(c *jsonscan.Cursor) (command string) {
	c.Object(func(key []byte) {
		if string(key) != "format" {
			return
		}
		tag := ""
		c.Object(func(key []byte) {
			switch string(key) {
			case "type":
				tag = c.String()
			case "commandStr":
				command = c.String()
			}
		})
		if tag != "command" {
			command = ""
		}
	})
	return command
}

// before compares two times as the core writes them; one that is no time is
// before nothing.
func before(a, b string) bool {
	ta, errA := time.Parse(time.RFC3339Nano, a)
	tb, errB := time.Parse(time.RFC3339Nano, b)
	return errA == nil && errB == nil && ta.Before(tb)
}
