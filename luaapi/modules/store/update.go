package store

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// update is update(key, fn) → the new value: fn gets the value, nil where there
// is none, and returns the new one, nil to delete. It runs again where somebody
// else wrote meanwhile.
func (s *stores) update(L *lua.LState, sp *space, a arguments) int {
	key, fn, now := s.key(L, a), module.Func(s.vm, L, a.first+1, a.what), s.vm.Now()
	for {
		var found *row
		handler := s.do(L, sp, a.what, func(ctx context.Context, db *database) (err error) {
			found, err = db.get(ctx, sp.name, key, now)
			return err
		})
		was, old := lua.LValue(lua.LNil), []byte(nil)
		if found != nil {
			old = found.value
			was = s.decode(L, old, a.what)
		}
		result := s.compute(L, handler, fn, was)
		value := s.encode(L, result, a.what)
		var done bool
		s.do(L, sp, a.what, func(ctx context.Context, db *database) (err error) {
			done, err = db.swap(ctx, sp.name, key, old, value, now)
			return err
		})
		if done {
			L.Push(result)
			return 1
		}
	}
}

// compute calls the function of an update. Meanwhile its handler may not use a
// store: what it reads there is not part of what is made sure to be unchanged.
func (s *stores) compute(L *lua.LState, handler context.Context, fn *lua.LFunction, was lua.LValue) lua.LValue {
	s.setUpdating(handler, true)
	defer s.setUpdating(handler, false)
	L.Push(fn)
	L.Push(was)
	L.Call(1, 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}

func (s *stores) setUpdating(handler context.Context, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if on {
		s.updating[handler] = true
	} else {
		delete(s.updating, handler)
	}
}

func (s *stores) isUpdating(handler context.Context) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.updating[handler]
}
