package host

import (
	"encoding/json"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// markWhenDone returns the function that has the event's messages marked as
// read; calling it again does nothing. Only items that somebody wrote to our
// user are marked. A live message, one that is still being written, is marked
// when its last version has been handled.
func (h *Host) markWhenDone(ev chat.Event) func() {
	var items []chat.Item
	switch ev.Type {
	case "newChatItems":
		items = ev.Items()
	case "chatItemUpdated":
		items = h.live.finished(ev)
	}
	ids := map[chat.Ref][]int64{}
	var reports []*chat.Item
	for i := range items {
		it := &items[i]
		if it.UserID != h.ctl.userID || !it.DirectedToUs() || it.ID == 0 {
			continue
		}
		if it.Live {
			h.live.add(it.ID)
			continue
		}
		if it.Kind == "report" {
			reports = append(reports, it)
			h.reports.begin(it.Chat.ID, it.ID)
			continue // stored as read
		}
		ids[it.Chat] = append(ids[it.Chat], it.ID)
	}
	if len(ids) == 0 && len(reports) == 0 {
		return func() {}
	}
	return sync.OnceFunc(func() {
		for ref, of := range ids {
			h.marks.add(ref, of...)
		}
		for _, it := range reports {
			h.reports.end(it.Chat.ID, it.ID)
		}
	})
}

// liveItems are the received messages that are still being written.
type liveItems struct {
	mu  sync.Mutex // guards ids
	ids map[int64]struct{}
}

func (l *liveItems) add(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ids == nil {
		l.ids = map[int64]struct{}{}
	}
	l.ids[id] = struct{}{}
}

// finished returns the live message whose last version the event brings.
// Updates of other messages are edits, which have been handled as messages.
func (l *liveItems) finished(ev chat.Event) []chat.Item {
	l.mu.Lock()
	none := len(l.ids) == 0
	l.mu.Unlock()
	if none {
		return nil
	}
	var body struct {
		User struct {
			UserID int64 `json:"userId"`
		} `json:"user"`
		Item json.RawMessage `json:"chatItem"`
	}
	if json.Unmarshal(ev.Raw, &body) != nil {
		return nil
	}
	it, ok := chat.ParseItem(body.Item)
	if !ok || it.Live {
		return nil
	}
	it.UserID = body.User.UserID
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.ids[it.ID]; !known {
		return nil
	}
	delete(l.ids, it.ID)
	return []chat.Item{it}
}
