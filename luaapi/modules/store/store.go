package store

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/postgres"
)

// Module is require "store".
var Module = module.Module{Name: "store", Stability: module.Stable, Open: open}

// FileName is the embedded store in the bot's data folder.
const FileName = "store.db"

// defaultTimeout is how long an operation may take, waiting for other
// processes and for a server included.
const defaultTimeout = 30 * time.Second

// stores is the module in one runtime.
type stores struct {
	vm    module.VM
	class *lua.LTable
	// memory has the store of a script without a data folder.
	memory registry

	mu sync.Mutex // guards the fields below
	// opened are the databases that this runtime has acquired, by name.
	opened map[string]*use
	// updating are the handlers that are in the function of an update.
	updating map[context.Context]bool
}

// use is a database and where it was acquired.
type use struct {
	db   *database
	from *registry
}

// space is a namespace in a database: what store.open returns.
type space struct {
	name    string
	timeout time.Duration
	config  *pgxpool.Config // of a server; nil for the embedded store
	url     string
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	s := &stores{vm: vm, memory: registry{open: map[string]*user{}}, opened: map[string]*use{}, updating: map[context.Context]bool{}}
	vm.OnClose(s.close)
	own, err := s.defaultSpace()
	if err != nil {
		vm.Raise(L, err)
	}
	functions, methods := map[string]lua.LGFunction{"open": s.open}, map[string]lua.LGFunction{}
	for name, fn := range map[string]func(*lua.LState, *space, arguments) int{
		"get": s.get, "set": s.set, "delete": s.delete, "incr": s.incr, "update": s.update,
		"list": s.list, "ttl": s.ttl, "clear": s.clear,
	} {
		functions[name] = func(L *lua.LState) int { return fn(L, own, arguments{what: "store." + name, first: 1}) }
		methods[name] = func(L *lua.LState) int {
			return fn(L, module.This[*space](vm, L, "store", name), arguments{what: "store:" + name, first: 2})
		}
	}
	s.class = vm.Class(L, "store", methods)
	return vm.Table(L, "store", functions, nil)
}

// arguments tells where the arguments of a function or method begin.
type arguments struct {
	what  string // in errors
	first int
}

// spaceName keeps scripts apart that share a database. A NUL is in no name.
func spaceName(script, name string) string { return script + "\x00" + name }

// defaultSpace is the script's own, where the operator wants it: on a server
// that needs no permission of the script's, or in the data folder.
func (s *stores) defaultSpace() (*space, error) {
	sp := &space{name: spaceName(s.vm.Name(), ""), timeout: defaultTimeout, url: s.vm.StoreURL()}
	if sp.url == "" {
		return sp, nil
	}
	var err error
	sp.config, err = postgres.Config("store", sp.url, permission.Set{All: true})
	return sp, err
}

// openOptions are what store.open takes.
type openOptions struct {
	Name    string         `lua:"name"`
	URL     string         `lua:"url"`
	Shared  bool           `lua:"shared"`
	Timeout *time.Duration `lua:"timeout"`
}

// open is store.open([name | options]) → a store. It reaches nothing yet.
func (s *stores) open(L *lua.LState) int {
	var o openOptions
	if name, ok := L.Get(1).(lua.LString); ok {
		o.Name = string(name)
	} else if L.GetTop() > 0 { // without arguments it is the script's own
		module.TableArg(s.vm, L, 1, "store.open: want a name or options; the argument")
		s.vm.Options(L, 1, "store.open", &o)
	}
	if len(o.Name) > 200 {
		module.Argument(s.vm, L, "store.open: the name has %d bytes, more than 200", len(o.Name))
	}
	for i := range len(o.Name) {
		if o.Name[i] == 0 {
			module.Argument(s.vm, L, "store.open: the name has a NUL at byte %d", i)
		}
	}
	sp, err := s.defaultSpace()
	if err != nil {
		s.vm.Raise(L, err)
	}
	sp.name = spaceName(s.vm.Name(), o.Name)
	if o.Shared {
		sp.name = spaceName("", o.Name)
	}
	if o.Timeout != nil {
		if sp.timeout = *o.Timeout; sp.timeout == 0 {
			module.Argument(s.vm, L, "store.open.timeout: want more than 0")
		}
	}
	if o.URL != "" {
		sp.url = o.URL
		if sp.config, err = postgres.Config("store.open.url", o.URL, s.vm.Allowed()); err != nil {
			s.vm.Raise(L, err)
		}
	}
	L.Push(&lua.LUserData{Value: sp, Metatable: s.class})
	return 1
}

// do runs fn, which may wait, on the space's database, and returns what stands
// for the handler.
func (s *stores) do(L *lua.LState, sp *space, what string, fn func(ctx context.Context, db *database) error) (handler context.Context) {
	dir := s.vm.DataDir()
	s.vm.Wait(L, func(caller context.Context) error {
		handler = caller
		if s.isUpdating(handler) {
			return module.Errorf(module.ErrArgument, "%s: the function of an update may not use a store; do that before or after", what)
		}
		ctx, cancel := context.WithTimeout(handler, sp.timeout)
		defer cancel()
		db, err := s.database(ctx, sp, dir)
		if err == nil {
			err = fn(ctx, db)
		}
		switch {
		case err == nil:
			return nil
		case ctx.Err() == context.DeadlineExceeded:
			return module.Errorf(module.ErrTimeout, "%s: it took longer than %v", what, sp.timeout)
		}
		if errors.As(err, new(*module.Error)) || errors.As(err, new(*permission.Error)) {
			return err
		}
		return module.Errorf(module.ErrIO, "%s: %v", what, err)
	})
	return handler
}

// database returns the space's database and opens it where this runtime has
// not. dir is the data folder, "" for a store in memory.
func (s *stores) database(ctx context.Context, sp *space, dir string) (*database, error) {
	name, from := sp.url, &shared
	start := func(ctx context.Context) (engine, error) { return openPostgres(ctx, sp.config.Copy()) }
	if sp.config == nil {
		if dir == "" {
			from = &s.memory
		} else {
			name = filepath.Join(dir, FileName)
		}
		start = func(ctx context.Context) (engine, error) { return openSQLite(ctx, name) }
	}
	s.mu.Lock()
	u := s.opened[name]
	s.mu.Unlock()
	if u != nil {
		return u.db, nil
	}
	db, err := from.acquire(ctx, name, start)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened[name] != nil { // by another handler meanwhile
		return db, from.release(name)
	}
	s.opened[name] = &use{db, from}
	return db, nil
}

// close gives the databases back; no handler runs any more.
func (s *stores) close() {
	for name, u := range s.opened {
		if err := u.from.release(name); err != nil {
			s.vm.Log().Warn("the store could not be closed", "err", err)
		}
	}
}
