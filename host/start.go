package host

import (
	"context"
	"time"

	"github.com/simplex-lua/simplex-lua/host/lanes"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// start brings the bot up. What it has opened when it fails, shutdown closes.
//
// The conversation with the core is that of the official bots, word for word;
// our own commands stand at fixed places between theirs:
//
//	/v  /set file paths              ours
//	/user  [/_create user]
//	/_get chats …                    ours, page by page: what is unread
//	/_start  [/_user  /_get chats …  ours, where another user was active]
//	/_show_address  [/_address  /_show_address]
//	[/_address_settings]  [/_profile]
//	/_get chat …  /_groups  /_members …  [/_contacts]  /_read chat items
//	                                 ours: what was unread is handled
//
// Commands in brackets are sent only where something is missing or differs.
func (h *Host) start(ctx context.Context) error {
	h.openWatcher()
	rt, err := h.load(ctx, 1)
	if err != nil {
		return err
	}
	gen := newGeneration(1, rt)
	h.script.swap(gen)
	if h.data, err = openData(h.opts); err != nil {
		return err
	}
	if err := rt.Ready(ctx); err != nil {
		return &StartError{Step: "get what the script declared", Cause: err}
	}
	state, err := loadState(h.data.state())
	if err != nil {
		return err
	}
	h.timers = luaapi.OpenTimerBook(h.data.timers(), h.log)
	settings := rt.Settings()
	h.database = resolveDatabase(h.opts.database(settings), h.data.root)
	core, err := h.opts.OpenCore(ctx, h.database)
	if err != nil {
		h.data.unmake()
		return &StartError{Step: "open the chat database", Cause: err}
	}
	own := newOwnUser(metered(roomy(core), h.opts.Meter), h.log) // only now: what comes with an error may hold a nil pointer
	h.gate = &gatedCore{Core: own}
	h.core = h.gate
	connection, mayReturn := core.(chat.Reconnecting)
	h.data.sweep()
	h.ctl = &control{core: h.core, log: h.log}
	h.account = &account{ctl: h.ctl}
	h.build(settings.Ordering == "global")
	close(h.opened)
	if h.opts.Opened != nil {
		h.opts.Opened(h)
	}

	h.introduce(ctx)
	place := h.database.place(h.data.root, h.core.Owned())
	state = state.of(place, h.log)
	away, err := h.account.openUser(ctx, settings, state.UserID)
	if err != nil {
		return &StartError{Step: "open the bot's user", Cause: err}
	}
	h.attempts = openAttempts(h.data.attempts(), h.log)
	h.marks.marked = h.marked
	h.dispatcher.SetUser(h.ctl.userID)
	pending := &catchUp{h: h, limits: h.opts.CatchUp.limits(settings.CatchUp)}
	h.first = pending
	state = pending.know(state, place, settings.CatchUp.FirstRun)
	h.reports = newReportLog(h.log, h.data.state(), state, mayReturn)
	if err := h.startAsOwn(ctx, own, away, pending); err != nil {
		return err
	}
	if err := h.account.openAddress(ctx, settings); err != nil {
		return &StartError{Step: "open the bot's address", Cause: err}
	}
	if err := h.account.sync(ctx, settings); err != nil {
		return &StartError{Step: "update the bot's address settings and profile", Cause: err}
	}
	h.noteAddress()
	h.announce()
	h.work.Go(func() {
		defer close(h.caughtUp)
		pending.handle(ctx)
	})
	if h.core.Owned() { // another's was connected before we came
		h.work.Go(func() { h.lookForNetwork(ctx) })
	}
	var returned <-chan time.Time
	if mayReturn {
		returned = connection.Reconnected()
	}
	h.work.Go(func() { h.follow(returned, pending) })
	rt.Attach(h.newSession())
	h.begin(ctx, gen, "start")
	h.dispatcher.Open()
	close(h.ready)
	h.watch(ctx)
	return ctx.Err()
}

// build makes the parts that need the controller.
func (h *Host) build(global bool) {
	h.marks = newMarker(h.log, h.ctl.send)
	h.work.Go(func() { h.marks.run(h.ctx) })
	h.work.Go(func() { h.live.run(h.stopped, h.handleLate) })
	o := lanes.Options{
		Log: h.log, Global: global, Handle: h.handle, Report: h.report, Wants: h.script.wants,
		ReadBack: h.readBack, Leave: func(ids []int64) { h.taken.forget(ids...) }, Unread: h.unreadNow,
	}
	if h.opts.Meter != nil {
		o.Handled = h.opts.Meter.Handled
	}
	h.dispatcher = lanes.New(o)
	h.work.Go(func() { h.errors.run(h.ctx, h.report) })
	h.receiver = &receiver{core: h.core, log: h.log, push: h.take, report: h.errors.put, lost: h.miss, quit: h.quit}
}

// introduce asks for the core's version and tells it where files belong. A core
// that cannot answer the one or take the other still runs a bot.
func (h *Host) introduce(ctx context.Context) {
	var v struct {
		Info struct {
			Version string `json:"version"`
		} `json:"versionInfo"`
	}
	r, err := h.ctl.send(ctx, "/v")
	if err == nil {
		err = r.Decode(&v)
	}
	if err != nil {
		h.log.Warn("the core does not tell its version", "err", err)
	}
	h.version = v.Info.Version
	if !h.core.Owned() {
		return // the folders of another program, maybe on another machine
	}
	_, err = h.ctl.send(ctx, h.data.pathsCommand(h.data.files(), h.data.files()))
	if err != nil {
		h.log.Warn("the core does not take the folder for files; received files go where it likes", "err", err)
	}
}

// take looks at an event and puts it in its lane. The receiver calls it.
func (h *Host) take(ev chat.Event) (pause time.Duration) {
	h.measure(ev)
	h.observe(ev)
	h.script.notice(ev)
	if ev, ok := h.arrive(ev); ok {
		return h.dispatcher.Push(ev)
	}
	return 0
}

// startAsOwn lists what is unread and starts the chat. Where another user is active
// it is the other way round: ours is made active, once the chat runs, and only then
// tells what is unread.
func (h *Host) startAsOwn(ctx context.Context, own *ownUser, away bool, pending *catchUp) error {
	if away {
		if err := h.startChat(ctx); err != nil {
			return err
		}
		if err := h.account.activate(ctx); isTag(err, "userUnknown") {
			return &DataError{
				Path: h.data.state(), Problem: "the bot's user is not in the database any more, or hidden", Cause: err,
				Hint: "Unhide the user, or remove the file: then the bot begins anew as the active user.",
			}
		} else if err != nil {
			return &StartError{Step: "make the bot's user the active one", Cause: err}
		}
		pending.span.after = true
	}
	own.id.Store(h.ctl.userID)
	if err := pending.begin(ctx); err != nil || away {
		return err
	}
	if pending.first && !h.core.Owned() {
		h.older = pending.foreign
	}
	return h.startChat(ctx)
}

// startChat starts the receiver and the chat. A controller that is not ours is
// running already.
func (h *Host) startChat(ctx context.Context) error {
	go func() { h.received <- h.receiver.run() }()
	h.receiving = true
	if !h.core.Owned() {
		return nil
	}
	if _, err := h.ctl.send(ctx, "/_start"); err != nil {
		return &StartError{Step: "start the chat", Cause: err}
	}
	h.chatStarted = true
	return nil
}

// beginPatience is how long on_start handlers may keep events waiting.
const beginPatience = 10 * time.Second

// begin runs the on_start handlers. It waits for them, so that they come before
// the first message, but not for one that itself waits for an event, nor when ctx
// has ended.
func (h *Host) begin(ctx context.Context, g *generation, reason string) {
	defer close(g.begun)
	begun := make(chan struct{})
	h.work.Go(func() {
		defer close(begun)
		g.rt.Start(h.ctx, reason)
	})
	patience := time.NewTimer(beginPatience)
	defer patience.Stop()
	tick := time.NewTicker(pollTick)
	defer tick.Stop()
	for {
		select {
		case <-begun:
			return
		case <-tick.C:
			if g.rt.Busy() == 0 && g.rt.Pending().Waiting > 0 {
				return
			}
		case <-patience.C:
			return
		case <-ctx.Done():
			return
		}
	}
}
