package chat

import (
	"encoding/json"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// Item is what routing and filters need of one chat item; Raw has the rest.
type Item struct {
	// Raw is the AChatItem: {"chatInfo":…,"chatItem":…}.
	Raw json.RawMessage
	// UserID is the user of the database whose chat it is.
	UserID int64
	// Chat is where it stands, with its scope.
	Chat Ref
	// ChatName is the name in the contact's or group's profile, ChatLocalName the
	// database's own for it, with a number at the end where the name was taken.
	ChatName, ChatLocalName string
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
	// CreatedAt is when the item was stored here, in the core's form.
	CreatedAt string
	// Status is the tag of the item's status: "rcvNew" is received and unread.
	Status string
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
	ID       int64
	MemberID string
	Role     string
	// Name is the name in the member's profile, LocalName the database's own.
	Name, LocalName string
	CreatedAt       string
}

// Received tells that the item is a message that somebody wrote to us and that
// is not deleted: what on_message handlers are for.
func (it *Item) Received() bool { return it.Content == "rcvMsgContent" && !it.Deleted }

// DirectedToUs tells that the item came from somebody else, whatever it holds.
func (it *Item) DirectedToUs() bool { return strings.HasSuffix(it.Dir, "Rcv") }

// ParseItem reads an AChatItem. It is false where raw is no JSON object, or
// names no chat.
func ParseItem(raw json.RawMessage) (Item, bool) {
	c := jsonscan.New(raw)
	it := readItem(c, raw)
	return it, c.End() == nil && it.Chat != (Ref{})
}
