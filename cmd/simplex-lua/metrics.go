package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops"
	"github.com/simplex-lua/simplex-lua/internal/ops/metrics"
	"github.com/simplex-lua/simplex-lua/internal/ops/notify"
	"github.com/simplex-lua/simplex-lua/internal/ops/redact"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// operation is what operators have of the bots of a process: control sockets,
// metrics, health, the service manager, and logs without texts and keys.
type operation struct {
	ops      *ops.Ops
	log      *slog.Logger
	notifier *notify.Notifier
	secrets  redact.Secrets
	stopTime atomic.Int64 // that the bots may take to stop, in ns
}

// operationOptions say what the operator asked for.
type operationOptions struct {
	log     *slog.Logger
	metrics string // address, "" for none
	pprof   bool
	// below is true in the process of an isolated bot, whose parent serves HTTP and
	// talks to the service manager.
	below bool
}

// operate prepares the bots; the caller supervises what it returns, and calls
// start then and close when the bots have ended.
func operate(o operationOptions, bots []host.Bot) (*operation, error) {
	op := &operation{}
	op.log = op.quiet(o.log)
	options := ops.Options{Log: op.log, Version: version, MemoryLimit: luaapi.MemoryLimit,
		StopTime: func() time.Duration { return time.Duration(op.stopTime.Load()) }}
	if !o.below {
		op.notifier = notify.FromEnv(op.log)
		options.Notifier, options.Pprof = op.notifier, o.pprof
		if o.metrics != "" {
			address, err := config.ParseAddress(o.metrics)
			if err != nil {
				return nil, err // config has checked it
			}
			options.Metrics = address
		}
	}
	var err error
	if op.ops, err = ops.New(options); err != nil {
		return nil, err
	}
	for i := range bots {
		op.prepare(&bots[i])
	}
	return op, nil
}

// allowStop notes how long the bots may take to stop: the service manager's own
// limit knows nothing of their grace.
func (op *operation) allowStop(bots []*config.Bot) {
	longest := time.Duration(0)
	for _, b := range bots {
		longest = max(longest, b.Grace)
	}
	op.stopTime.Store(int64(longest + stopMargin + 10*time.Second)) // an isolated one has the margin of its own
}

// prepare lets a bot count, tell and be quiet.
func (op *operation) prepare(b *host.Bot) {
	name := b.Name
	b.Log = op.quiet(b.Log)
	b.Opened = func(*host.Host) { op.ops.Opened(name) }
	if m := op.ops.Meter(name); m != nil {
		b.Meter = meter{m}
	}
	if u, err := url.Parse(b.Store); err == nil {
		password, _ := u.User.Password()
		op.secrets.Add(password)
	}
	open := b.OpenCore
	b.OpenCore = func(ctx context.Context, db host.Database) (chat.Core, error) {
		op.secrets.Add(db.Key)
		op.secrets.Add(db.Connection)
		return open(ctx, db)
	}
	if apart := b.Apart; apart != nil {
		b.Apart = func(ctx context.Context) error {
			op.ops.GiveWay(name)
			err := apart(ctx)
			if ctx.Err() == nil {
				op.ops.StandIn(name)
			}
			return err
		}
	}
	if op.notifier != nil && b.Apart == nil {
		b.Reloads = nil // SIGHUP comes by runner.follow, which tells when the reload is done
	}
}

// quiet keeps texts, links and keys out of a log.
func (op *operation) quiet(log *slog.Logger) *slog.Logger {
	level := slog.LevelInfo
	if log.Enabled(context.Background(), slog.LevelDebug) {
		level = slog.LevelDebug
	}
	return slog.New(redact.NewHandler(log.Handler(), level, &op.secrets))
}

// start begins to answer; ctx ends when the bots are to stop.
func (op *operation) start(ctx context.Context, bots []*host.Supervised) {
	op.swap(nil, bots)
	op.ops.Start(ctx)
}

// swap forgets bots that have ended and takes those that come.
func (op *operation) swap(gone, come []*host.Supervised) {
	for _, b := range gone {
		op.ops.Remove(b.Name(), slices.ContainsFunc(come, func(c *host.Supervised) bool { return c.Name() == b.Name() }))
	}
	for _, b := range come {
		op.ops.Add(supervised{b, op.ops})
	}
}

func (op *operation) close() { op.ops.Close() }

// reload loads the scripts of bots again, where they do not do so by themselves.
func (op *operation) reload(ctx context.Context, bots []*host.Supervised) {
	var all sync.WaitGroup
	for _, b := range bots {
		if b.State().Apart {
			continue
		}
		all.Go(func() {
			if err := b.Reload(ctx); err != nil && !errors.Is(err, host.ErrStopped) {
				op.log.Error("the script was not reloaded; the old generation goes on", "bot", b.Name(), "err", err)
			}
		})
	}
	all.Wait()
}

// hidden is an error whose text may be shown to everybody.
type hidden struct {
	text  string
	cause error
}

func (e *hidden) Error() string { return e.text }
func (e *hidden) Unwrap() error { return e.cause }

// told is what the program may say about the error that it ends with, at its
// level of logging.
func (op *operation) told(err error) error {
	if err == nil || op.log.Enabled(context.Background(), slog.LevelDebug) {
		return err
	}
	text := redact.Error(err)
	var script *luaapi.ScriptError
	if errors.As(err, &script) && script.Source != "" {
		text += "\n  " + script.RedactedSource()
	}
	return &hidden{op.secrets.Hide(text), err}
}

// meter hands the host's counts to the registry.
type meter struct{ *metrics.Bot }

// Command counts a command of the core.
func (m meter) Command(send bool, result host.CommandResult, took time.Duration) {
	m.Bot.Command(send, [...]int{host.CommandDone: metrics.Done, host.CommandRefused: metrics.Refused, host.CommandFailed: metrics.Failed}[result], took)
}

var (
	_ host.Meter = meter{}
	_ ops.Bot    = supervised{}
)

var pid = os.Getpid()
