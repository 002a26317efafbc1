package luaapi

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

// mapOptions are what map.new takes.
type mapOptions struct {
	Capacity *int           `lua:"capacity"`
	TTL      *time.Duration `lua:"ttl"`
}

// openMap makes the module map: map.new{capacity=, ttl=}.
func openMap(rt *Runtime, L *lua.LState) lua.LValue {
	t, meta := L.NewTable(), rt.newMapMeta(L)
	t.RawSetString("new", L.NewFunction(rt.dotted(t, "map.new", func(L *lua.LState) int {
		var o mapOptions
		rt.checkOptions(L, 1, "map.new", &o)
		s := newStore(0, 0)
		if o.Capacity != nil {
			if s.capacity = *o.Capacity; s.capacity < 1 {
				rt.raisef(L, ErrArgument, "map.new.capacity: want 1 or more, got %d", s.capacity)
			}
		}
		if o.TTL != nil {
			if s.ttl = *o.TTL; s.ttl == 0 {
				rt.raisef(L, ErrArgument, "map.new.ttl: want more than 0; leave it out to keep entries for ever")
			}
		}
		L.Push(&lua.LUserData{Value: s, Metatable: meta})
		return 1
	})))
	rt.protect(L, t, "map", nil, nil)
	return t
}

// mapMethods are the methods of a map.
func (rt *Runtime) mapMethods() map[string]lua.LGFunction {
	methods := map[string]func(L *lua.LState, s *store) int{
		"get": func(L *lua.LState, s *store) int {
			L.Push(s.get(rt.checkMapKey(L, "get"), rt.clock.Now()))
			return 1
		},
		"set": rt.mapSet,
		"delete": func(L *lua.LState, s *store) int {
			L.Push(lua.LBool(s.delete(rt.checkMapKey(L, "delete"), rt.clock.Now())))
			return 1
		},
		"len": func(L *lua.LState, s *store) int {
			L.Push(lua.LNumber(s.len(rt.clock.Now())))
			return 1
		},
		"clear": func(_ *lua.LState, s *store) int {
			s.clear()
			return 0
		},
		"pairs": rt.mapPairs,
	}
	fns := map[string]lua.LGFunction{}
	for name, fn := range methods {
		fns[name] = func(L *lua.LState) int { return fn(L, rt.checkMap(L, name)) }
	}
	return fns
}

// mapSet is m:set(key, value[, ttl]); the value nil deletes.
func (rt *Runtime) mapSet(L *lua.LState, s *store) int {
	key := rt.checkMapKey(L, "set")
	if L.GetTop() < 3 {
		rt.raisef(L, ErrArgument, "map set: want a key and a value; the value nil deletes")
	}
	var ttl time.Duration
	if L.Get(4) != lua.LNil {
		if ttl = rt.checkDuration(L, 4, "map set: ttl"); ttl == 0 {
			rt.raisef(L, ErrArgument, "map set: ttl: want more than 0; use m:delete(key) to remove an entry")
		}
	}
	if v := L.Get(3); v != lua.LNil {
		s.set(key, v, ttl, rt.clock.Now())
	} else {
		s.delete(key, rt.clock.Now())
	}
	return 0
}

// mapPairs is m:pairs(): the iterator of a for loop. It passes the entries that
// were there when it began and still are, so it ends whatever the loop adds.
func (rt *Runtime) mapPairs(L *lua.LState, s *store) int {
	at, last := uint64(0), s.seq
	L.Push(L.NewFunction(func(L *lua.LState) int {
		e := s.next(at, rt.clock.Now())
		if e == nil || e.seq > last {
			at = last
			L.Push(lua.LNil)
			return 1
		}
		at = e.seq
		L.Push(e.key)
		L.Push(e.value)
		return 2
	}))
	return 1
}

// checkMap returns the map that a method was called on.
func (rt *Runtime) checkMap(L *lua.LState, method string) *store {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if s, ok := ud.Value.(*store); ok {
			return s
		}
	}
	rt.raisef(L, ErrArgument, "%s is a method of a map: write m:%s(…) with a colon", method, method)
	return nil
}

// checkMapKey reads a method's key.
func (rt *Runtime) checkMapKey(L *lua.LState, method string) lua.LValue {
	switch key := L.Get(2).(type) {
	case lua.LString, lua.LBool:
		return key
	case lua.LNumber:
		if !math.IsNaN(float64(key)) {
			return key
		}
		rt.raisef(L, ErrArgument, "map %s: the key is not a number (nan)", method)
	}
	rt.raisef(L, ErrArgument, "map %s: the key must be a string, a number or a boolean, got %s", method, describe(L.Get(2)))
	return nil
}

// newMapMeta makes the metatable of maps.
func (rt *Runtime) newMapMeta(L *lua.LState) *lua.LTable {
	methods := map[string]lua.LValue{}
	for name, fn := range rt.mapMethods() {
		methods[name] = L.NewFunction(fn)
	}
	names := slices.Sorted(maps.Keys(methods))
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		key := L.Get(2).String()
		v, ok := methods[key]
		if !ok {
			rt.raisef(L, ErrArgument, "a map has no method %q%s; entries are read with m:get(key)", key, nearest.Hint(key, names))
		}
		L.Push(v)
		return 1
	}))
	mt.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		rt.raisef(L, ErrArgument, "a map has no fields: write m:set(key, value)")
		return 0
	}))
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString(fmt.Sprintf("map of %d entries", rt.checkMap(L, "tostring").len(rt.clock.Now()))))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString("map"))
	return mt
}
