package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/simplex-lua/simplex-lua/host"
)

// runner runs bots. At SIGHUP it loads their scripts again, and stops and starts
// those for which the configuration says something else:
//
//	SIGHUP ─▶ again ─┬─ same bots ───────▶ their scripts are loaded again
//	                 └─ all other bots ──▶ Supervisor.Change
type runner struct {
	*launcher  // of the settings that hold
	op         *operation
	supervisor *host.Supervisor

	changing sync.Mutex // held while the settings are read and changed; guards launcher
}

// run runs the bots until ctx ends or they have ended. What can be wrong with
// them is looked at before any is started.
func (r *runner) run(ctx context.Context) error {
	running, end := context.WithCancel(ctx)
	defer end()
	hangups := r.hangup(running)
	bots, err := r.checked(ctx)
	if err != nil {
		return err
	}
	if !r.isolated() && !isTerminal(r.s.out) {
		r.log.Info("simplex-lua starts", "version", version, "bots", len(bots))
	}
	r.tellWishes(bots)
	if r.op, err = operate(operationOptions{log: r.log, metrics: r.cfg.Metrics, pprof: r.cfg.Pprof, below: r.isolated()}, bots); err != nil {
		return err
	}
	defer r.op.close()
	r.op.allowStop(r.cfg.Bots)
	if r.supervisor, err = host.NewSupervisor(bots...); err != nil {
		return err
	}
	r.op.start(ctx, r.supervisor.Bots())
	var following sync.WaitGroup
	following.Go(func() { r.follow(running, hangups) })
	err = r.supervisor.Run(ctx)
	end()
	following.Wait()
	return r.op.told(ofBots(err))
}

// checked makes the bots and looks at whether they can run together.
func (l *launcher) checked(ctx context.Context) ([]host.Bot, error) {
	bots, err := l.bots(ctx)
	if err == nil {
		_, err = host.NewSupervisor(slices.Clone(bots)...)
	}
	return bots, err
}

// hangup gets a value at each SIGHUP; nil where the parent looks after it.
func (r *runner) hangup(ctx context.Context) <-chan struct{} {
	if r.isolated() {
		return nil
	}
	return onHangup(ctx)
}

// follow does at each SIGHUP what it asks for, until ctx ends.
func (r *runner) follow(ctx context.Context, hangups <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangups:
		}
		if r.op.notifier != nil {
			r.op.ops.Reloading(r.renew)
		} else {
			r.renew(ctx)
		}
	}
}

// renew loads the scripts of the bots again, and takes over what the configuration
// says of them now.
func (r *runner) renew(ctx context.Context) {
	r.changing.Lock()
	defer r.changing.Unlock()
	next, err := r.again(ctx)
	if err != nil { // a new script might need what stands there
		attrs := []any{"err", err}
		if hint := hintOf(err); hint != "" {
			attrs = append(attrs, "hint", hint)
		}
		r.op.log.Error("the configuration cannot be used; the bots go on as they are, and no script was loaded again", attrs...)
		return
	}
	var same []*host.Supervised
	for _, b := range r.supervisor.Bots() {
		if next == nil || next.stays(b.Name()) {
			same = append(same, b)
			select {
			case r.hangups[b.Name()] <- struct{}{}:
			default: // one is to come already
			}
		}
	}
	var reloading sync.WaitGroup
	defer reloading.Wait()
	if r.op.notifier != nil {
		reloading.Go(func() { r.op.reload(ctx, same) })
	}
	if next != nil {
		r.change(next)
	}
}

// settings are what the configuration says now.
type settings struct {
	*launcher
	made []host.Bot
	same map[string]bool // bots that go on
}

func (s *settings) stays(name string) bool { return s.same[name] }

// again reads the configuration again; nil where it is as it was for the bots.
func (r *runner) again(ctx context.Context) (*settings, error) {
	l, err := newLauncher(r.c, r.s, r.in)
	if err != nil {
		return nil, err
	}
	if kept := r.cfg.KeepProcess(l.cfg); len(kept) > 0 {
		r.op.log.Warn("these settings change only when the program is started again", "settings", strings.Join(kept, ", "))
	}
	l.log = r.log
	next := &settings{launcher: l, same: map[string]bool{}}
	if next.made, err = l.checked(ctx); err != nil {
		return nil, err
	}
	for _, bot := range next.made {
		// Whether a folder is shared, and so which it is, may depend on other bots.
		old, known := r.supervisor.Bot(bot.Name)
		if known && old.Data() == bot.Data && l.cfg.Bot(bot.Name).Same(r.cfg.Bot(bot.Name)) {
			next.same[bot.Name] = true
			l.hangups[bot.Name] = r.hangups[bot.Name]
		}
	}
	if len(next.same) == len(next.made) && len(next.same) == len(r.supervisor.Bots()) {
		return nil, nil
	}
	return next, nil
}

// change stops the bots that have other settings or none, and starts those that
// are new.
func (r *runner) change(next *settings) {
	var fresh []host.Bot
	for i := range next.made {
		if b := &next.made[i]; !next.stays(b.Name) {
			r.op.prepare(b)
			fresh = append(fresh, *b)
		}
	}
	err := r.supervisor.Change(next.made, next.stays, func(gone, come []*host.Supervised) {
		r.op.log.Info("the configuration has changed", "stopped", names(gone), "started", names(come))
		r.launcher = next.launcher
		r.op.allowStop(r.cfg.Bots)
		r.tellWishes(fresh)
		r.op.swap(gone, come)
	})
	if err != nil && !errors.Is(err, host.ErrStopped) { // again has looked
		r.op.log.Error("the bots were not changed", "err", err)
	}
}

func names(bots []*host.Supervised) string {
	var list []string
	for _, b := range bots {
		list = append(list, b.Name())
	}
	return strings.Join(list, ", ")
}
