package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
	"github.com/simplex-lua/simplex-lua/internal/ops/redact"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// supervised is a bot as operators see it, whichever Host runs it now.
type supervised struct {
	bot *host.Supervised
	ops *ops.Ops
}

func (b supervised) Name() string { return b.bot.Name() }

func (b supervised) Data() string { return b.bot.Data() }

// Status is what is known about the bot.
func (b supervised) Status() control.Status {
	state, h := b.bot.State(), b.bot.Host()
	s := control.Status{
		Bot: b.bot.Name(), Phase: phaseOf(state), PID: pid, Version: version,
		Script: b.bot.Script(), Data: b.bot.Data(), Restarts: state.Restarts, Retry: timeOf(state.Retry),
	}
	if state.Err != nil {
		s.LastError = &control.LastError{At: state.Since, Text: redact.Error(state.Err)}
	}
	if state.Apart {
		return b.apart(s)
	}
	if h == nil {
		return s
	}
	if last := h.LastError(); !last.At.IsZero() {
		s.LastError = &control.LastError{At: last.At, Text: last.Text}
	}
	if now, ok := h.Status(); ok {
		describe(&s, now)
	}
	return s
}

func phaseOf(state host.BotState) string {
	switch {
	case state.Phase == host.PhaseRunning:
		return control.Running
	case state.Phase == host.PhaseWaiting:
		return control.Waiting
	case state.Phase == host.PhaseEnded && state.Err != nil && !state.Stopped:
		return control.Failed
	case state.Phase == host.PhaseEnded:
		return control.Ended
	}
	return control.Starting
}

// describe fills in what a running host knows.
func describe(s *control.Status, now host.Status) {
	if now.CatchingUp && s.Phase == control.Running {
		s.Phase = control.CatchingUp
	}
	s.CoreVersion, s.Address = now.CoreVersion, now.Address
	s.Started, s.Loaded, s.Generation = timeOf(now.Started), timeOf(now.Loaded), now.Generation
	s.Network = control.Network{Offline: now.Network.Offline, Receiving: now.Receiving, WantsRestart: now.WantsRestart}
	for _, one := range now.Network.Servers {
		s.Network.Servers = append(s.Network.Servers, control.ServerStatus{Protocol: one.Protocol, Host: one.Host, Connected: one.Connected, Since: one.Since})
	}
	s.Queue = control.Queue{
		Waiting: now.Queued, WaitingBytes: now.QueuedBytes, Chats: now.Lanes, Busy: now.Busy, Unmarked: now.Unmarked,
		Handled: now.Handled, Spilled: now.Spilled, Dropped: now.Dropped, Unwanted: now.Unwanted, Unreadable: now.Unreadable,
		SetAside: now.SetAside, Skipped: now.Skipped,
	}
}

func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// apartPatience is how long the process of an isolated bot may take to answer.
const apartPatience = time.Second

// apart asks the bot's own process; without an answer it is starting.
func (b supervised) apart(known control.Status) control.Status {
	if known.Phase != control.Running {
		return known
	}
	if b.ops.StandsIn(b.Name()) { // it has just ended; the socket is this process's
		known.Phase = control.Starting
		return known
	}
	reply, err := b.ask(context.Background(), apartPatience, control.OpStatus)
	if err != nil {
		known.Phase = control.Starting
		return known
	}
	reply.Status.Restarts = known.Restarts
	return *reply.Status
}

func (b supervised) ask(ctx context.Context, patience time.Duration, op string) (control.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := control.Dial(b.bot.Data())
	if err != nil {
		return control.Reply{}, err
	}
	defer c.Close()
	r, err := c.Do(ctx, control.Request{Op: op}, nil)
	if err == nil && op == control.OpStatus && r.Status == nil {
		err = errors.New("the bot's answer has no status")
	}
	return r, err
}

// Check asks the core for a sign of life. A bot that does not run has none.
func (b supervised) Check(ctx context.Context) error {
	if b.bot.State().Apart {
		_, err := b.ask(ctx, time.Minute, control.OpCheck)
		return err
	}
	h := b.bot.Host()
	if h == nil {
		return host.ErrStopped
	}
	return h.Ping(ctx)
}

// Reload loads the script again.
func (b supervised) Reload(ctx context.Context) error {
	if err := b.bot.Reload(ctx); err != nil {
		return errors.New(redact.Error(err))
	}
	return nil
}

// stopTick is how often a bot that stops is looked at.
const stopTick = 10 * time.Millisecond

// Stop ends the bot and returns when it has ended.
func (b supervised) Stop(ctx context.Context) error {
	b.bot.Stop("control socket")
	tick := time.NewTicker(stopTick)
	defer tick.Stop()
	for b.bot.State().Phase != host.PhaseEnded {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if state := b.bot.State(); state.Err != nil && !state.Stopped {
		return errors.New(redact.Error(state.Err))
	}
	return nil
}

// Eval runs code inside the script.
func (b supervised) Eval(ctx context.Context, code string, out io.Writer) (string, error) {
	h := b.bot.Host()
	if h == nil {
		return "", host.ErrStopped
	}
	result, err := h.Eval(ctx, code, out)
	if errors.Is(err, luaapi.ErrIncomplete) {
		err = control.ErrIncomplete
	}
	return result, err
}

func copyState(ctx context.Context, data string, db host.Database, folder string) error {
	prefix := ""
	if !db.Postgres {
		prefix, _ = keep.Below(data, db.Prefix) // the host has looked whether it is there
	}
	return keep.CopyState(ctx, data, prefix, folder)
}

// Save saves the bot while it runs.
func (b supervised) Save(ctx context.Context) (control.Saved, error) {
	h := b.bot.Host()
	if h == nil {
		return control.Saved{}, host.ErrStopped
	}
	s, err := h.Snapshot(ctx, host.Snapshotter{Copy: copyState, Export: keep.ExportPath})
	if err == nil && ctx.Err() != nil {
		err = errors.Join(ctx.Err(), os.RemoveAll(s.Folder)) // nobody is there to take it
	}
	return control.Saved{Folder: s.Folder, Postgres: s.Database.Postgres, Prefix: s.Database.Prefix, Store: config.Store{URL: s.Store}.Shown()}, err
}

// Complete returns names for the console.
func (b supervised) Complete(text string) []string {
	if h := b.bot.Host(); h != nil {
		return h.Complete(text)
	}
	return nil
}
