package luaapi

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// vm shows a Runtime to the modules written in Go.
type vm struct{ rt *Runtime }

var _ module.VM = vm{}

// life is what modules want to hear of their generation. Runtime.mu guards it.
type life struct {
	ready   []func(ctx context.Context) error
	start   []func()
	close   []func()
	started bool
}

func (m vm) Raise(L *lua.LState, err error) {
	e := errorOf(err)
	if e.Type == ErrCommand && !errors.As(err, new(*Error)) {
		e.Type = module.ErrIO // what is no chat command's error is one of the world outside
	}
	if errors.Is(err, context.DeadlineExceeded) {
		e.Type = ErrTimeout
	}
	m.rt.raise(L, e)
}

func (m vm) Options(L *lua.LState, n int, what string, into any) {
	m.rt.checkOptions(L, n, what, into)
}

func (m vm) Duration(L *lua.LState, n int, what string) time.Duration {
	return m.rt.checkDuration(L, n, what)
}

func (m vm) Table(L *lua.LState, name string, functions map[string]lua.LGFunction, values map[string]lua.LValue) *lua.LTable {
	t := L.NewTable()
	for key, fn := range functions {
		t.RawSetString(key, L.NewFunction(m.rt.dotted(t, name+"."+key, fn)))
	}
	for key, v := range values {
		t.RawSetString(key, v)
	}
	m.rt.protect(L, t, name, nil, nil)
	return t
}

func (m vm) Class(L *lua.LState, name string, methods map[string]lua.LGFunction) *lua.LTable {
	rt := m.rt
	values, names := map[string]lua.LValue{}, []string{}
	for key, fn := range methods {
		values[key] = L.NewFunction(fn)
		names = append(names, key)
	}
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		key := L.Get(2).String()
		v, ok := values[key]
		if !ok {
			rt.raisef(L, ErrArgument, "a %s has no method %q%s", name, key, nearest.Hint(key, names))
		}
		L.Push(v)
		return 1
	}))
	mt.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		rt.raisef(L, ErrArgument, "a %s has no fields that can be set", name)
		return 0
	}))
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString(name))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString(name))
	return mt
}

func (m vm) DidYouMean(name string, known []string) string { return nearest.Hint(name, known) }

func (m vm) Step(L *lua.LState) luaconv.Step { return step(L) }

func (m vm) Wait(L *lua.LState, fn func(ctx context.Context) error) {
	var err error
	m.rt.unlocked(L, func(ctx context.Context) { err = fn(ctx) })
	if err != nil {
		m.Raise(L, err)
	}
}

func (m vm) Rest(L *lua.LState, fn func(ctx context.Context) error) {
	c := callOf(L)
	m.Wait(L, func(ctx context.Context) error {
		m.rt.calls.rest(c, m.rt.lanes)
		defer c.rouse()
		return fn(ctx)
	})
}

func (m vm) Call(ctx context.Context, name string, prepare func(L *lua.LState) (*lua.LFunction, []lua.LValue), result func(L *lua.LState, v lua.LValue) error) error {
	rt := m.rt
	s := rt.Settings()
	c := rt.newCall(ctx, name, s.CPULimit)
	c.limitTime(s.HandlerTimeout)
	stop := context.AfterFunc(ctx, func() { c.cut(context.Cause(ctx)) })
	defer stop()
	var after func(v lua.LValue) error
	if result != nil {
		after = func(v lua.LValue) error { return result(rt.lua.L(), v) }
	}
	err := c.runOnce(func() (*lua.LFunction, []lua.LValue) { return prepare(rt.lua.L()) }, after)
	if err != nil {
		rt.Report(err)
	}
	return err
}

func (m vm) Loading() bool { return m.rt.loading }

func (m vm) OnReady(fn func(ctx context.Context) error) {
	m.rt.life.ready = append(m.rt.life.ready, fn)
}

func (m vm) OnStart(fn func()) {
	if m.rt.life.started {
		fn()
		return
	}
	m.rt.life.start = append(m.rt.life.start, fn)
}

func (m vm) OnClose(fn func()) { m.rt.life.close = append(m.rt.life.close, fn) }

func (m vm) Name() string                                    { return m.rt.opts.Name }
func (m vm) Log() *slog.Logger                               { return m.rt.log }
func (m vm) Now() time.Time                                  { return m.rt.clock.Now() }
func (m vm) AfterFunc(d time.Duration, f func()) func() bool { return m.rt.clock.AfterFunc(d, f) }
func (m vm) Allowed() permission.Set                         { return m.rt.opts.Grants }
func (m vm) FilesDir() string                                { return m.rt.session.FilesDir }
func (m vm) DataDir() string                                 { return m.rt.session.DataDir }

func (m vm) StoreURL() string            { return m.rt.opts.Store }
func (m vm) Listeners() module.Listeners { return m.rt.opts.Listeners }

// Ready lets what the script declared get what it needs from the system, as
// addresses to listen on. It is called after Load and before Start; an error
// says that this generation cannot take over.
func (rt *Runtime) Ready(ctx context.Context) error {
	rt.mu.Lock()
	ready := slices.Clone(rt.life.ready)
	rt.mu.Unlock()
	for _, fn := range ready {
		if err := fn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// takeOver tells the modules that this generation is the one that counts.
func (rt *Runtime) takeOver() {
	rt.mu.Lock()
	start := rt.life.start
	rt.life.start, rt.life.started = nil, true
	rt.mu.Unlock()
	for _, fn := range start {
		fn()
	}
}

// closeModules ends what the modules have open.
func (rt *Runtime) closeModules() {
	rt.mu.Lock()
	open := rt.life.close
	rt.life.close = nil
	rt.mu.Unlock()
	for _, fn := range slices.Backward(open) {
		fn()
	}
}
