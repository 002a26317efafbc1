package host

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"github.com/simplex-lua/simplex-lua/host/watch"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Reload loads the script again and lets the new generation take over:
//
//	load new ▶ on_reload(old state) ▶ swap between events ▶ on_start("reload")
//	         ▶ profile and address synced ▶ old one drains ▶ on_stop("reload")
//
// Events wait from the swap until on_start has ended or itself waits, for at most
// beginPatience. Reload returns when the new generation has taken over; the older
// one drains beside it. An error before the swap changes nothing: the old generation goes
// on. After the swap, an error tells that the profile or the address could not
// be brought in line. The controller is not touched. Reloads run one at a time.
// Before Ready and after Run it returns ErrStopped.
func (h *Host) Reload(ctx context.Context) error {
	select {
	case <-h.ready:
	default:
		return ErrStopped
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.stopped, cancel)()
	select {
	case h.reloadMu <- struct{}{}:
		defer func() { <-h.reloadMu }()
	case <-ctx.Done():
	}
	switch {
	case h.stopped.Err() != nil:
		return ErrStopped
	case ctx.Err() != nil:
		return ctx.Err()
	}
	began, before := time.Now(), h.script.now()
	err := h.reload(ctx)
	h.rewatch(before)
	if h.opts.Meter != nil {
		h.opts.Meter.Reloaded(time.Since(began), err)
	}
	return err
}

func (h *Host) reload(ctx context.Context) error {
	old := h.script.now()
	next, err := h.takeOver(ctx, old)
	if err != nil {
		return err
	}
	h.lastError.replaced(next.n)
	h.log.Info("the script was reloaded", "generation", next.n)
	h.begin(h.stopped, next, "reload")
	h.work.Go(func() { h.drain(old) })
	h.sayRestart(old.rt.Settings(), next.rt.Settings())
	return h.resync(ctx, next)
}

// takeOver loads the next generation, hands it the state and the timers of the
// old one, and makes it the current one. Meanwhile no Lua of the old one runs.
func (h *Host) takeOver(ctx context.Context, old *generation) (*generation, error) {
	rt, err := h.load(ctx, old.n+1)
	if err != nil {
		return nil, err
	}
	next := newGeneration(old.n+1, rt)
	next.rt.Attach(h.newSession())
	err = old.rt.HandOver(func(state json.RawMessage) error {
		if err := next.rt.Adopt(ctx, state, old.rt.Settings().StateVersion); err != nil {
			return fmt.Errorf("hand the state over: %w", err)
		}
		if err := next.rt.Ready(ctx); err != nil {
			return err
		}
		if !h.script.swap(next) {
			return ErrStopped
		}
		return nil
	})
	if err != nil {
		next.rt.Close()
		return nil, err
	}
	return next, nil
}

// drain lets an older generation end its handlers and dialogs, for as long as
// its script allows, and closes it.
func (h *Host) drain(g *generation) {
	limit := g.rt.Settings().DrainTimeout
	ctx, cancel := context.WithTimeout(h.draining, limit)
	defer cancel()
	_ = g.vacant(ctx) // those who got in late; Drain cuts them at ctx's end
	if err := g.rt.Drain(ctx); err != nil {
		h.log.Warn("an old generation of the script was cut", "generation", g.n, "limit", limit, "err", err)
	}
	g.end()
	h.script.drained(g)
	hooks, cancelHooks := context.WithTimeout(h.ctx, hookPatience)
	defer cancelHooks()
	g.rt.Stop(hooks, "reload")
	h.log.Debug("an old generation of the script has ended", "generation", g.n)
}

// sayRestart tells about changes that a reload does not apply.
func (h *Host) sayRestart(old, next luaapi.Settings) {
	changed := func(what string) {
		h.log.Warn("the change takes effect when the bot is started again", "setting", what)
	}
	if !reflect.DeepEqual(old.Database, next.Database) || old.ConfirmMigrations != next.ConfirmMigrations {
		changed("db")
	}
	if old.Ordering != next.Ordering {
		changed("ordering")
	}
}

// resync sends what the new generation changed about address and profile, and
// tells it of an address that was made.
func (h *Host) resync(ctx context.Context, g *generation) error {
	defer func() {
		if h.account.link != *h.address.Load() {
			h.noteAddress()
			g.rt.Attach(h.newSession())
		}
	}()
	s := g.rt.Settings()
	if h.account.link == "" && s.CreateAddress {
		if err := h.account.openAddress(ctx, s); err != nil {
			return fmt.Errorf("open the bot's address: %w", err)
		}
	}
	if err := h.account.sync(ctx, s); err != nil {
		return fmt.Errorf("update the bot's address settings and profile: %w", err)
	}
	return nil
}

// openWatcher begins to watch the script, before it is loaded.
func (h *Host) openWatcher() {
	if !h.opts.Watch || h.opts.Source != nil {
		return
	}
	h.watcher = watchScript(h.opts, h.log)
}

// watchScript begins to watch a script. Where that cannot be done, it says so and
// returns nil.
func watchScript(o Options, log *slog.Logger) *watch.Watcher {
	w, err := watch.New(o.Script, o.Settle, log)
	if err != nil {
		log.Warn("changes of the script are not noticed; reload it by signal", "err", err)
		return nil
	}
	return w
}

// watch reloads when the script's files change or somebody asks for it, until
// ctx ends.
func (h *Host) watch(ctx context.Context) {
	if h.watcher == nil && h.opts.Reloads == nil {
		return
	}
	var changed <-chan struct{}
	if h.watcher != nil {
		h.watcher.Loaded(h.script.now().rt.Files())
		changed = h.watcher.Changed()
	}
	h.work.Go(func() {
		for {
			select {
			case <-changed:
			case <-h.opts.Reloads:
			case <-ctx.Done():
				return
			}
			h.reloadChanged(ctx)
		}
	})
}

// rewatch tells the watcher which files the script consists of after a reload.
func (h *Host) rewatch(before *generation) {
	now := h.script.now()
	switch {
	case h.watcher == nil || now == nil:
	case now == before:
		h.watcher.Failed()
	default:
		h.watcher.Loaded(now.rt.Files())
	}
}

// reloadChanged is the top of the loop that must live, so it tells about the
// error.
func (h *Host) reloadChanged(ctx context.Context) {
	before := h.script.now()
	err := h.Reload(ctx)
	now := h.script.now()
	if ctx.Err() != nil || before == nil || now == nil {
		return // the bot stops
	}
	switch {
	case h.opts.Reloaded != nil:
		h.opts.Reloaded(now.n, err)
	case now == before:
		h.log.Error("the script was not reloaded; the old generation goes on", "generation", before.n, "err", err)
	case err != nil:
		h.log.Error("the reloaded script's settings are not applied", "generation", now.n, "err", err)
	}
}
