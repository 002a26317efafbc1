package host

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// latePages is how many pages before the first unread message are searched for
// others that were sent earlier and came later.
const latePages = 50

// cut finds out below which id messages are too many, if there may be so many:
// the newest ones of all chats are handled.
func (c *catchUp) cut(ctx context.Context) {
	unread := 0
	for _, one := range c.chats {
		unread += one.Unread
	}
	if unread <= c.limits.MaxItems {
		return
	}
	var ids []int64
	for _, one := range c.chats {
		items, _, err := c.unread(ctx, one.Ref)
		if err != nil {
			continue // it is said when the chat is read once more
		}
		ids = c.eligible(ids, items, c.listed(one, items))
	}
	c.span.oldest = oldestOf(ids, c.limits.MaxItems)
}

// listed is the highest id of a chat's unread items that were there when it was
// listed. The item that the list shows says too little: it is the last one by its
// time of sending, in whole seconds where somebody else sent it, so that our own
// answer may stand above messages with higher ids. But ids grow, and as many as
// were counted were there.
func (c *catchUp) listed(one chat.Chat, unread []chat.Item) int64 {
	ids := make([]int64, len(unread))
	for i := range unread {
		ids[i] = unread[i].ID
	}
	slices.Sort(ids)
	n := min(one.Unread, len(ids))
	if n == 0 {
		return c.span.newest
	}
	return max(c.span.newest, ids[n-1])
}

// eligible adds the ids of the messages that only max_items keeps from being handled.
func (c *catchUp) eligible(ids []int64, items []chat.Item, newest int64) []int64 {
	for i := range items {
		if it := &items[i]; it.Received() && it.ID <= newest && !c.foreign(it) && !c.old(it) {
			ids = append(ids, it.ID)
		}
	}
	return ids
}

// oldestOf is the first id of the newest n.
func oldestOf(ids []int64, n int) int64 {
	slices.Sort(ids)
	switch {
	case len(ids) <= n:
		return 0
	case n <= 0:
		return math.MaxInt64
	}
	return ids[len(ids)-n]
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
	atStart := len(first) == 0
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
	for n := 0; len(found) < total && !atStart; n++ {
		if n == latePages {
			return found, user, fmt.Errorf("%d of %d unread messages are older than %d others", total-len(found), total, n*itemsPage)
		}
		if page, err = c.h.readChat(ctx, ref, "before="+id(first[0].ID)+" count="+id(itemsPage)); err != nil {
			return found, user, err
		}
		found = append(unreadOf(page.Items), found...)
		first, atStart = page.Items, len(page.Items) < itemsPage
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
	return it.ID <= c.foreignTo || !created.IsZero() && created.Before(c.since)
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
