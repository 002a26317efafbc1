package chat

import (
	"bytes"
	"encoding/json"
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
	// User is the user of the database, as it came.
	User json.RawMessage
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

// ItemMeta is the part of an item's meta that only a few callers need.
type ItemMeta struct {
	// CreatedAt is when the item was stored here, in the core's form.
	CreatedAt string
	// Status is the tag of the item's status: "rcvNew" is received and unread.
	Status string
}

// Meta reads the item's ItemMeta from Raw.
func (it *Item) Meta() ItemMeta {
	var a struct {
		ChatItem struct {
			Meta struct {
				CreatedAt string `json:"createdAt"`
				Status    struct {
					Type string `json:"type"`
				} `json:"itemStatus"`
			} `json:"meta"`
		} `json:"chatItem"`
	}
	if decodeLoosely(it.Raw, &a) != nil {
		return ItemMeta{}
	}
	return ItemMeta{CreatedAt: a.ChatItem.Meta.CreatedAt, Status: a.ChatItem.Meta.Status.Type}
}

func parseChat(user, raw json.RawMessage) Chat {
	var body struct {
		Info  json.RawMessage   `json:"chatInfo"`
		Items []json.RawMessage `json:"chatItems"`
		Stats struct {
			Unread int `json:"unreadCount"`
		} `json:"chatStats"`
	}
	c := Chat{User: user}
	if decodeLoosely(raw, &body) != nil {
		return c
	}
	var who struct {
		UserID int64 `json:"userId"`
	}
	var info chatInfo
	var times struct {
		Contact, GroupInfo, NoteFolder struct {
			ChatTs string `json:"chatTs"`
		}
	}
	_ = decodeLoosely(user, &who) // a user that cannot be read has no id
	if decodeLoosely(body.Info, &info) == nil {
		c.Ref = info.ref()
	}
	if decodeLoosely(body.Info, &times) == nil {
		c.Timestamp = times.Contact.ChatTs + times.GroupInfo.ChatTs + times.NoteFolder.ChatTs
	}
	c.Unread = body.Stats.Unread
	for _, item := range body.Items {
		if !isObject(item) {
			continue
		}
		pair := make([]byte, 0, len(body.Info)+len(item)+30)
		pair = append(append(append(pair, `{"chatInfo":`...), body.Info...), `,"chatItem":`...)
		pair = append(append(pair, item...), '}')
		if it, ok := ParseItem(pair); ok {
			it.UserID = who.UserID
			c.Items = append(c.Items, it)
		}
	}
	return c
}
