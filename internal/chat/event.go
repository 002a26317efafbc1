package chat

import (
	"encoding/json"
	"errors"
)

// Event is one event of the core.
type Event struct {
	// Type is the tag, as "newChatItems"; an unknown one is kept. A bare
	// {"error":{…}} that the core gives as an event has the type "chatError".
	Type string
	// Raw is the object with "type" and the fields. For a chatError it is
	// {"type":"chatError","chatError":{…}}, the form of the WebSocket API.
	Raw json.RawMessage
	// Attempt counts the tries to handle the event, from 1; 0 where nobody
	// counted. The host sets it for items that it found again after a restart.
	Attempt int
}

// ParseEvent reads one event as Core.Receive returned it. The error is an
// *EventError; invalid UTF-8 inside strings is replaced as encoding/json does
// and is no error.
func ParseEvent(data []byte) (Event, error) {
	env, err := openEnvelope(data)
	if err != nil {
		return Event{}, &EventError{Size: len(data), Cause: err}
	}
	if env.Error != nil {
		raw := make([]byte, 0, len(env.Error)+36)
		raw = append(raw, `{"type":"chatError","chatError":`...)
		raw = append(append(raw, env.Error...), '}')
		return Event{Type: "chatError", Raw: raw}, nil
	}
	return Event{Type: env.tag, Raw: env.Result}, nil
}

// Lane names the queue that an event waits in: one per user, chat and scope.
// The zero Lane is the bot's own, for events of no chat.
type Lane struct {
	UserID int64
	Ref    Ref
}

// header is the part of an event that says where it belongs.
type header struct {
	User struct {
		UserID int64 `json:"userId"`
	} `json:"user"`
	ChatItems []chatItemHeader `json:"chatItems"`
	ChatItem  *chatItemHeader  `json:"chatItem"`
	Reaction  *struct {
		ChatInfo chatInfo `json:"chatInfo"`
	} `json:"reaction"`
	Deletions []struct {
		Deleted chatItemHeader `json:"deletedChatItem"`
	} `json:"chatItemDeletions"`
	ChatInfo *chatInfo  `json:"chatInfo"`
	Contact  *contact   `json:"contact"`
	Group    *groupInfo `json:"groupInfo"`
}

type chatItemHeader struct {
	ChatInfo chatInfo `json:"chatInfo"`
}

// Route tells which lane the event belongs to. It never fails: what cannot be
// told goes to the bot's own lane.
func (e Event) Route() Lane {
	var h header
	if decodeLoosely(e.Raw, &h) != nil {
		return Lane{}
	}
	var info *chatInfo
	switch {
	case len(h.ChatItems) > 0:
		info = &h.ChatItems[0].ChatInfo
	case h.ChatItem != nil:
		info = &h.ChatItem.ChatInfo
	case h.Reaction != nil:
		info = &h.Reaction.ChatInfo
	case len(h.Deletions) > 0:
		info = &h.Deletions[0].Deleted.ChatInfo
	case h.ChatInfo != nil:
		info = h.ChatInfo
	case h.Group != nil:
		info = &chatInfo{Type: TypeGroup, Group: h.Group}
	case h.Contact != nil:
		info = &chatInfo{Type: TypeDirect, Contact: h.Contact}
	default:
		return Lane{}
	}
	ref := info.ref()
	if ref == (Ref{}) {
		return Lane{}
	}
	return Lane{UserID: h.User.UserID, Ref: ref}
}

// decodeLoosely fills v with every field whose kind fits and passes over the
// others, so that one field of an unexpected kind does not hide the rest.
func decodeLoosely(raw []byte, v any) error {
	err := json.Unmarshal(raw, v)
	if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		return nil
	}
	return err
}
