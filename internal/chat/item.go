package chat

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Item is what routing and filters need of one chat item; Raw has the rest.
type Item struct {
	// Raw is the AChatItem: {"chatInfo":…,"chatItem":…}.
	Raw json.RawMessage
	// UserID is the user of the database whose chat it is.
	UserID int64
	// Chat is where it stands, with its scope.
	Chat Ref
	// ChatName is the local name of the contact or group.
	ChatName string
	// ChatCreatedAt is when the contact or group came to be; ids are reused, the
	// pair of both is not.
	ChatCreatedAt string
	// ID is the item's id, unique in the database.
	ID int64
	// Dir is the tag of its direction: directRcv, directSnd, groupRcv, …
	Dir string
	// Member is the sender in a group; the zero Member elsewhere, and for posts of
	// a channel.
	Member Member
	// MyRole is the user's own role in the group.
	MyRole string
	// Content is the tag of the item's content, as rcvMsgContent.
	Content string
	// Kind is the type of the message content (text, image, …); "" where there is none.
	Kind string
	// Text is the message's text.
	Text string
	// Command is set where the core marked a command at the start of the text.
	Command string
	// Formatted tells that the core gave marks at all (so that a text without a
	// command mark is none).
	Formatted bool
	// QuotedID is the id of the quoted item in the same chat, 0 for none or one unknown.
	QuotedID int64
	// SentAt is itemTs, in the core's form.
	SentAt string
	// Deleted tells that meta.itemDeleted is there, as for a blocked member's message.
	Deleted bool
	// Live tells that the message is still being written, LiveEnded that it was
	// a live message and is finished. Edited tells that it was changed since.
	Live, LiveEnded, Edited bool
	// History tells that it was written before we joined the group and forwarded
	// to us on joining.
	History bool
	// Attempt is the event's.
	Attempt int
}

// Member is the sender of an item in a group.
type Member struct {
	// ID is the database's id (groupMemberId), MemberID the one that all members share.
	ID        int64
	MemberID  string
	Role      string
	Name      string
	CreatedAt string
}

// Received tells that the item is a message that somebody wrote to us and that
// is not deleted: what on_message handlers are for.
func (it *Item) Received() bool { return it.Content == "rcvMsgContent" && !it.Deleted }

// DirectedToUs tells that the item came from somebody else, whatever it holds.
func (it *Item) DirectedToUs() bool { return strings.HasSuffix(it.Dir, "Rcv") }

// Messages returns the messages that the event brings to the bot, in order:
// the received items of a newChatItems that are finished, and the live message
// that a chatItemUpdated finishes.
func (e Event) Messages() []Item {
	if e.Type == "chatItemUpdated" {
		if it, ok := e.Updated(); ok && it.Received() && it.LiveEnded && !it.Edited {
			return []Item{it}
		}
		return nil
	}
	return slices.DeleteFunc(e.Items(), func(it Item) bool { return !it.Received() || it.Live })
}

// Updated returns the item of a chatItemUpdated event.
func (e Event) Updated() (Item, bool) {
	if e.Type != "chatItemUpdated" {
		return Item{}, false
	}
	var body struct {
		User struct {
			UserID int64 `json:"userId"`
		} `json:"user"`
		ChatItem json.RawMessage `json:"chatItem"`
	}
	if decodeLoosely(e.Raw, &body) != nil {
		return Item{}, false
	}
	it, ok := ParseItem(body.ChatItem)
	it.UserID, it.Attempt = body.User.UserID, e.Attempt
	return it, ok
}

// Items returns the items of a newChatItems event or response, in order.
// Entries that are no objects are left out; other events have none.
func (e Event) Items() []Item {
	if e.Type != "newChatItems" {
		return nil
	}
	var body struct {
		User struct {
			UserID int64 `json:"userId"`
		} `json:"user"`
		ChatItems []json.RawMessage `json:"chatItems"`
	}
	if decodeLoosely(e.Raw, &body) != nil {
		return nil
	}
	items := make([]Item, 0, len(body.ChatItems))
	for _, raw := range body.ChatItems {
		if it, ok := ParseItem(raw); ok {
			it.UserID, it.Attempt = body.User.UserID, e.Attempt
			items = append(items, it)
		}
	}
	return items
}

// ParseItem reads an AChatItem. It is false where raw is no object or names no chat.
func ParseItem(raw json.RawMessage) (Item, bool) {
	var a aChatItem
	if !isObject(raw) || decodeLoosely(raw, &a) != nil {
		return Item{}, false
	}
	ci := &a.ChatItem
	it := Item{
		Raw: raw, Chat: a.ChatInfo.ref(), ID: ci.Meta.ItemID, SentAt: ci.Meta.ItemTs,
		Dir: ci.Dir.Type, Content: ci.Content.Type, Kind: ci.Content.Msg.Type, Text: ci.Content.Msg.Text,
		Deleted: isObject(ci.Meta.ItemDeleted), Edited: ci.Meta.ItemEdited,
	}
	if it.Chat == (Ref{}) {
		return Item{}, false
	}
	if live := ci.Meta.ItemLive; live != nil {
		it.Live, it.LiveEnded = *live, !*live
	}
	if c := a.ChatInfo.Contact; c != nil {
		it.ChatName, it.ChatCreatedAt = c.Name, c.CreatedAt
	}
	if g := a.ChatInfo.Group; g != nil {
		it.ChatName, it.ChatCreatedAt, it.MyRole = g.Name, g.CreatedAt, g.Membership.MemberRole
		it.History = ci.Meta.ForwardedBy != nil && before(ci.Meta.ItemTs, g.CreatedAt)
	}
	if m := ci.Dir.Member; m != nil {
		it.Member = Member{ID: m.GroupMemberID, MemberID: m.MemberID, Role: m.MemberRole, Name: m.Name, CreatedAt: m.CreatedAt}
	}
	if len(ci.Formatted) > 0 {
		it.Formatted = true
		if f := ci.Formatted[0].Format; f != nil && f.Type == "command" {
			it.Command = f.CommandStr
		}
	}
	if ci.Quoted != nil {
		it.QuotedID = ci.Quoted.ItemID
	}
	return it, true
}

// before compares two times as the core writes them; one that is no time is
// before nothing.
func before(a, b string) bool {
	ta, errA := time.Parse(time.RFC3339Nano, a)
	tb, errB := time.Parse(time.RFC3339Nano, b)
	return errA == nil && errB == nil && ta.Before(tb)
}

type aChatItem struct {
	ChatInfo chatInfo `json:"chatInfo"`
	ChatItem struct {
		Dir struct {
			Type   string  `json:"type"`
			Member *member `json:"groupMember"`
		} `json:"chatDir"`
		Meta struct {
			ItemID      int64           `json:"itemId"`
			ItemTs      string          `json:"itemTs"`
			ItemDeleted json.RawMessage `json:"itemDeleted"`
			ItemLive    *bool           `json:"itemLive"`
			ItemEdited  bool            `json:"itemEdited"`
			ForwardedBy *int64          `json:"forwardedByMember"`
		} `json:"meta"`
		Content struct {
			Type string `json:"type"`
			Msg  struct {
				Type string `json:"type"`
				Text string `json:"text"`
			} `json:"msgContent"`
		} `json:"content"`
		Formatted []struct {
			Format *struct {
				Type       string `json:"type"`
				CommandStr string `json:"commandStr"`
			} `json:"format"`
		} `json:"formattedText"`
		Quoted *struct {
			ItemID int64 `json:"itemId"`
		} `json:"quotedItem"`
	} `json:"chatItem"`
}
