package host

import (
	"context"
	"encoding/json"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// readTries are the pauses before a failed reading is tried again.
var readTries = []time.Duration{100 * time.Millisecond, time.Second, 5 * time.Second}

// look sends a command that only reads, and again where the core could not
// answer for a moment.
func (h *Host) look(ctx context.Context, cmd string) (chat.Response, error) {
	for try := 0; ; try++ {
		r, err := h.ctl.send(ctx, cmd)
		if err == nil || gone(err) || try == len(readTries) {
			return r, err
		}
		select {
		case <-time.After(readTries[try]):
		case <-ctx.Done():
			return r, err
		}
	}
}

// readChat asks for a page of a chat's items.
func (h *Host) readChat(ctx context.Context, ref chat.Ref, page string) (chat.Chat, error) {
	r, err := h.look(ctx, "/_get chat "+ref.String()+" "+page)
	if err != nil {
		return chat.Chat{}, err
	}
	return r.Chat()
}

// readItem reads one item. It is false where it is gone by now, deleted.
func (h *Host) readItem(ctx context.Context, ref chat.Ref, item int64) (it chat.Item, user json.RawMessage, ok bool, err error) {
	c, err := h.readChat(ctx, ref, "around="+id(item)+" count=1")
	if err != nil {
		if gone(err) {
			err = nil
		}
		return it, nil, false, err
	}
	for _, it := range c.Items {
		if it.ID == item {
			return it, c.User, true, nil
		}
	}
	return it, nil, false, nil
}

// readBack makes the event of messages again whose events did not fit in
// memory. Messages that are gone by now are left out.
func (h *Host) readBack(ref chat.Ref, ids []int64) (chat.Event, bool) {
	var items []chat.Item
	var user json.RawMessage
	for _, n := range ids {
		it, u, ok, err := h.readItem(h.ctx, ref, n)
		switch {
		case ok:
			items, user = append(items, it), u
		case err == nil:
			h.reports.gone(ref.ID, n)
			h.taken.forget(n)
		default:
			h.taken.forget(n)
			if h.ctx.Err() == nil {
				h.log.Error("a message could not be read back; it is handled after the next start", "chat", ref.String(), "item", n, "err", err)
			}
		}
	}
	if len(items) == 0 {
		return chat.Event{}, false
	}
	return chat.ItemsEvent(user, items...), true
}
