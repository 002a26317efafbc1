package luaapi

import (
	"context"
	"fmt"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// rate is a number of messages per second; 0 is no limit.
type rate float64

// broadcastRate is how fast a broadcast goes unless the script says otherwise.
const broadcastRate rate = 20

func (r *rate) decodeLua(v lua.LValue) error {
	n, ok := v.(lua.LNumber)
	if !ok || !(n > 0 && n <= 1e6) { // also not a number
		return fmt.Errorf("want messages per second, more than 0, got %s", describe(v))
	}
	*r = rate(n)
	return nil
}

// every is the time between two messages.
func (r rate) every() time.Duration { return time.Duration(float64(time.Second) / float64(r)) }

// pacer hands out moments that lie apart. The zero value is ready.
type pacer struct {
	mu   sync.Mutex // guards next
	next time.Time  // the first moment that is free
}

// reserve takes the next moment and returns how long it is until then.
func (p *pacer) reserve(now time.Time, r rate) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(r.every())
	return at.Sub(now)
}

// pace waits for the next moment of p, and keeps the lane.
func (rt *Runtime) pace(L *lua.LState, p *pacer, r rate) {
	if r == 0 {
		return
	}
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	if d := p.reserve(rt.clock.Now(), r); d > 0 {
		rt.unlocked(L, func(context.Context) { c.sleep(d) })
	}
}
