package host

import (
	"context"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// handle reads the chats that were listed, one after the other, and hands their
// unread messages to their lanes.
func (c *catchUp) handle(ctx context.Context) {
	c.unreadChats(ctx)
	groups := c.support(ctx)
	c.release()
	if c.older > c.foreignTo {
		if err := c.keepFirst(); err != nil {
			c.h.log.Warn("what was there before the bot could not be noted", "err", err)
		}
	}
	c.awaitScript(ctx)
	c.pending(ctx, groups)
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
		c.tell(c.skipped)
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

// unreadChats handles the chats that were listed: each as soon as it is read, or,
// where there may be too many messages, when it is known which are the newest.
func (c *catchUp) unreadChats(ctx context.Context) {
	unread := 0
	for _, one := range c.chats {
		unread += one.unread
	}
	newest := newFew(c.limits.MaxItems)
	var held []*sieve
	for _, one := range c.chats {
		s := c.read(ctx, one, newest)
		if unread > c.limits.MaxItems {
			held = append(held, s)
		} else {
			c.reopen(s)
		}
	}
	for _, s := range held {
		c.reopen(s)
	}
}

func (c *catchUp) read(ctx context.Context, one unreadChat, newest *few) *sieve {
	s := c.sieve(one.ref, one.unread, c.span, newest)
	err := c.unread(ctx, s)
	s.end()
	c.incomplete = c.incomplete || err != nil
	if err != nil && !gone(err) && ctx.Err() == nil {
		c.h.log.Error("unread messages could not be read; they are handled after the next start", "chat", one.ref.String(), "err", err)
	}
	return s
}

// reopen opens the lane of a chat that was read.
func (c *catchUp) reopen(s *sieve) {
	events := s.events()
	c.h.dispatcher.Reopen(c.lane(s.ref), events)
	c.handled += len(events)
}
