package host

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Runtime is what the host needs of one generation of a script.
// *luaapi.Runtime is the real one and documents each method; tests have one
// in Go.
type Runtime interface {
	Settings() luaapi.Settings
	Files() []string
	Ready(ctx context.Context) error
	HandOver(take func(state json.RawMessage) error) error
	Adopt(ctx context.Context, old json.RawMessage, version int) error
	Attach(s luaapi.Session)
	Start(ctx context.Context, reason string)
	Notice(ev chat.Event)
	Raw(ev chat.Event) (chat.Event, bool)
	Offer(ev chat.Event, done func()) bool
	Dispatch(ev chat.Event, done func()) bool
	Wants(tag string) bool
	Busy() int
	Handling() int
	Pending() luaapi.Pending
	SetAside() uint64
	Skipped(s luaapi.Skipped)
	Report(err error)
	Eval(ctx context.Context, code string, out io.Writer) (string, error)
	Complete(text string) []string
	Drain(ctx context.Context) error
	Stop(ctx context.Context, reason string)
	Close()
}

// loader makes generation n of the script; nothing is sent or started.
type loader func(ctx context.Context, n int) (Runtime, error)

// loadLua is the loader of real scripts.
func (h *Host) loadLua(ctx context.Context, n int) (Runtime, error) {
	var meter func(handler string) func(took time.Duration, failed bool)
	if h.opts.Meter != nil {
		meter = h.opts.Meter.Handler
	}
	rt, err := luaapi.Load(ctx, luaapi.Options{
		Name: h.opts.Name, Path: h.opts.Script, Source: h.opts.Source, Folder: h.opts.Folder, Stdlib: h.opts.Stdlib,
		Generation: n, Log: h.log.With("generation", n), Print: h.opts.Print,
		Getenv: h.opts.Getenv, Grants: h.opts.Grants, Store: h.opts.Store, DisplayName: h.opts.DisplayName, Limits: h.opts.Limits, Lab: h.opts.Lab,
		Override: h.opts.Override, Stop: h.Stop, Listeners: &h.listeners, Meter: meter, ShowTexts: h.opts.ShowTexts,
	})
	if err != nil {
		return nil, err // not a nil *luaapi.Runtime inside an interface
	}
	return rt, nil
}
