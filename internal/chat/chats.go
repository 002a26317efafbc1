package chat

import (
	"bytes"
	"encoding/json"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// Chat is one entry of a list of chats, or the page of a chat's items, as
// /_get chats and /_get chat answer them.
type Chat struct {
	// Ref is the chat; zero where it is of a kind that cannot be written to.
	Ref Ref
	// Timestamp is chatTs, which lists are sorted by, in the core's form.
	Timestamp string
	// Items are the items of the page, oldest first; in a list the last one.
	Items []Item
	// Unread counts the unread items. Replies to count=, before= and after=
	// always say 0.
	Unread int
	// AfterUnread counts the unread items after this page; only replies to
	// initial= and around= have it.
	AfterUnread int
	// User is the user of the database, as it came, and UserID its id.
	User   json.RawMessage
	UserID int64
}

// Chats reads a reply to /_get chats. Entries that are no objects are left out.
func (r Response) Chats() ([]Chat, error) {
	var body struct {
		User  json.RawMessage   `json:"user"`
		Chats []json.RawMessage `json:"chats"`
	}
	if err := r.Decode(&body); err != nil {
		return nil, err
	}
	chats := make([]Chat, 0, len(body.Chats))
	for _, raw := range body.Chats {
		if isObject(raw) {
			chats = append(chats, parseChat(body.User, raw))
		}
	}
	return chats, nil
}

// Chat reads a reply to /_get chat.
func (r Response) Chat() (Chat, error) {
	var body struct {
		User json.RawMessage `json:"user"`
		Chat json.RawMessage `json:"chat"`
		Nav  struct {
			AfterUnread int `json:"afterUnread"`
		} `json:"navInfo"`
	}
	if err := r.Decode(&body); err != nil {
		return Chat{}, err
	}
	c := parseChat(body.User, body.Chat)
	c.AfterUnread = body.Nav.AfterUnread
	return c, nil
}

// ItemsEvent makes the newChatItems event that items of one chat would have
// come in. user is the user object of the reply that they were read from.
func ItemsEvent(user json.RawMessage, items ...Item) Event {
	if !isObject(user) {
		user = json.RawMessage("{}")
	}
	var b bytes.Buffer
	b.WriteString(`{"type":"newChatItems","user":`)
	b.Write(user)
	b.WriteString(`,"chatItems":[`)
	for i := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(items[i].Raw)
	}
	b.WriteString(`]}`)
	return Event{Type: "newChatItems", Raw: b.Bytes()}
}

func parseChat(user, raw json.RawMessage) Chat {
	c := Chat{User: user}
	c.UserID = readID(jsonscan.New(user), "userId")
	var info json.RawMessage
	var items []json.RawMessage
	r := jsonscan.New(raw)
	r.Object(func(key []byte) {
		switch string(key) {
		case "chatInfo":
			info = r.Raw()
		case "chatItems":
			r.Array(func() { items = append(items, r.Raw()) })
		case "chatStats":
			c.Unread = int(readID(r, "unreadCount"))
		}
	})
	c.Ref, c.Timestamp = readChatInfo(jsonscan.New(info)).ref, chatTs(info)
	for _, item := range items {
		pair := make([]byte, 0, len(info)+len(item)+30)
		pair = append(append(append(pair, `{"chatInfo":`...), info...), `,"chatItem":`...)
		pair = append(append(pair, item...), '}')
		if it, ok := ParseItem(pair); ok && isObject(item) {
			it.UserID = c.UserID
			c.Items = append(c.Items, it)
		}
	}
	return c
}

// chatTs reads the time of a ChatInfo; it stands in the contact, group or folder.
func chatTs(info []byte) (ts string) {
	c := jsonscan.New(info)
	c.Object(func([]byte) {
		c.Object(func(key []byte) {
			if string(key) == "chatTs" {
				ts = c.String()
			}
		})
	})
	return ts
}
