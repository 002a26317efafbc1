package host

import (
	"context"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

const (
	// chatsPage is how many unread chats are listed at once, itemsPage how many
	// items of one are read at once.
	chatsPage = 100
	itemsPage = 100
	// unreadFilter selects chats with something unread.
	unreadFilter = `{"type":"filters","favorite":false,"unread":true}`
)

// catchUp finds the messages that were received but not handled when the last
// process ended. The core never gives them as events again.
//
//	before /_start   list      unread chats; their lanes are closed
//	after the start  handle    reads each of them and opens its lane
type catchUp struct {
	h     *Host
	chats []chat.Chat
	// newest is the highest item id that was listed: what came after the start
	// has a higher one, and may come as an event too.
	newest int64
	// since: what was stored before is not for us.
	since time.Time
	// started is when the chat was started: what is stored after comes as an event.
	started time.Time
	limits  CatchUp
	handled int
	skipped SkippedError
}

// list asks for the unread chats, page by page. The core lists the chat with
// the newest item first.
func (c *catchUp) list(ctx context.Context) error {
	known := map[chat.Ref]bool{}
	before := ""
	for {
		r, err := c.h.ctl.asUser(ctx, "/_get chats "+id(c.h.ctl.userID)+before+" count="+id(chatsPage)+" "+unreadFilter)
		if err != nil {
			return err
		}
		page, err := r.Chats()
		if err != nil {
			return err
		}
		news := false
		for _, one := range page {
			if known[one.Ref] {
				continue
			}
			known[one.Ref], news = true, true
			c.take(one)
		}
		if len(page) < chatsPage || !news {
			return nil
		}
		if before = after(page[len(page)-1].Timestamp); before == "" {
			return nil
		}
	}
}

// after makes the page that follows a chat. "before" leaves the time itself
// out, and two chats may share it, so the page begins one tick later; what is
// listed twice is known.
func after(timestamp string) string {
	t, err := time.Parse(time.RFC3339Nano, timestamp)
	if err != nil {
		return ""
	}
	return " before=" + t.Add(time.Nanosecond).UTC().Format(time.RFC3339Nano)
}

func (c *catchUp) take(one chat.Chat) {
	if one.Ref == (chat.Ref{}) || one.Unread == 0 {
		return // flagged as unread by hand, or of a kind without messages
	}
	for _, it := range one.Items {
		c.newest = max(c.newest, it.ID)
		if c.foreign(&it) {
			return // its newest item is older than our first start
		}
	}
	c.chats = append(c.chats, one)
	c.h.dispatcher.Close(c.lane(one.Ref))
}

func (c *catchUp) lane(ref chat.Ref) chat.Lane {
	return chat.Lane{UserID: c.h.ctl.userID, Ref: ref}
}

// handle reads the chats that were listed, one after the other, and hands their
// unread messages to their lanes.
func (c *catchUp) handle(ctx context.Context) {
	for _, one := range c.chats {
		events, seen, err := c.read(ctx, one.Ref)
		if err != nil && !gone(err) && ctx.Err() == nil {
			c.h.log.Error("unread messages could not be read; they are handled after the next start", "chat", one.Ref.String(), "err", err)
		}
		c.h.dispatcher.Reopen(c.lane(one.Ref), events, seen)
		c.handled += len(events)
	}
	c.support(ctx)
	if c.handled > 0 {
		c.h.log.Info("messages of the time before the start are handled now", "messages", c.handled)
	}
	if c.skipped != (SkippedError{}) {
		c.h.report(&c.skipped)
	}
}

// read returns the unread messages of a chat as events, oldest first, and the
// ids of those that will come as events as well.
func (c *catchUp) read(ctx context.Context, ref chat.Ref) (events []chat.Event, seen []int64, err error) {
	items, user, err := c.unread(ctx, ref)
	events, seen = c.sort(ref, user, items)
	return events, seen, err
}

// sort decides about unread items: which are handled, which are only marked.
func (c *catchUp) sort(ref chat.Ref, user []byte, items []chat.Item) (events []chat.Event, seen []int64) {
	var mark []int64
	for i := range items {
		it := &items[i]
		fresh := it.ID > c.newest
		if fresh {
			seen = append(seen, it.ID)
		}
		switch {
		case c.foreign(it):
		case !it.Received():
			mark = append(mark, it.ID) // invitations, group events: only marked
		case fresh: // not of the time before, so no limit is for it
			events = append(events, chat.ItemsEvent(user, *it))
		case c.old(it):
			c.skipped.TooOld++
			mark = append(mark, it.ID)
		case c.handled+len(events) >= max(c.limits.MaxItems, 0):
			c.skipped.TooMany++
			mark = append(mark, it.ID)
		default:
			events = append(events, chat.ItemsEvent(user, *it))
		}
	}
	c.h.marks.add(ref, mark...)
	return events, seen
}

// unread reads the unread items of a chat, in the chat's order. The page that
// initial= answers is around the first unread one and tells how many follow.
func (c *catchUp) unread(ctx context.Context, ref chat.Ref) (found []chat.Item, user []byte, err error) {
	page, err := c.h.readChat(ctx, ref, "initial="+id(itemsPage))
	if err != nil {
		return nil, nil, err
	}
	user = page.User
	found = unreadOf(page.Items)
	total, rest, first := page.Unread, page.AfterUnread, page.Items
	for rest > 0 && len(page.Items) > 0 {
		last := page.Items[len(page.Items)-1].ID
		if page, err = c.h.readChat(ctx, ref, "after="+id(last)+" count="+id(itemsPage)); err != nil {
			return found, user, err
		}
		more := unreadOf(page.Items)
		found = append(found, more...)
		rest -= len(more)
	}
	// Items sort by their time of sending, so late ones may stand before the
	// first unread one.
	for len(found) < total && len(first) > 0 {
		if page, err = c.h.readChat(ctx, ref, "before="+id(first[0].ID)+" count="+id(itemsPage)); err != nil {
			return found, user, err
		}
		more := unreadOf(page.Items)
		if first = page.Items; len(more) == 0 {
			break
		}
		found = append(more, found...)
	}
	return found, user, nil
}

func unreadOf(items []chat.Item) []chat.Item {
	var unread []chat.Item
	for _, it := range items {
		if it.DirectedToUs() && it.Status == "rcvNew" {
			unread = append(unread, it)
		}
	}
	return unread
}

// foreign tells that the item was there before the bot ever ran.
func (c *catchUp) foreign(it *chat.Item) bool {
	created := stored(it)
	return !created.IsZero() && created.Before(c.since)
}

func (c *catchUp) old(it *chat.Item) bool {
	sent, err := time.Parse(time.RFC3339Nano, it.SentAt)
	return err == nil && c.limits.MaxAge > 0 && time.Since(sent) > c.limits.MaxAge
}

// stored is when the item was stored here; the zero time where it does not say.
func stored(it *chat.Item) time.Time {
	t, err := time.Parse(time.RFC3339Nano, it.CreatedAt)
	if err != nil {
		return time.Time{}
	}
	return t
}
