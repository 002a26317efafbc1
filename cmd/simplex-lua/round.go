package main

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/host"
)

// round is the time in which a process runs bots by the same settings.
type round struct {
	*launcher
	made []host.Bot
	ctx  context.Context // ends when the bots of the round are to stop
	end  context.CancelFunc
}

// prepare makes the bots and looks at all that can be wrong with them before
// any is started.
func (l *launcher) prepare(ctx context.Context) (*round, error) {
	r := &round{launcher: l}
	r.ctx, r.end = context.WithCancel(ctx)
	var err error
	if r.made, err = l.bots(r.ctx); err == nil {
		_, err = host.NewSupervisor(slices.Clone(r.made)...)
	}
	if err != nil {
		r.end()
		return nil, err
	}
	return r, nil
}

// run runs the bots until ctx ends, they have ended, or there are other settings
// for them: then it returns the round of these.
func (r *round) run(ctx context.Context) (*round, error) {
	defer r.end()
	r.tellWishes(r.made)
	op, err := operate(operationOptions{log: r.log, metrics: r.cfg.Metrics, pprof: r.cfg.Pprof, below: r.isolated()}, r.made)
	if err != nil {
		return nil, err
	}
	defer op.close()
	supervisor, err := host.NewSupervisor(r.made...)
	if err != nil {
		return nil, err
	}
	if err := op.start(ctx, supervisor.Bots()); err != nil {
		return nil, err
	}
	next := make(chan *round, 1)
	if !r.isolated() { // the parent looks after it
		go r.follow(ctx, op.log, next)
	}
	err = supervisor.Run(r.ctx)
	if ctx.Err() == nil {
		select {
		case n := <-next:
			return n, nil // a bot that did not stop well has said so in the log
		default:
		}
	}
	return nil, op.told(ofBots(err))
}

// follow reads the configuration again at SIGHUP, until the round ends. It ends
// the round itself where there are other settings.
func (r *round) follow(ctx context.Context, log *slog.Logger, next chan<- *round) {
	for hangups := onHangup(r.ctx); ; {
		select {
		case <-r.ctx.Done():
			return
		case <-hangups:
		}
		n, err := r.again(ctx, log)
		if err != nil {
			log.Error("the configuration cannot be used; the bots go on with the one before", "err", err)
		}
		if n != nil {
			log.Info("the configuration has changed; the bots are stopped, and started by the new one", "bots", names(n.made))
			next <- n
			r.end()
			return
		}
	}
}

// again reads the configuration again; nil where it is as it was for the bots.
func (r *round) again(ctx context.Context, log *slog.Logger) (*round, error) {
	l, err := newLauncher(r.c, r.s, r.in)
	if err != nil {
		return nil, err
	}
	if kept := r.cfg.KeepProcess(l.cfg); len(kept) > 0 {
		log.Warn("these settings change only when the program is started again", "settings", strings.Join(kept, ", "))
	}
	l.log = r.log
	n, err := l.prepare(ctx)
	if err == nil && l.cfg.Same(r.cfg) {
		n.end()
		n = nil
	}
	return n, err
}

func names(bots []host.Bot) string {
	var list []string
	for _, b := range bots {
		list = append(list, b.Name)
	}
	return strings.Join(list, ", ")
}
