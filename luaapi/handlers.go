package luaapi

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// hookKind names the handlers that are not about messages.
type hookKind string

const (
	hookStart   hookKind = "on_start"
	hookStop    hookKind = "on_stop"
	hookReload  hookKind = "on_reload"
	hookError   hookKind = "on_error"
	hookRaw     hookKind = "on_raw"
	hookSend    hookKind = "on_send"
	hookEdit    hookKind = "on_edit"
	hookSkipped hookKind = "on_skipped"
)

// handler is one registered function.
type handler struct {
	name   string // "on_message at bot.lua:12"
	fn     *lua.LFunction
	filter *filter
	// keywords of a command handler, lower case.
	keywords []string
	// ran counts its runs; nil: nobody counts.
	ran func(took time.Duration, failed bool)
}

// handlerSet is what is registered. It is never changed: each registration
// makes a new one, so that dispatching reads it without a lock.
type handlerSet struct {
	messages   []*handler
	commands   []*handler
	middleware []*handler
	events     map[string][]*handler
	hooks      map[hookKind][]*handler
	// candidates is made when the first message is dispatched: a script registers
	// all its handlers first.
	candidates func() *candidates
}

// hasCommand tells whether a command handler is registered for a keyword; case
// does not count.
func (s *handlerSet) hasCommand(keyword string) bool {
	return len(s.candidates().keywords[foldCase(keyword)]) > 0
}

func (s *handlerSet) clone() *handlerSet {
	c := &handlerSet{
		messages:   slices.Clone(s.messages),
		commands:   slices.Clone(s.commands),
		middleware: slices.Clone(s.middleware),
		events:     make(map[string][]*handler, len(s.events)),
		hooks:      make(map[hookKind][]*handler, len(s.hooks)),
	}
	for tag, hs := range s.events {
		c.events[tag] = slices.Clone(hs)
	}
	for kind, hs := range s.hooks {
		c.hooks[kind] = slices.Clone(hs)
	}
	return c
}

// remove takes h out of every list.
func (s *handlerSet) remove(h *handler) {
	drop := func(hs []*handler) []*handler {
		return slices.DeleteFunc(hs, func(x *handler) bool { return x == h })
	}
	s.messages, s.commands, s.middleware = drop(s.messages), drop(s.commands), drop(s.middleware)
	for tag := range s.events {
		s.events[tag] = drop(s.events[tag])
	}
	for kind := range s.hooks {
		s.hooks[kind] = drop(s.hooks[kind])
	}
}

// handlers is the current set. Changes are made under Runtime.mu.
type handlers struct{ current atomic.Pointer[handlerSet] }

func (hs *handlers) get() *handlerSet {
	if s := hs.current.Load(); s != nil {
		return s
	}
	return noHandlers
}

var noHandlers = func() *handlerSet {
	s := &handlerSet{}
	s.candidates = sync.OnceValue(func() *candidates { return newCandidates(s) })
	return s
}()

func (hs *handlers) change(f func(*handlerSet)) {
	s := hs.get().clone()
	f(s)
	s.candidates = sync.OnceValue(func() *candidates { return newCandidates(s) })
	hs.current.Store(s)
}

// register adds h where add puts it and returns the handle that scripts get.
func (rt *Runtime) register(L *lua.LState, h *handler, add func(*handlerSet)) *lua.LTable {
	h.ran = rt.meter(h.name)
	rt.handlers.change(add)
	rt.lab.Registered(h.name)
	return rt.newHandle(L, func() { rt.handlers.change(func(s *handlerSet) { s.remove(h) }) })
}

// newHandle makes the value that registering returns: a table with remove.
func (rt *Runtime) newHandle(L *lua.LState, remove func()) *lua.LTable {
	t := L.NewTable()
	t.RawSetString("remove", L.NewFunction(func(*lua.LState) int {
		remove()
		return 0
	}))
	return t
}

// runHooks runs the hooks of a kind one after the other and reports their errors.
func (rt *Runtime) runHooks(ctx context.Context, kind hookKind, args ...lua.LValue) {
	for _, h := range rt.handlers.get().hooks[kind] {
		if err := rt.runHook(ctx, kind, h, args...); err != nil {
			rt.Report(err)
		}
	}
}

func (rt *Runtime) runHook(ctx context.Context, kind hookKind, h *handler, args ...lua.LValue) error {
	s := rt.Settings()
	c := rt.enlist(ctx, &call{name: h.name, hook: kind}, s.CPULimit)
	c.limitTime(s.HandlerTimeout)
	began := time.Now()
	err := c.runOnce(func() (*lua.LFunction, []lua.LValue) { return h.fn, args }, nil)
	if h.ran != nil {
		h.ran(time.Since(began), err != nil)
	}
	return err
}

// Report hands an error to the on_error handlers and to the log, where one of the
// type ErrCritical is already: it is the host's. It blocks until those handlers
// have ended; an error in one of them is only logged.
func (rt *Runtime) Report(err error) {
	se, _ := rt.scriptError("", err).(*ScriptError)
	if own := (*Error)(nil); !errors.As(err, &own) || own.Type != ErrCritical {
		rt.logError(se)
	}
	for _, h := range rt.handlers.get().hooks[hookError] {
		if h.name == se.Handler {
			continue // an error handler is not asked about its own errors
		}
		if err := rt.runHook(context.Background(), hookError, h, rt.errorValue(se)); err != nil {
			se, _ := rt.scriptError(h.name, err).(*ScriptError)
			rt.logError(se)
		}
	}
}

func (rt *Runtime) logError(se *ScriptError) {
	text, typ, source := rt.logged(se)
	attrs := []any{"type", typ}
	if se.Handler != "" {
		attrs = append(attrs, "handler", se.Handler)
	}
	if source != "" {
		attrs = append(attrs, "source", source)
	}
	if se.Traceback != "" {
		attrs = append(attrs, "traceback", strings.TrimSpace(se.Traceback))
	}
	level := slog.LevelError
	if se.Type == ErrClosed {
		level = slog.LevelDebug // cut because the generation ended: whoever ended it tells
	}
	rt.log.Log(context.Background(), level, text, attrs...)
}

// errorValue is what on_error handlers get.
func (rt *Runtime) errorValue(se *ScriptError) *lua.LTable {
	where := ""
	if se.File != "" {
		where = placeOf(se.File, se.Line)
	}
	t := rt.errorTable(&Error{Type: se.Type, Message: se.Message, Where: where})
	t.RawSetString("handler", lua.LString(se.Handler))
	t.RawSetString("traceback", lua.LString(se.Traceback))
	return t
}

// reloadHooks runs the on_reload handlers with the older generation's state.
// They may not wait, for this generation does not run yet.
func (rt *Runtime) reloadHooks(ctx context.Context) error {
	for _, h := range rt.handlers.get().hooks[hookReload] {
		c := rt.newCall(ctx, h.name, rt.frozen.Load().CPULimit)
		c.mayNotWait = "on_reload"
		err := c.runOnce(func() (*lua.LFunction, []lua.LValue) { return h.fn, []lua.LValue{rt.state} }, nil)
		if err != nil {
			return err
		}
	}
	return nil
}
