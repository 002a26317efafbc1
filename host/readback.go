package host

import (
	"context"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// readTries are the pauses before a failed reading is tried again.
var readTries = []time.Duration{100 * time.Millisecond, time.Second, 5 * time.Second}

// readChat asks for a page of a chat's items, and again where the core could
// not answer for a moment.
func (h *Host) readChat(ctx context.Context, ref chat.Ref, page string) (chat.Chat, error) {
	for try := 0; ; try++ {
		r, err := h.ctl.asUser(ctx, "/_get chat "+ref.String()+" "+page)
		if err == nil {
			return r.Chat()
		}
		if gone(err) || try == len(readTries) {
			return chat.Chat{}, err
		}
		select {
		case <-time.After(readTries[try]):
		case <-ctx.Done():
			return chat.Chat{}, err
		}
	}
}

// readBack makes the event of messages again whose events did not fit in
// memory. Messages that are gone by now, deleted, are left out.
func (h *Host) readBack(ref chat.Ref, ids []int64) (chat.Event, bool) {
	var items []chat.Item
	var user []byte
	for _, n := range ids {
		c, err := h.readChat(h.ctx, ref, "around="+id(n)+" count=1")
		if err != nil {
			if !gone(err) && h.ctx.Err() == nil {
				h.log.Error("a message could not be read back; it is handled after the next start", "chat", ref.String(), "item", n, "err", err)
			}
			continue
		}
		user = c.User
		for _, it := range c.Items {
			if it.ID == n {
				items = append(items, it)
			}
		}
	}
	if len(items) == 0 {
		return chat.Event{}, false
	}
	return chat.ItemsEvent(user, items...), true
}
