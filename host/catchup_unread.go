package host

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// latePages is how many pages before the first unread message, or before the bot's
// first run, are searched for others that were sent earlier and came later.
const latePages = 50

// unread gives a sieve pages of its chat that hold all unread items. The page that
// initial= answers is around the first unread one and tells how many follow.
func (c *catchUp) unread(ctx context.Context, s *sieve) error {
	ref := s.ref
	page, err := c.h.readChat(ctx, ref, "initial="+id(itemsPage))
	if err != nil {
		return err
	}
	total, rest, first := page.Unread, page.AfterUnread, page
	s.begin(total)
	if rest > 0 && slices.ContainsFunc(unreadOf(page.Items), func(it chat.Item) bool { return c.foreign(&it) }) {
		// The first unread ones are not for us, and stay where they are for good.
		return c.back(ctx, ref, total, s.page)
	}
	found := 0
	see := func(p chat.Chat) {
		found += len(unreadOf(p.Items))
		s.page(p)
	}
	see(page)
	for n := found; rest > 0 && len(page.Items) > 0; n = found {
		last := page.Items[len(page.Items)-1].ID
		if page, err = c.h.readChat(ctx, ref, "after="+id(last)+" count="+id(itemsPage)); err != nil {
			return err
		}
		see(page)
		rest -= found - n
	}
	// Items sort by their time of sending, so late ones may stand before the
	// first unread one.
	atStart := len(first.Items) == 0
	for n := 0; found < total && !atStart; n++ {
		if n == latePages {
			return fmt.Errorf("%d of %d unread messages are older than %d others", total-found, total, n*itemsPage)
		}
		if first, err = c.h.readChat(ctx, ref, "before="+id(first.Items[0].ID)+" count="+id(itemsPage)); err != nil {
			return err
		}
		see(first)
		atStart = len(first.Items) < itemsPage
	}
	return nil
}

// back reads a chat from its end until so many unread items were there. It goes
// only a little way into what was there before the bot's first run: far enough for
// messages that were sent long before others and came later.
func (c *catchUp) back(ctx context.Context, ref chat.Ref, unread int, take func(chat.Chat)) error {
	page := "count=" + id(itemsPage)
	for foreign := 0; unread > 0 && foreign < latePages; {
		p, err := c.h.readChat(ctx, ref, page)
		if err != nil {
			return err
		}
		take(p)
		unread -= len(unreadOf(p.Items))
		if len(p.Items) < itemsPage {
			return nil
		}
		foreign++
		if slices.ContainsFunc(p.Items, func(it chat.Item) bool { return !c.foreign(&it) }) {
			foreign = 0
		}
		page = "before=" + id(p.Items[0].ID) + " count=" + id(itemsPage)
	}
	return nil
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
	return it.ID <= c.foreignTo || !created.IsZero() && !created.After(c.since)
}

func (c *catchUp) old(it *chat.Item) bool {
	sent, err := time.Parse(time.RFC3339Nano, it.SentAt)
	return err == nil && c.limits.MaxAge > 0 && c.h.clock.Now().Sub(sent) > c.limits.MaxAge
}

// stored is when the item was stored here; the zero time where it does not say.
func stored(it *chat.Item) time.Time {
	t, err := time.Parse(time.RFC3339Nano, it.CreatedAt)
	if err != nil {
		return time.Time{}
	}
	return t
}
