package host

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/host/watch"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Phases of a supervised bot.
const (
	PhaseStarting = "starting" // not ready yet
	PhaseRunning  = "running"
	PhaseWaiting  = "waiting" // it has ended and is started again at BotState.Retry
	PhaseEnded    = "ended"   // for good
)

// BotState is what a Supervisor knows about a bot.
type BotState struct {
	Phase string
	// Since is when the phase began.
	Since time.Time
	// Restarts counts how often the bot was started again.
	Restarts int
	// Err is what the bot last ended with; nil if it never did, or gracefully.
	Err error
	// Retry is when a waiting bot is started again, at the latest.
	Retry time.Time
	// Stopped tells that the bot has ended as asked while it waited for its next
	// start; Err is what it waited for.
	Stopped bool
	// Apart tells that the bot runs in a process of its own.
	Apart bool
}

// Supervised is one bot of a Supervisor: one Host after the other, or one
// process.
type Supervised struct {
	opts    Options
	restart Restart
	apart   func(ctx context.Context) error
	log     *slog.Logger
	newHost func(Options) (*Host, error)

	stopped context.Context // ends when Stop is called
	stop    context.CancelFunc
	hurry   chan struct{} // ends a wait before the next start
	ended   chan struct{} // closed at the end for good
	result  error         // what Run says of the bot; to be read when ended is closed

	mu    sync.Mutex // guards what follows
	host  *Host
	state BotState
}

// newSupervised is one of s's bots, whose options are complete.
func newSupervised(bot Bot, s *Supervisor) *Supervised {
	o := bot.Options
	o.OpenCore = s.databases.guard(o)
	b := &Supervised{
		opts: o, restart: bot.Restart.withDefaults(), apart: bot.Apart, newHost: New,
		log: o.Log.With("bot", o.logName()), hurry: make(chan struct{}, 1), ended: make(chan struct{}),
		state: BotState{Phase: PhaseStarting, Since: time.Now(), Apart: bot.Apart != nil},
	}
	b.stopped, b.stop = context.WithCancel(context.Background())
	return b
}

// Name is the bot's name, unique in its Supervisor.
func (b *Supervised) Name() string { return b.opts.Name }

// Script is the path of the bot's script.
func (b *Supervised) Script() string { return b.opts.Script }

// Data is the absolute path of the bot's data folder, "" for an ephemeral one.
func (b *Supervised) Data() string { return b.opts.Data }

// Host is the running Host, nil while there is none: between two starts, after
// the end, and where the bot runs in a process of its own.
func (b *Supervised) Host() *Host {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.host
}

// State tells how the bot is.
func (b *Supervised) State() BotState {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.state
	if s.Phase == PhaseStarting && b.host != nil && isClosed(b.host.Ready()) {
		s.Phase = PhaseRunning
	}
	return s
}

// Stop ends the bot gracefully and for good, and does not wait for it.
func (b *Supervised) Stop(reason string) {
	if h := b.Host(); h != nil {
		h.Stop(reason)
	}
	b.stop()
}

// Reload loads the script again, as Host.Reload does. A bot that waits for its
// next start is started now, and nil returned. Where the bot runs in a process
// of its own, Options.Reloads reaches it and this returns ErrStopped.
func (b *Supervised) Reload(ctx context.Context) error {
	if h := b.Host(); h != nil {
		return h.Reload(ctx)
	}
	if b.State().Phase != PhaseWaiting {
		return ErrStopped
	}
	token(b.hurry)
	return nil
}

// run starts the bot again and again, as its restart policy says, until ctx
// ends, it has ended for good, or s gives all bots up.
func (b *Supervised) run(ctx context.Context, s *Supervisor) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(b.stopped, cancel)()
	delay := b.restart.Delay
	for {
		seen := watch.SumOf(b.opts.Script)
		began := time.Now()
		ran, err := b.once(ctx)
		if !b.restart.again(err) {
			b.enter(PhaseEnded, err, time.Time{})
			s.ended(ran)
			return err
		}
		if time.Since(began) > b.restart.MaxDelay {
			delay = b.restart.Delay
		}
		b.enter(PhaseWaiting, err, time.Now().Add(delay))
		s.ended(ran)
		if !isClosed(s.hopeless) {
			b.tell(ctx, err, delay)
		}
		if !b.wait(ctx, delay, seen, s.hopeless) {
			if ctx.Err() != nil {
				b.asked()
				b.enter(PhaseEnded, err, time.Time{})
				return nil // the error was told
			}
			b.enter(PhaseEnded, err, time.Time{})
			return err
		}
		delay = min(2*delay, b.restart.MaxDelay)
		b.again()
	}
}

// once runs the bot one time; ran tells whether it was ready, or may have been.
func (b *Supervised) once(ctx context.Context) (ran bool, err error) {
	if b.apart != nil {
		b.enter(PhaseRunning, nil, time.Time{})
		err := b.apart(ctx)
		return err == nil || !b.restart.Final(err), err
	}
	h, err := b.newHost(b.opts)
	if err != nil {
		return false, err
	}
	b.set(h)
	defer b.set(nil)
	if b.stopped.Err() != nil {
		return false, nil // Stop came before there was a host
	}
	err = h.Run(ctx)
	return isClosed(h.Ready()), err
}

func (b *Supervised) tell(ctx context.Context, err error, delay time.Duration) {
	switch {
	case ctx.Err() == nil && err == nil:
		b.log.Info("the bot has ended and is started again", "in", delay.String())
	case ctx.Err() == nil:
		b.log.Error("the bot has failed and is started again", append([]any{"in", delay.String()}, b.failure(err)...)...)
	case err != nil:
		b.log.Error("the bot has failed", b.failure(err)...)
	}
}

// failure is what the log says of an error: also its script's line, and what to
// do about it, as where the program ends with it.
func (b *Supervised) failure(err error) []any {
	attrs := []any{"err", err}
	script, hinted := (*luaapi.ScriptError)(nil), (interface{ Hint() string })(nil)
	if errors.As(err, &script) && script.Source != "" && !b.log.Enabled(context.Background(), slog.LevelDebug) {
		attrs = append(attrs, "source", script.RedactedSource()) // at debug the error has it
	}
	if errors.As(err, &hinted) && hinted.Hint() != "" && !strings.Contains(err.Error(), hinted.Hint()) {
		attrs = append(attrs, "hint", hinted.Hint())
	}
	return attrs
}

func (b *Supervised) set(h *Host) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.host = h
}

// enter begins a phase.
func (b *Supervised) enter(phase string, err error, retry time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Phase, b.state.Since, b.state.Retry = phase, time.Now(), retry
	if phase != PhaseRunning {
		b.state.Err = err
	}
}

// asked notes that a bot which waits is to end as it was asked to.
func (b *Supervised) asked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Stopped = true
}

func (b *Supervised) again() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Restarts++
	b.state.Phase, b.state.Since, b.state.Retry = PhaseStarting, time.Now(), time.Time{}
}

// wait waits for the next start: until the delay is over, the script's files
// change, or somebody asks for it. It is false when the bot was stopped or given
// up. seen is the script as it was before it was loaded.
func (b *Supervised) wait(ctx context.Context, delay time.Duration, seen [32]byte, hopeless <-chan struct{}) bool {
	if ctx.Err() != nil || isClosed(hopeless) {
		return false
	}
	var changed <-chan struct{}
	if b.opts.Watch && b.opts.Source == nil {
		if w := watchScript(b.opts, b.log); w != nil {
			defer w.Close()
			w.Failed()
			changed = w.Changed()
		}
		if watch.SumOf(b.opts.Script) != seen {
			return true // changed while it was loaded
		}
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
		b.log.Info("the script has changed and is started again")
	case <-b.opts.Reloads:
	case <-b.hurry:
	case <-ctx.Done():
		return false
	case <-hopeless:
		return false
	}
	return true
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
