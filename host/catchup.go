package host

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
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
	span  span
	// since and foreignTo: what was stored before, or has no higher id, is not for us.
	since     time.Time
	foreignTo int64
	// started is when the chat was started: what is stored after comes as an event.
	started time.Time
	limits  CatchUp
	handled int
	skipped luaapi.Skipped
	// first tells that this is the bot's first run on the database, and that what
	// is in it is not for the bot.
	first bool
	// incomplete tells that something could not be read.
	incomplete bool
	// returned tells that this is not the start: the connection to the core came
	// back, and lost is since when it was away.
	returned bool
	lost     time.Time
}

// span are the ids of the messages that limits are for and that are in them.
type span struct {
	// oldest is the first one that is not too many.
	oldest int64
	// newest is the highest one that was listed: what came after the start has a
	// higher one, and may come as an event too.
	newest int64
}

// begin lists what is unread and returns the state to go on with. At the first
// start it is written down, before the first event can come, who we are on this
// database and since when; with all, what is unread already is for the bot too.
func (c *catchUp) begin(ctx context.Context, s hostState, all bool) (hostState, error) {
	now := c.h.clock.Now().UTC()
	fresh := s.UserID != c.h.ctl.userID || s.Since.IsZero()
	if fresh {
		s = hostState{UserID: c.h.ctl.userID, Since: now}
	}
	if fresh && all || s.Since.After(now) {
		// A clock that was ahead then would make everything foreign until that time.
		s.Since = time.Unix(0, 0).UTC()
	}
	c.since, c.foreignTo, c.first = s.Since, s.Newest, fresh && !all
	if err := c.list(ctx); err != nil {
		return s, &StartError{Step: "list the unread chats", Cause: err}
	}
	if c.first {
		s.Newest = c.span.newest
		c.foreignTo = s.Newest
	}
	if fresh {
		return s, s.save(c.h.data.state())
	}
	return s, nil
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
		c.span.newest = max(c.span.newest, it.ID)
	}
	if c.first {
		c.skipped.FirstRun += one.Unread
		return
	}
	for _, it := range one.Items {
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
	c.cut(ctx)
	for _, one := range c.chats {
		events, seen, err := c.read(ctx, one.Ref)
		c.incomplete = c.incomplete || err != nil
		if err != nil && !gone(err) && ctx.Err() == nil {
			c.h.log.Error("unread messages could not be read; they are handled after the next start", "chat", one.Ref.String(), "err", err)
		}
		c.h.dispatcher.Reopen(c.lane(one.Ref), events, seen)
		c.handled += len(events)
	}
	var list struct {
		Groups []group `json:"groups"`
	}
	if err := c.ask(ctx, "/_groups "+id(c.h.ctl.userID), &list); err != nil {
		c.failed(ctx, "groups", err)
	}
	c.support(ctx, list.Groups)
	c.pending(ctx, list.Groups)
	if !c.incomplete && !c.returned {
		c.h.attempts.forget()
	}
	switch {
	case c.handled > 0 && c.returned:
		c.h.log.Info("messages of the time without connection are handled now", "messages", c.handled)
	case c.handled > 0:
		c.h.log.Info("messages of the time before the start are handled now", "messages", c.handled)
	}
	if c.skipped != (luaapi.Skipped{}) {
		c.h.tellSkipped(c.skipped)
	}
}

// read returns the unread messages of a chat as events, oldest first, and the
// ids of those that will come as events as well.
func (c *catchUp) read(ctx context.Context, ref chat.Ref) (events []chat.Event, seen []int64, err error) {
	items, user, err := c.unread(ctx, ref)
	events, seen = c.sort(ref, user, items, c.span)
	return events, seen, err
}

// sort decides about unread items: which are handled, which are only marked.
func (c *catchUp) sort(ref chat.Ref, user []byte, items []chat.Item, in span) (events []chat.Event, seen []int64) {
	var mark []int64
	for i := range items {
		it := &items[i]
		if known, handled := c.h.taken.has(it.ID); known {
			if handled {
				mark = append(mark, it.ID) // the mark got lost
			}
			continue
		}
		fresh := it.ID > in.newest
		if fresh || c.returned {
			seen = append(seen, it.ID)
		}
		switch {
		case c.foreign(it):
		case !it.Received():
			mark = append(mark, it.ID) // invitations, group events: only marked
		case fresh: // not of the time before, so no limit is for it
			c.h.taken.add(it.ID)
			events = append(events, chat.ItemsEvent(user, *it))
		case c.old(it):
			c.skipped.TooOld++
			mark = append(mark, it.ID)
		case it.ID < in.oldest:
			c.skipped.TooMany++
			mark = append(mark, it.ID)
		default:
			c.h.attempts.found(it)
			c.h.taken.add(it.ID)
			events = append(events, again(user, it))
		}
	}
	c.h.marks.add(ref, mark...)
	return events, seen
}

// again is the event of a message that was found unread. Attempt is not final:
// which try it is, is counted when its turn comes.
func again(user []byte, it *chat.Item) chat.Event {
	ev := chat.ItemsEvent(user, *it)
	ev.Attempt = 1
	return ev
}

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
		ids = c.eligible(ids, items, c.span.newest)
	}
	c.span.oldest = oldestOf(ids, c.limits.MaxItems)
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
