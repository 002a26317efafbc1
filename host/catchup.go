package host

import (
	"context"
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
	chats []unreadChat
	span  span
	// since and foreignTo: what was stored before, or has no higher id, is not for us.
	since     time.Time
	foreignTo int64
	limits    CatchUp
	handled   int
	skipped   luaapi.Skipped
	// fresh tells that this is the bot's first run on the database, first that what
	// is in it is not for the bot then.
	fresh, first bool
	// unwritten tells that the state is not written down as it is.
	unwritten bool
	// incomplete tells that something could not be read.
	incomplete bool
	// returned tells that this is not the start: the connection to the core came
	// back.
	returned bool
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

// know takes over the state and returns the one to go on with, on the database at
// that place. With all, what is unread at the first start is for the bot too.
func (c *catchUp) know(s hostState, place string, all bool) hostState {
	now := c.h.clock.Now().UTC()
	c.fresh = c.h.account.created || s.UserID != c.h.ctl.userID || s.Since.IsZero()
	if c.fresh {
		s = hostState{UserID: c.h.ctl.userID, Since: now}
	}
	c.unwritten = c.fresh || s.Database != place
	s.Database = place
	if c.fresh && all || s.Since.After(now) {
		// A clock that was ahead then would make everything foreign until that time.
		s.Since = time.Unix(0, 0).UTC()
	}
	c.since, c.foreignTo, c.first = s.Since, s.Newest, c.fresh && !all
	return s
}

// begin lists what is unread. At the first start it is written down, before the
// first event can come, who we are on this database and since when.
func (c *catchUp) begin(ctx context.Context) error {
	c.hold()
	if err := c.list(ctx); err != nil {
		return &StartError{Step: "list the unread chats", Cause: err}
	}
	if c.first {
		c.foreignTo = c.span.newest
	}
	if c.unwritten {
		return c.h.reports.keep(c.foreignTo)
	}
	return nil
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
	for _, it := range one.Items {
		c.span.newest = max(c.span.newest, it.ID)
	}
	if c.first {
		c.skipped.FirstRun += one.Unread
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
	return err == nil && last.Before(c.since) && !slices.ContainsFunc(one.Items, func(it chat.Item) bool { return !c.foreign(&it) })
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
	c.h.dispatcher.ReleaseSupport()
	c.h.taken.release()
}
