package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/host/lanes"
	"github.com/simplex-lua/simplex-lua/host/listen"
	"github.com/simplex-lua/simplex-lua/host/watch"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/loglimit"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Host is one running bot: a script, its controller and what stands between
// them. New makes it, Run runs it once. All methods are safe for use by several
// goroutines.
type Host struct {
	opts Options
	log  *slog.Logger
	load loader

	// stopped ends when Stop is called.
	stopped  context.Context
	stop     context.CancelFunc
	begun    atomic.Bool
	opened   chan struct{} // closed when ctl can be used
	pinging  chan struct{} // holds a token while a Ping is under way
	ready    chan struct{} // closed when the start-up is done
	ended    chan struct{} // closed when Run returns
	saving   chan struct{} // holds a token while a snapshot is taken
	missed   chan struct{} // holds a token when events got lost, whose messages are there
	reloadMu chan struct{} // holds a token while nobody loads, swaps or syncs

	// What follows is set by the start, before other goroutines see it.

	// ctx is for the host's own commands; it outlives Run's, so that marks can
	// still be sent while the bot stops.
	ctx    context.Context
	cancel context.CancelFunc
	// draining ends when the bot stops and its handlers have had their time.
	draining  context.Context
	endDrains context.CancelFunc

	started time.Time
	data    *dataFolder
	// database is where the core keeps its own.
	database Database
	core     chat.Core // gate, after it was opened
	gate     *gatedCore
	ctl      *control
	account  *account
	version  string
	// address is the bot's link, "" without one.
	address atomic.Pointer[string]
	// chatStarted tells that /_start was sent, so that /_stop must be.
	chatStarted bool

	watcher    *watch.Watcher // nil where nothing is watched
	script     Script
	dispatcher *lanes.Dispatcher
	receiver   *receiver
	errors     *errorQueue // of the receiver, and the core's critical ones
	marks      *marker
	live       *liveItems
	clock      luaapi.Clock // the script's
	timers     *luaapi.TimerBook
	attempts   *attempts // nil until the controller is open
	first      *catchUp  // of the start
	taken      *taken
	older      func(*chat.Item) bool // at the first run on another's core, which has kept events of before; else nil
	reports    *reportLog
	network    network
	listeners  listen.Addresses // of the script's generations, which close them
	setAside   atomic.Uint64    // messages that ended the process again and again
	coreErrors loglimit.Limiter // these two keep a storm of errors from filling the log
	critical   loglimit.Limiter
	restart    atomic.Bool // the core has asked for one
	lastError  keptError
	skipped    atomic.Uint64 // messages of the time before the start
	telling    atomic.Int64  // on_skipped handlers under way

	caughtUp  chan struct{}  // closed when what was unread is in its lanes
	work      sync.WaitGroup // every goroutine of the host but the receiver's
	receiving bool           // the receiver's goroutine was started
	quit      chan struct{}  // closed when no more events are wanted
	received  chan error     // what the receiver ended with
}

// New checks the options. It opens, reads and starts nothing.
func New(o Options) (*Host, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &Host{
		opts: o, log: o.Log.With("bot", o.logName()),
		ready: make(chan struct{}), ended: make(chan struct{}), reloadMu: make(chan struct{}, 1), saving: make(chan struct{}, 1), missed: make(chan struct{}, 1),
		coreErrors: loglimit.Limiter{Every: time.Second}, critical: loglimit.Limiter{Every: time.Second},
		opened: make(chan struct{}), pinging: make(chan struct{}, 1),
		quit: make(chan struct{}), caughtUp: make(chan struct{}), received: make(chan error, 1),
	}
	h.log = slog.New(errorKeeper{h.log.Handler(), &h.lastError, 0})
	if h.clock = o.Lab.Clock; h.clock == nil {
		h.clock = luaapi.MachineClock{}
	}
	h.live, h.taken = newLiveItems(h.clock), newTaken()
	h.load, h.errors = h.loadLua, newErrorQueue(h.log)
	h.stopped, h.stop = context.WithCancel(context.Background())
	return h, nil
}

// Run makes a Host and runs it.
func Run(ctx context.Context, o Options) error {
	h, err := New(o)
	if err != nil {
		return err
	}
	return h.Run(ctx)
}

// Run loads the script, opens the controller, starts the chat and handles
// events until ctx ends or the bot is stopped; then it stops gracefully, which
// may take as long as Options.Grace, and returns nil. Errors are a
// *luaapi.ScriptError, a *DataError, a *StartError, or one that wraps
// ErrCoreGone. A Host runs once.
func (h *Host) Run(ctx context.Context) error {
	if h.begun.Swap(true) {
		return fmt.Errorf("host: %w: a Host runs once", ErrStopped)
	}
	defer close(h.ended)
	defer h.stop()
	run, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.stopped, cancel)()
	h.ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer h.cancel()
	h.draining, h.endDrains = context.WithCancel(h.ctx)
	h.started = h.clock.Now()

	hangs, err := h.startWithin(run)
	if hangs {
		return fmt.Errorf("%w: the start hangs in a command", ErrNotClosed)
	}
	grace := h.opts.Grace
	if err == nil {
		if err = h.serve(run); err != nil {
			grace = min(grace, gonePatience)
		}
	} else if run.Err() != nil && errors.Is(err, context.Cause(run)) {
		err = nil // stopped while it was starting
	}
	return errors.Join(err, h.shutdown(grace))
}

// serve waits for the end.
func (h *Host) serve(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-h.received:
		h.received <- nil // shutdown asks again
		return fmt.Errorf("%w: %w", ErrCoreGone, err)
	}
}

// Stop ends Run gracefully and does not wait for it. It is what bot.stop calls.
func (h *Host) Stop(reason string) {
	if h.stopped.Err() == nil {
		h.log.Info("the bot was asked to stop", "reason", reason)
	}
	h.stop()
}

// Ready is closed when the bot is started: its chat runs, its address is known,
// its on_start handlers have run and events are handled.
func (h *Host) Ready() <-chan struct{} { return h.ready }

// Done is closed when Run has returned.
func (h *Host) Done() <-chan struct{} { return h.ended }

// Status is what is known about a running bot.
type Status struct {
	Name       string
	Generation int // of the script, counted from 1
	Started    time.Time
	// Loaded is when the generation took over.
	Loaded time.Time
	// CatchingUp tells that what was unread at the start is still being read.
	CatchingUp bool
	// Busy is how many handlers and tasks are under way, Lanes how many chats have
	// something to do.
	Busy, Lanes int
	UserID      int64
	// Address is the bot's link, "" without one.
	Address     string
	CoreVersion string
	// Queued and QueuedBytes are what waits in the lanes.
	Queued      int
	QueuedBytes int64
	// Handled, Spilled, Dropped and Unreadable count events since the start:
	// handled, kept in the database until their turn, lost for lack of memory,
	// lost since they could not be read.
	Handled, Spilled, Dropped, Unreadable uint64
	// Unwanted counts events that nobody had registered for, which were not queued.
	Unwanted uint64
	// SetAside counts messages that were marked and not handled: the process died
	// at them three times, or (in this generation) their sender had three handlers
	// cut at their cpu_limit.
	SetAside uint64
	// Skipped counts messages of the time before the start that are not handled.
	Skipped uint64
	// Unmarked counts messages that are handled and not yet marked as read.
	Unmarked int
	// Receiving is false while the core gives errors instead of events.
	Receiving bool
	// WantsRestart tells that the core asked for a restart of the bot, after an
	// error that it cannot get over.
	WantsRestart bool
	// Network is what the core last told about its servers.
	Network NetworkStatus
}

// Status returns false before Ready and after Run has ended.
func (h *Host) Status() (Status, bool) {
	select {
	case <-h.ready:
	default:
		return Status{}, false
	}
	g := h.script.now()
	if g == nil {
		return Status{}, false
	}
	s := Status{
		Name: h.opts.Name, Generation: g.n, Started: h.started, UserID: h.ctl.userID,
		Address: *h.address.Load(), CoreVersion: h.version, Unmarked: h.marks.waiting(),
		Unreadable: h.receiver.unreadable.Load(), Receiving: !h.receiver.failing.Load(), WantsRestart: h.restart.Load(),
		Loaded: g.since, CatchingUp: !isClosed(h.caughtUp), Busy: h.script.busy(), Skipped: h.skipped.Load(),
		SetAside: h.setAside.Load() + g.rt.SetAside(), Network: h.network.status(),
	}
	waiting := h.dispatcher.Stats()
	s.Lanes, s.Queued, s.QueuedBytes = waiting.Lanes, waiting.Queued, waiting.QueuedBytes
	s.Handled, s.Spilled, s.Dropped, s.Unwanted = waiting.Handled, waiting.Spilled, waiting.Dropped, waiting.Unwanted
	return s, true
}

// LastError returns the last error that the bot logged; At is zero where there
// was none, or the script was replaced since.
func (h *Host) LastError() LastError { return h.lastError.get() }

// report hands an error to the script's on_error, which logs it too. It waits for
// those handlers, so the receiver must not call it.
func (h *Host) report(err error) {
	g, _ := h.script.enter()
	if g == nil {
		h.log.Error("an error after the script's end", "err", err)
		return
	}
	defer g.leave()
	g.rt.Report(err)
}

// tellSkipped tells the operator and the script about messages that are not handled.
func (h *Host) tellSkipped(s luaapi.Skipped) {
	h.skipped.Add(uint64(s.TooMany + s.TooOld + s.FirstRun))
	h.log.Warn("messages of the time before the start are not handled", "too_many", s.TooMany, "too_old", s.TooOld, "first_run", s.FirstRun)
	if g, _ := h.script.enter(); g != nil {
		defer g.leave()
		g.rt.Skipped(s)
	}
}

// newSession is what scripts learn about the controller.
func (h *Host) newSession() luaapi.Session {
	return luaapi.Session{
		Core: h.core, UserID: h.ctl.userID, Address: h.account.link, CoreVersion: h.version,
		FilesDir: h.data.files(), DataDir: h.data.root, Started: h.started,
		Timers: h.timers, Connections: h.connections,
	}
}
