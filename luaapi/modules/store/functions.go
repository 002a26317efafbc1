package store

import (
	"context"
	"errors"
	"math"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

const (
	defaultLimit = 1000
	maxLimit     = 10_000
)

// key reads the key, which is the first argument.
func (s *stores) key(L *lua.LState, a arguments) string {
	key := module.String(s.vm, L, a.first, a.what+": the key")
	if err := checkKey(key); err != nil {
		module.Argument(s.vm, L, "%s: %v", a.what, err)
	}
	return key
}

// prefix reads the beginning of keys.
func (s *stores) prefix(L *lua.LState, a arguments) string {
	prefix := module.String(s.vm, L, a.first, a.what+": the prefix")
	if len(prefix) > maxKey {
		module.Argument(s.vm, L, "%s: the prefix has %d bytes, more than %d", a.what, len(prefix), maxKey)
	}
	return prefix
}

// encode writes a value down; nil is nil.
func (s *stores) encode(L *lua.LState, v lua.LValue, what string) []byte {
	if v == lua.LNil {
		return nil
	}
	b, err := encode(v, s.vm.Step(L))
	if err != nil {
		if path := (*luaconv.PathError)(nil); errors.As(err, &path) {
			what += ": the value"
			if path.Path != "" {
				what += ", at " + path.Path
			}
			err = module.Errorf(module.ErrArgument, "%s: %s", what, path.Reason)
		}
		s.vm.Raise(L, err)
	}
	return b
}

func (s *stores) decode(L *lua.LState, b []byte, what string) lua.LValue {
	v, err := decode(b, s.vm.Step(L))
	if err != nil {
		s.vm.Raise(L, err)
	}
	return v
}

// get is get(key[, default]) → the value, default where there is none.
func (s *stores) get(L *lua.LState, sp *space, a arguments) int {
	key, now := s.key(L, a), s.vm.Now()
	var found *row
	s.do(L, sp, a.what, func(ctx context.Context, db *database) (err error) {
		found, err = db.get(ctx, sp.name, key, now)
		return err
	})
	v := L.Get(a.first + 1)
	if found != nil {
		v = s.decode(L, found.value, a.what)
	}
	L.Push(v)
	return 1
}

// setOptions are what set takes.
type setOptions struct {
	TTL *time.Duration `lua:"ttl"`
}

// set is set(key, value[, options]); the value nil deletes.
func (s *stores) set(L *lua.LState, sp *space, a arguments) int {
	key := s.key(L, a)
	if L.GetTop() < a.first+1 {
		module.Argument(s.vm, L, "%s: want a key and a value; the value nil deletes", a.what)
	}
	value, now := s.encode(L, L.Get(a.first+1), a.what), s.vm.Now()
	var o setOptions
	s.vm.Options(L, a.first+2, a.what, &o)
	var ttl time.Duration
	if o.TTL != nil {
		if ttl = *o.TTL; ttl < time.Millisecond {
			module.Argument(s.vm, L, "%s.ttl: want more than 0; leave it out to keep the entry for ever", a.what)
		}
	}
	s.do(L, sp, a.what, func(ctx context.Context, db *database) error {
		if value == nil {
			_, err := db.delete(ctx, sp.name, key, now)
			return err
		}
		return db.set(ctx, sp.name, key, value, ttl, now)
	})
	return 0
}

// delete is delete(key) → whether there was an entry.
func (s *stores) delete(L *lua.LState, sp *space, a arguments) int {
	key, now := s.key(L, a), s.vm.Now()
	var deleted bool
	s.do(L, sp, a.what, func(ctx context.Context, db *database) (err error) {
		deleted, err = db.delete(ctx, sp.name, key, now)
		return err
	})
	L.Push(lua.LBool(deleted))
	return 1
}

// incr is incr(key[, by]) → the new number.
func (s *stores) incr(L *lua.LState, sp *space, a arguments) int {
	key, by, now := s.key(L, a), 1.0, s.vm.Now()
	if v := L.Get(a.first + 1); v != lua.LNil {
		n, ok := v.(lua.LNumber)
		if by = float64(n); !ok || math.IsNaN(by) || math.IsInf(by, 0) {
			module.Argument(s.vm, L, "%s: want a number to add, got %s", a.what, module.Describe(v))
		}
	}
	step := func() error { return nil } // of a single value
	var sum float64
	s.do(L, sp, a.what, func(ctx context.Context, db *database) error {
		for {
			was, old := lua.LValue(lua.LNumber(0)), []byte(nil)
			found, err := db.get(ctx, sp.name, key, now)
			if err != nil {
				return err
			}
			if found != nil {
				old = found.value
				if was, err = decode(old, step); err != nil || was.Type() != lua.LTNumber {
					return module.Errorf(module.ErrArgument, "%s: the value of %q is not a number", a.what, key)
				}
			}
			sum = float64(was.(lua.LNumber)) + by
			value, err := encode(lua.LNumber(sum), step)
			if err != nil {
				return err
			}
			if done, err := db.swap(ctx, sp.name, key, old, value, now); done || err != nil {
				return err
			}
		}
	})
	L.Push(lua.LNumber(sum))
	return 1
}

// list is list(prefix[, options]) → a list of { key =, value = }.
func (s *stores) list(L *lua.LState, sp *space, a arguments) int {
	prefix, now := s.prefix(L, a), s.vm.Now()
	o := struct {
		Limit int    `lua:"limit"`
		After string `lua:"after"`
	}{Limit: defaultLimit}
	s.vm.Options(L, a.first+1, a.what, &o)
	if o.Limit < 1 || o.Limit > maxLimit {
		module.Argument(s.vm, L, "%s.limit: want 1 to %d, got %d", a.what, maxLimit, o.Limit)
	}
	var rows []row
	s.do(L, sp, a.what, func(ctx context.Context, db *database) (err error) {
		rows, err = db.list(ctx, sp.name, prefix, o.After, o.Limit, now)
		return err
	})
	list := L.CreateTable(len(rows), 0)
	for i, r := range rows {
		e := L.CreateTable(0, 2)
		e.RawSetString("key", lua.LString(r.key))
		e.RawSetString("value", s.decode(L, r.value, a.what))
		list.RawSetInt(i+1, e)
	}
	L.Push(list)
	return 1
}

// ttl is ttl(key) → the seconds that the entry has left, nil for ever and
// where there is none.
func (s *stores) ttl(L *lua.LState, sp *space, a arguments) int {
	key, now := s.key(L, a), s.vm.Now()
	var found *row
	s.do(L, sp, a.what, func(ctx context.Context, db *database) (err error) {
		found, err = db.get(ctx, sp.name, key, now)
		return err
	})
	if found == nil || found.expires == 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(time.UnixMilli(found.expires).Sub(now).Seconds()))
	return 1
}

// clear is clear(prefix) → how many entries were removed.
func (s *stores) clear(L *lua.LState, sp *space, a arguments) int {
	prefix := s.prefix(L, a)
	var removed int
	s.do(L, sp, a.what, func(ctx context.Context, db *database) (err error) {
		removed, err = db.clear(ctx, sp.name, prefix)
		return err
	})
	L.Push(lua.LNumber(removed))
	return 1
}
