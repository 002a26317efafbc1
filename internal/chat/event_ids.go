package chat

import (
	"encoding/json"
	"slices"
)

// MessageIDs returns the items of the event, if all of them are items that
// somebody else wrote in that chat of that user: such an event can be read back
// from the database.
func (e Event) MessageIDs(userID int64) (ref Ref, ids []int64, ok bool) {
	if e.Type != "newChatItems" {
		return Ref{}, nil, false
	}
	for _, it := range e.Items() {
		if it.UserID != userID || !it.DirectedToUs() || it.ID == 0 || len(ids) > 0 && it.Chat != ref {
			return Ref{}, nil, false
		}
		ref = it.Chat
		ids = append(ids, it.ID)
	}
	return ref, ids, len(ids) > 0
}

// Newest is the highest id of the items of a newChatItems event, 0 without any.
func (e Event) Newest() (id int64) {
	for _, it := range e.Items() {
		id = max(id, it.ID)
	}
	return id
}

// Without takes items out of a newChatItems event, by their ids. It tells how many
// are left. The new event has nothing of what the host had set in the old one.
func (e Event) Without(ids []int64) (rest Event, left int) {
	kept := slices.DeleteFunc(e.Items(), func(it Item) bool { return slices.Contains(ids, it.ID) })
	var body struct {
		User json.RawMessage `json:"user"`
	}
	_ = json.Unmarshal(e.Raw, &body) // it has been read as JSON before
	return ItemsEvent(body.User, kept...), len(kept)
}
