package host

import (
	"context"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// missedPause is how long follow waits after it has looked for what miss tells of: a
// core that gives nothing but garbage must not keep it busy.
const missedPause = time.Minute

// miss tells that events may be lost whose messages are stored. It does not block.
func (h *Host) miss() {
	h.reports.freeze()
	token(h.missed)
}

// follow looks for messages whose events never came, each time after the
// connection to the core was lost and came back, and after miss, until the bot
// stops. first is the catch-up of the start.
func (h *Host) follow(returned <-chan time.Time, first *catchUp) {
	select {
	case <-h.caughtUp:
	case <-h.stopped.Done():
		return
	}
	missed, pause := h.missed, (<-chan time.Time)(nil)
	for {
		select {
		case <-returned:
			h.reports.freeze()
		case <-missed: // and the reports are frozen since before
			missed, pause = nil, time.After(missedPause)
		case <-pause:
			missed, pause = h.missed, nil
			continue
		case <-h.stopped.Done():
			return
		}
		c := &catchUp{
			h: h, limits: h.opts.CatchUp.limits(h.catchUpSettings()), since: first.since, foreignTo: first.foreignTo,
			returned: true,
		}
		c.again(h.stopped)
	}
}

func (h *Host) catchUpSettings() luaapi.CatchUp {
	if g := h.script.now(); g != nil {
		return g.rt.Settings().CatchUp
	}
	return luaapi.CatchUp{}
}

// again catches up while the bot runs. Unlike at the start, messages that are
// waiting or being handled are unread as well, and events of others may still be
// on their way: taken knows them.
func (c *catchUp) again(ctx context.Context) {
	c.hold()
	beside(ctx, c, []struct{}{{}}, true, func(struct{}) error { return c.list(ctx) }, func(errs []error) {
		for _, err := range errs {
			c.listed(ctx, err)
		}
	})
	c.release()
}

func (c *catchUp) listed(ctx context.Context, err error) {
	if err == nil {
		c.handle(ctx)
		return
	}
	for _, one := range c.chats {
		c.h.dispatcher.Reopen(c.lane(one.ref), nil)
	}
	if ctx.Err() == nil {
		c.h.log.Error("messages whose events never came could not be looked for", "err", err)
	}
}
