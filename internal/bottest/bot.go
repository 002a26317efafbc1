package bottest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

var _ luaapi.SimBot = (*bot)(nil)

// bot runs the script of a case on its network, again and again on the same
// data.
type bot struct {
	net    *network
	opts   host.Options
	log    *journal
	cover  *coverage
	host   *host.Host
	core   *core
	cancel context.CancelFunc
	ended  chan error // what Run returned, while it was not asked for
	name   string

	mu       sync.Mutex // guards the fields below
	runtime  *luaapi.Runtime
	stopping bool // the script has called bot.stop
}

// errStopped is what a test gets that needs a running bot.
var errStopped = errors.New("the bot has stopped; net:restart() starts it again")

// start returns when the bot is ready and at rest. The error is the script's,
// where it does not load.
func (b *bot) start(ctx context.Context) error {
	o := b.opts
	o.OpenCore = b.open
	o.Lab = luaapi.Lab{Clock: b.net.clock, Loaded: b.loaded, Registered: b.cover.registered, Ran: b.cover.ran, Stopped: b.stopped}
	o.Log = slog.New(b.log)
	h, err := host.New(o)
	if err != nil {
		return err
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b.host, b.cancel, b.ended = h, cancel, make(chan error, 1)
	go func(ended chan<- error) { ended <- h.Run(run) }(b.ended) // stop waits for it
	select {
	case <-h.Ready():
	case <-h.Done():
		err := <-b.ended
		b.ended <- nil
		if err == nil {
			err = errors.New("the bot stopped while it was starting")
		}
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if b.name, err = b.core.UserName(ctx); err != nil {
		return err
	}
	return b.net.rest(ctx)
}

func (b *bot) open(_ context.Context, db host.Database) (chat.Core, error) {
	c, err := b.net.sim.OpenBot(db.Key, db.Confirm)
	if err != nil {
		return nil, err
	}
	b.core = newCore(c, b.net.clock.Now)
	return b.core, nil
}

func (b *bot) loaded(rt *luaapi.Runtime) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.runtime, b.stopping = rt, false
}

func (b *bot) stopped() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopping = true
}

func (b *bot) isStopping() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stopping
}

func (b *bot) script() *luaapi.Runtime {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.runtime
}

// rest waits until the bot has nothing to do but what time would bring. One
// that stops is at rest when it has.
func (b *bot) rest(ctx context.Context) error {
	return b.host.Rest(ctx, b.core.made, b.isStopping)
}

// Name is the name in the bot's profile.
func (b *bot) Name() string { return b.name }

// Address is the bot's link.
func (b *bot) Address() string {
	s, _ := b.host.Status()
	return s.Address
}

// Running is false after bot.stop.
func (b *bot) Running() bool {
	select {
	case <-b.host.Done():
		return false
	default:
		return true
	}
}

// State is a copy of bot.state.
func (b *bot) State() (json.RawMessage, error) {
	if !b.Running() {
		return nil, errStopped
	}
	return b.script().State()
}

// SetState replaces bot.state.
func (b *bot) SetState(state json.RawMessage) error {
	if !b.Running() {
		return errStopped
	}
	return b.script().SetState(state)
}

// Raw gives the bot an event.
func (b *bot) Raw(ctx context.Context, event json.RawMessage) error {
	if err := b.core.inject(event); err != nil {
		return err
	}
	return b.net.rest(ctx)
}

// TakeError returns the oldest error that was not taken yet.
func (b *bot) TakeError() (string, bool) { return b.log.takeError() }

// Restart ends the bot and starts it again. Before a kill, what was handled is
// marked as read, so that only the work under way is found again, and what a kill
// in the wrong moment would have left unmarked.
func (b *bot) Restart(ctx context.Context, end luaapi.SimEnd) error {
	if end != luaapi.SimStop && b.Running() {
		if err := b.marked(ctx); err != nil {
			return err
		}
		if end == luaapi.SimKillUnmarked {
			b.core.Unread(b.core.recent(b.net.clock.Now())...)
		}
		b.core.Kill()
		<-b.ended // it says that the core is gone
	} else if err := b.stop(); err != nil {
		return err
	}
	return b.start(ctx)
}

// marked waits until no read marks are on their way.
func (b *bot) marked(ctx context.Context) error {
	if err := b.net.rest(ctx); err != nil {
		return err
	}
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if s, running := b.host.Status(); !running || s.Unmarked == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stop ends the bot as SIGTERM does; the second call does nothing.
func (b *bot) stop() error {
	if b.host == nil {
		return nil
	}
	b.cancel()
	<-b.host.Done()
	select {
	case err := <-b.ended:
		return err
	default:
		return nil
	}
}
