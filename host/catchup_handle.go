package host

import (
	"context"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// handle reads what was listed and hands the unread messages to their lanes.
func (c *catchUp) handle(ctx context.Context) {
	c.unreadChats(ctx)
	beside(ctx, c, []struct{}{{}}, true, func(struct{}) groupList { return c.groups(ctx) }, func(lists []groupList) {
		for _, list := range lists {
			if list.known {
				c.support(ctx, list.groups)
			}
			c.release()
			c.awaitScript(ctx)
			c.patiently(ctx, func() { c.pending(ctx, list.groups) })
		}
	})
	c.release()
	c.conclude()
}

// unreadChats handles the chats that were listed: each as soon as it is read, or,
// where there may be too many messages, when it is known which are the newest.
func (c *catchUp) unreadChats(ctx context.Context) {
	unread := 0
	for _, one := range c.chats {
		unread += one.unread
	}
	newest := newFew(c.limits.MaxItems)
	beside(ctx, c, c.chats, unread > c.limits.MaxItems,
		func(one unreadChat) *sieve { return c.read(ctx, one, newest) }, c.reopen)
}

func (c *catchUp) read(ctx context.Context, one unreadChat, newest *few) *sieve {
	s := c.sieve(one.ref, one.unread, c.span, newest)
	err := c.unread(ctx, s)
	s.end()
	if err != nil {
		c.fail()
	}
	if err != nil && !gone(err) && ctx.Err() == nil {
		c.h.log.Error("unread messages could not be read; they are handled after the next start", "chat", one.ref.String(), "err", err)
	}
	return s
}

// reopen opens the lanes of chats that were read.
func (c *catchUp) reopen(read []*sieve) {
	for _, s := range read {
		events := s.events()
		c.found(len(events))
		c.h.dispatcher.Reopen(c.lane(s.ref), events)
	}
}

// counts are what a catch-up has come to; its mu guards them.
type counts struct {
	// under counts what is being read.
	under int
	// handled are the messages that were handed to lanes, told those of them that
	// the log has told.
	handled, told int
	skipped       luaapi.Skipped
	// older is the highest id of what was found after the first start and was stored
	// before, noted whether that is written down.
	older int64
	noted bool
	// incomplete tells that something could not be read.
	incomplete bool
	// concluded tells that who is still reading was gone past.
	concluded bool
}

func (c *catchUp) begun() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.under++
}

// ended tells what came of a reading that was gone past.
func (c *catchUp) ended() {
	c.mu.Lock()
	c.under--
	late := c.concluded
	c.mu.Unlock()
	if late {
		c.conclude()
	}
}

func (c *catchUp) found(messages int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handled += messages
}

// room is how many more messages max_items allows.
func (c *catchUp) room() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.limits.MaxItems - c.handled
}

func (c *catchUp) skip(s luaapi.Skipped) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skipped.TooMany += s.TooMany
	c.skipped.TooOld += s.TooOld
	c.skipped.FirstRun += s.FirstRun
}

// wasBefore notes an item that was found at the first start and stored before.
func (c *catchUp) wasBefore(item int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if item > max(c.foreignTo, c.older) {
		c.older, c.noted = item, false
	}
}

// fail notes that something could not be read.
func (c *catchUp) fail() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.incomplete = true
}

// conclude tells what has come of the catch-up, or has since it was told.
func (c *catchUp) conclude() {
	c.mu.Lock()
	handled, skipped := c.handled-c.told, c.skipped
	c.told, c.skipped, c.concluded = c.handled, luaapi.Skipped{}, true
	complete, unnoted := c.under == 0 && !c.incomplete, c.older > 0 && !c.noted
	c.noted = true
	c.mu.Unlock()
	if unnoted {
		if err := c.keepFirst(); err != nil {
			c.h.log.Warn("what was there before the bot could not be noted", "err", err)
		}
	}
	if complete && !c.returned {
		c.h.attempts.forget()
	}
	switch {
	case handled > 0 && c.returned:
		c.h.log.Info("messages whose events never came are handled now", "messages", handled)
	case handled > 0:
		c.h.log.Info("messages of the time before the start are handled now", "messages", handled)
	}
	if skipped != (luaapi.Skipped{}) {
		c.tell(skipped)
	}
}

// tell tells about messages that are not handled. on_skipped may wait for as long
// as it likes, so nobody waits for it.
func (c *catchUp) tell(skipped luaapi.Skipped) {
	c.h.telling.Add(1)
	c.h.work.Go(func() {
		defer c.h.telling.Add(-1)
		c.h.tellSkipped(skipped)
	})
}
