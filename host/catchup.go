package host

import (
	"context"
	"slices"
	"sync"
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
//	after the start  handle    reads each of them and opens its lane; a chat whose
//	                           reading hangs stays closed and holds up no other
type catchUp struct {
	h     *Host
	chats []unreadChat
	span  span
	// since and foreignTo: what was stored until then, by the core's clock, or has no
	// higher id is not for us.
	since     time.Time
	foreignTo int64
	limits    CatchUp
	// fresh tells that this is the bot's first run on the database, first that what
	// is in it is not for the bot then.
	fresh, first bool
	// unwritten tells that the state is not written down as it is.
	unwritten bool
	// returned tells that this is not the start: the connection to the core came
	// back, or the chat was stopped and started.
	returned bool
	released sync.Once

	mu sync.Mutex // guards what follows
	counts
}

// unreadChat is a chat that was listed, with so many unread items.
type unreadChat struct {
	ref    chat.Ref
	unread int
}

// span tells which messages are of the time before.
type span struct {
	// newest is the highest id that was there when unread chats were listed: no
	// limit is for what came after.
	newest int64
	// after tells that they were listed after the start: each may come as an event.
	after bool
}

// beginning is before everything that a core has ever stored.
var beginning = time.Unix(0, 0).UTC()

// know takes over the state and returns the one to go on with, on the database at
// that place. With all, what is unread at the first start is for the bot too.
func (c *catchUp) know(s hostState, place string, all bool) hostState {
	c.fresh = c.h.account.created || s.UserID != c.h.ctl.userID || s.Since.IsZero()
	c.first = c.fresh && !all
	if c.fresh {
		s = hostState{UserID: c.h.ctl.userID, Since: beginning}
	}
	c.unwritten = c.fresh || s.Database != place
	s.Database = place
	c.since, c.foreignTo = c.notAhead(s.Since), s.Newest
	return s
}

// notAhead is the time, or the beginning where the clock of a core of our own does
// not show it yet: until then everything would be foreign.
func (c *catchUp) notAhead(t time.Time) time.Time {
	if c.h.core.Owned() && t.After(c.h.clock.Now()) {
		return beginning
	}
	return t
}

// begin lists what is unread. At the first start it is written down, before the
// first event can come, who we are on this database and since when.
func (c *catchUp) begin(ctx context.Context) error {
	c.hold()
	var err error
	if c.first && !c.h.account.created { // else there is nothing yet
		err = c.lookBack(ctx)
	}
	if err == nil {
		err = c.list(ctx)
	}
	if err != nil {
		return &StartError{Step: "list the unread chats", Cause: err}
	}
	switch {
	case c.first:
		return c.keepFirst()
	case c.unwritten:
		return c.h.reports.keep(func(*hostState) {})
	}
	return nil
}

// lookBack finds out when something was last stored, which the chat that is listed
// first tells. It is a time of the core: our own clock may be wrong, or another's.
func (c *catchUp) lookBack(ctx context.Context) error {
	r, err := c.h.look(ctx, "/_get chats "+id(c.h.ctl.userID)+" count="+id(chatsPage))
	if err != nil {
		return err
	}
	chats, err := r.Chats()
	if err != nil {
		return err
	}
	last := beginning
	for _, one := range chats {
		if at, err := time.Parse(time.RFC3339Nano, one.Timestamp); err == nil && at.After(last) {
			last = at
		}
	}
	c.since = last
	return nil
}

// keepFirst writes down at the first run what is not for the bot: as ids, too, for
// the clock may be wrong at the next start.
func (c *catchUp) keepFirst() error {
	c.mu.Lock()
	newest := max(c.foreignTo, c.older)
	c.mu.Unlock()
	return c.h.reports.keep(func(s *hostState) { s.Since, s.Newest = c.since, newest })
}

// list asks for the unread chats, page by page. The core lists the chat with
// the newest item first.
func (c *catchUp) list(ctx context.Context) error {
	known := map[chat.Ref]bool{}
	before := ""
	for {
		r, err := c.h.look(ctx, "/_get chats "+id(c.h.ctl.userID)+before+" count="+id(chatsPage)+" "+unreadFilter)
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
	for i := range one.Items {
		it := &one.Items[i]
		c.span.newest = max(c.span.newest, it.ID)
		if c.first && (c.since.Equal(beginning) || c.foreign(it)) {
			c.foreignTo = max(c.foreignTo, it.ID)
		}
	}
	if c.first {
		c.skip(luaapi.Skipped{FirstRun: one.Unread})
		return
	}
	if c.untouched(one) {
		return
	}
	c.chats = append(c.chats, unreadChat{one.Ref, one.Unread})
	c.h.dispatcher.Close(c.lane(one.Ref))
}

// untouched tells that nothing was stored in a chat since our first start. The
// item that the list shows is the last one by its time of sending, and others may
// have come after it; the chat's time tells when.
func (c *catchUp) untouched(one chat.Chat) bool {
	last, err := time.Parse(time.RFC3339Nano, one.Timestamp)
	return err == nil && !last.After(c.since) && !slices.ContainsFunc(one.Items, func(it chat.Item) bool { return !c.foreign(&it) })
}

func (c *catchUp) lane(ref chat.Ref) chat.Lane {
	return chat.Lane{UserID: c.h.ctl.userID, Ref: ref}
}

// hold keeps the lanes of support chats closed, and what is known of messages,
// until release.
func (c *catchUp) hold() {
	c.h.taken.hold(c.h.clock.Now())
	c.h.dispatcher.HoldSupport()
}

func (c *catchUp) release() {
	c.released.Do(func() {
		c.h.dispatcher.ReleaseSupport()
		c.h.taken.release()
	})
}
