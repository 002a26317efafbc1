package luaapi

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	lua "github.com/yuin/gopher-lua"
)

// hookMigrate names the handlers that bring an older version's state into the
// form of this one.
const hookMigrate hookKind = "on_migrate"

// setState is bot.state = value: plain data only, for it moves along on a reload.
func (rt *Runtime) setState(v lua.LValue) error {
	if _, err := encodeData(v); err != nil {
		return fmt.Errorf("bot.state must be plain data: %w", err)
	}
	rt.state = v
	return nil
}

// State returns bot.state for SetState and Adopt, null where the script keeps
// none. It is JSON, in which objects may stand for tables that JSON has no form for.
func (rt *Runtime) State() (json.RawMessage, error) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.encodeState()
}

// SetState replaces bot.state.
func (rt *Runtime) SetState(state json.RawMessage) error {
	v, err := decodeData(state)
	if err != nil {
		return fmt.Errorf("bot.state: %w", err)
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.state = v
	return nil
}

// HandOver calls take with bot.state while no Lua of this generation runs, so
// that nothing is written between the copy and the moment when take lets the
// next generation take over. Where take succeeds, the timers that the next one
// has too are stopped; otherwise nothing has changed. take must not call this
// runtime. What a handler writes to bot.state later is lost, and Drain logs it.
func (rt *Runtime) HandOver(take func(state json.RawMessage) error) error {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	state, err := rt.encodeState()
	if err != nil {
		return err
	}
	if err := take(state); err != nil {
		return err
	}
	rt.handed = state
	rt.handTimers()
	return nil
}

// Adopt takes over the state of an older generation, whose settings had that
// state_version: bot.state becomes old, the on_migrate handlers change it where
// the versions differ, and the on_reload handlers get it. Where old is null, what
// this script has set stays, which is in its own form. None of the handlers may
// wait. On an error the caller keeps the older generation.
func (rt *Runtime) Adopt(ctx context.Context, old json.RawMessage, version int) error {
	if string(old) != "null" {
		if err := rt.SetState(old); err != nil {
			return err
		}
		if err := rt.migrate(ctx, version); err != nil {
			return err
		}
	}
	return rt.reloadHooks(ctx)
}

// migrate runs on_migrate(state, version) → state.
func (rt *Runtime) migrate(ctx context.Context, version int) error {
	want := rt.frozen.Load().StateVersion
	hooks := rt.handlers.get().hooks[hookMigrate]
	if version == want {
		return nil
	}
	if len(hooks) == 0 {
		return &Error{Type: ErrArgument, Message: fmt.Sprintf(
			"bot.state has the version %d and this script wants %d: change it in bot.on_migrate(function(state, version) … return state end)", version, want)}
	}
	for _, h := range hooks {
		c := rt.newCall(ctx, h.name, rt.frozen.Load().CPULimit)
		c.mayNotWait = string(hookMigrate)
		err := c.runOnce(func() (*lua.LFunction, []lua.LValue) {
			return h.fn, []lua.LValue{rt.state, lua.LNumber(version)}
		}, rt.setState)
		if err != nil {
			return err
		}
	}
	return nil
}

// encodeState needs mu held.
func (rt *Runtime) encodeState() (json.RawMessage, error) {
	b, err := encodeData(rt.state)
	if err != nil {
		return nil, &Error{Type: ErrArgument, Message: "bot.state cannot be handed over: " + err.Error()}
	}
	return b, nil
}

// Drain waits until every handler, task and ask has ended, and every timer that
// a handler has set once has run. When ctx ends first, it cuts the rest and
// returns an error that says how many.
func (rt *Runtime) Drain(ctx context.Context) error {
	rt.handTimers()
	err := rt.settle(ctx)
	rt.stopTimers()
	if err != nil {
		rt.calls.cutAll(errClosed)
	}
	rt.tellLateState()
	return err
}

func (rt *Runtime) settle(ctx context.Context) error {
	for {
		if err := rt.calls.wait(ctx); err != nil {
			return err
		}
		waited, err := rt.timers.wait(ctx)
		if err != nil {
			return fmt.Errorf("timers were still set: %w", err)
		}
		if !waited {
			return nil
		}
	}
}

// tellLateState logs that the state has changed since it was handed over.
func (rt *Runtime) tellLateState() {
	rt.mu.Lock()
	handed := rt.handed
	now, err := rt.encodeState()
	rt.mu.Unlock()
	var before, after any
	if handed == nil || err != nil || json.Unmarshal(handed, &before) != nil || json.Unmarshal(now, &after) != nil {
		return
	}
	if !reflect.DeepEqual(before, after) {
		rt.log.Warn("handlers of the old version have changed bot.state after the new one took over; the new one does not see that")
	}
}
