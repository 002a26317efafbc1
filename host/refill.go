package host

import (
	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// refillItems is about how many messages a lane takes at once of those that it has
// left in the database.
const refillItems = 500

// unreadNow finds the first messages of a chat that are unread and that nobody has,
// while the bot runs. more tells that others follow.
func (h *Host) unreadNow(ref chat.Ref) (found []chat.Event, more bool) {
	now := h.clock.Now()
	h.taken.expire(now)
	for page := "initial=" + id(itemsPage); ; {
		p, err := h.readChat(h.ctx, ref, page)
		if err != nil {
			if !gone(err) && h.ctx.Err() == nil {
				h.log.Error("messages that were left in the database could not be read; they are handled after the next start", "chat", ref.String(), "err", err)
			}
			return found, false
		}
		unread := unreadOf(p.Items)
		for i := range unread {
			if it := &unread[i]; !h.first.foreign(it) && h.taken.find(it, now) {
				found = append(found, chat.ItemsEvent(p.User, *it))
			}
		}
		switch {
		case len(p.Items) == 0:
			return found, false
		case len(found) >= refillItems:
			return found, true
		}
		page = "after=" + id(p.Items[len(p.Items)-1].ID) + " count=" + id(itemsPage)
	}
}
