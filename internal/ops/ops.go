package ops

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/ops/metrics"
	"github.com/simplex-lua/simplex-lua/internal/ops/notify"
)

// Options say what operators get beside the control sockets.
type Options struct {
	Log *slog.Logger
	// Metrics is the address for HTTP, HOST:PORT, "" for none.
	Metrics string
	// Pprof adds Go's profiles to it.
	Pprof bool
	// Version and MemoryLimit are for the metrics.
	Version     string
	MemoryLimit func() int64
	// Notifier tells a service manager; nil for none.
	Notifier *notify.Notifier
	// StopTime is how long the bots may take to stop; nil and 0 are as the service
	// manager thinks.
	StopTime func() time.Duration
}

// Ops looks after the bots of a process. Make it, Add the bots, Start it, and
// Close it when they have ended. Bots may be added and removed later, too. Its methods are safe for use by several
// goroutines.
type Ops struct {
	log      *slog.Logger
	registry *metrics.Registry // nil without metrics
	web      *web              // nil without metrics
	notifier *notify.Notifier
	stopTime func() time.Duration
	health   health

	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex // guards what follows
	bots    []Bot
	servers map[string]*control.Server
	standIn map[string]standIn // for bots whose own process has ended
	closed  bool
}

// New listens for HTTP where that is asked for; the error names an address in use.
func New(o Options) (*Ops, error) {
	if o.StopTime == nil {
		o.StopTime = func() time.Duration { return 0 }
	}
	ops := &Ops{log: o.Log, notifier: o.Notifier, stopTime: o.StopTime, health: health{now: time.Now}, servers: map[string]*control.Server{}, standIn: map[string]standIn{}}
	ops.ctx, ops.cancel = context.WithCancel(context.Background())
	if o.Metrics == "" {
		return ops, nil
	}
	ops.registry = metrics.New(metrics.Options{Version: o.Version, MemoryLimit: o.MemoryLimit})
	var err error
	if ops.web, err = listenWeb(o.Metrics, ops, o.Pprof); err != nil {
		ops.cancel()
		return nil, err
	}
	return ops, nil
}

// Meter returns the counters of a bot, nil without metrics.
func (o *Ops) Meter(bot string) *metrics.Bot {
	if o.registry == nil {
		return nil
	}
	return o.registry.Bot(bot)
}

// Add takes a bot.
func (o *Ops) Add(b Bot) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.bots = append(o.bots, b)
	if o.registry != nil {
		o.registry.Watch(b.Name(), b.Status)
	}
}

// Remove forgets a bot that has ended. One of its name may be added then: keep
// tells that its counters go on.
func (o *Ops) Remove(bot string, keep bool) {
	o.mu.Lock()
	o.bots = slices.DeleteFunc(slices.Clone(o.bots), func(b Bot) bool { return b.Name() == bot })
	server, stands := o.servers[bot], o.standIn[bot]
	delete(o.servers, bot)
	delete(o.standIn, bot)
	o.mu.Unlock()
	if server != nil {
		server.Close()
	}
	if stands.Server != nil {
		stands.Close()
		stands.leave()
	}
	if o.registry != nil && !keep {
		o.registry.Forget(bot)
	}
}

// Start begins to answer and to notify, until Close; when ctx ends, the service
// manager is told that the end begins.
func (o *Ops) Start(ctx context.Context) {
	if o.web != nil {
		o.work.Go(o.web.serve)
		o.log.Info("metrics are served", "address", o.web.address())
	}
	if o.notifier != nil {
		o.work.Go(func() { o.follow(ctx) })
	}
}

// Address is where HTTP is served, "" where it is not.
func (o *Ops) Address() string {
	if o.web == nil {
		return ""
	}
	return o.web.address()
}

// Opened makes the control socket of a bot, now that its data folder is there
// and nobody else has its database. Without a socket the bot runs all the same.
// The second call for a bot does nothing.
func (o *Ops) Opened(bot string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, b := range o.bots {
		if b.Name() != bot || b.Data() == "" || o.servers[bot] != nil || o.closed {
			continue
		}
		s, err := control.Serve(filepath.Join(b.Data(), control.SocketName), b, o, o.log.With("bot", bot))
		if err != nil {
			o.log.Warn("the bot cannot be controlled: status, reload, stop and console do not reach it", "bot", bot, "err", err)
			continue
		}
		o.servers[bot] = s
	}
}

// Reloading tells the service manager that a reload has begun, if it asks to be
// told, and when reloaded returns that it is done.
func (o *Ops) Reloading(reloaded func(ctx context.Context)) {
	o.notifier.Reloading()
	o.work.Go(func() {
		reloaded(o.ctx)
		o.notifier.Ready()
	})
}

// Close ends everything and waits for it.
func (o *Ops) Close() {
	o.mu.Lock()
	o.closed = true
	servers, standIns := o.servers, o.standIn
	o.mu.Unlock()
	for _, s := range servers {
		s.Close()
	}
	for _, s := range standIns {
		s.Close()
		s.leave()
	}
	if o.web != nil {
		o.web.close()
	}
	o.cancel()
	o.work.Wait()
}

// Unreachable returns the bots without a control socket of this process.
func (o *Ops) Unreachable() (list []control.Bot) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, b := range o.bots {
		if o.servers[b.Name()] == nil {
			list = append(list, b)
		}
	}
	return list
}

// Named returns the bot of that name.
func (o *Ops) Named(name string) (control.Bot, bool) {
	for _, b := range o.all() {
		if b.Name() == name {
			return b, true
		}
	}
	return nil, false
}

// all returns the bots.
func (o *Ops) all() []Bot {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bots
}

// problem is what is wrong with one bot.
type problem struct{ bot, text string }

// unhealthy returns the bots whose core does not answer. It asks all at a time.
func (o *Ops) unhealthy(ctx context.Context) []problem {
	bots := o.all()
	found := make([]string, len(bots))
	var asked sync.WaitGroup
	for i, b := range bots {
		asked.Go(func() { found[i] = o.health.live(ctx, b) })
	}
	asked.Wait()
	return problems(bots, found)
}

// notReady returns the bots that are not ready.
func (o *Ops) notReady() []problem {
	bots := o.all()
	found := make([]string, len(bots))
	for i, b := range bots {
		found[i] = o.health.ready(b.Status())
	}
	return problems(bots, found)
}

func problems(bots []Bot, found []string) (list []problem) {
	for i, text := range found {
		if text != "" {
			list = append(list, problem{bots[i].Name(), text})
		}
	}
	return list
}

// summary is how the process is, in one line.
func (o *Ops) summary() (line string, settled bool) {
	running, waiting, failed := 0, 0, 0
	bots := o.all()
	for _, b := range bots {
		switch b.Status().Phase {
		case control.Running, control.CatchingUp:
			running++
		case control.Starting:
			waiting++
		case control.Waiting, control.Failed:
			failed++
		}
	}
	line = fmt.Sprintf("%d of %d bots run", running, len(bots))
	if len(bots) == 1 {
		line = fmt.Sprintf("%d of 1 bot runs", running)
	}
	if failed > 0 {
		line += fmt.Sprintf(", %d failed", failed)
	}
	return line, waiting == 0 && running > 0
}
