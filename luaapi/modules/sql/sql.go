package sql

import (
	"context"
	"errors"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/postgres"
)

// Module is require "sql".
var Module = module.Module{Name: "sql", Stability: module.Stable, Open: open}

const (
	defaultTimeout = 30 * time.Second
	defaultLimit   = 10_000
	maxLimit       = 1_000_000
)

// databases is the module in one runtime.
type databases struct {
	vm             module.VM
	class, txClass *lua.LTable

	mu     sync.Mutex // guards opened
	opened map[*handle]bool
	ending sync.WaitGroup // of all handles
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	m := &databases{vm: vm, opened: map[*handle]bool{}}
	vm.OnClose(m.closeAll)
	methods, txMethods := map[string]lua.LGFunction{"transaction": m.transaction, "close": m.close}, map[string]lua.LGFunction{}
	for name, fn := range map[string]func(*lua.LState, target) int{"query": m.query, "one": m.one, "exec": m.exec} {
		methods[name] = func(L *lua.LState) int {
			h := module.This[*handle](vm, L, "database", name)
			return fn(L, target{h, h.run, "database:" + name})
		}
		txMethods[name] = func(L *lua.LState) int {
			tx := module.This[*transaction](vm, L, "transaction", name)
			return fn(L, target{tx.handle, tx.run, "transaction:" + name})
		}
	}
	m.class, m.txClass = vm.Class(L, "database", methods), vm.Class(L, "transaction", txMethods)
	return vm.Table(L, "sql", map[string]lua.LGFunction{"open": m.open}, map[string]lua.LValue{"null": luaconv.Null})
}

// openOptions are what sql.open takes.
type openOptions struct {
	Path     string         `lua:"path"`
	URL      string         `lua:"url"`
	ReadOnly bool           `lua:"read_only"`
	Timeout  *time.Duration `lua:"timeout"`
	Limit    *int           `lua:"limit"`
}

// open is sql.open(path | url | options[, options]) → a database. It reaches
// nothing yet.
func (m *databases) open(L *lua.LState) int {
	o := m.openOptions(L)
	h := newHandle(&m.ending)
	if o.Timeout != nil {
		if h.timeout = *o.Timeout; h.timeout == 0 {
			module.Argument(m.vm, L, "sql.open.timeout: want more than 0")
		}
	}
	if o.Limit != nil {
		if h.limit = *o.Limit; h.limit < 1 || h.limit > maxLimit {
			module.Argument(m.vm, L, "sql.open.limit: want 1 to %d, got %d", maxLimit, h.limit)
		}
	}
	switch {
	case (o.Path == "") == (o.URL == ""):
		module.Argument(m.vm, L, "sql.open: want either the path of an SQLite file or the URL of a PostgreSQL server")
	case o.URL != "":
		config, err := postgres.Config("sql.open.url", o.URL, m.vm.Allowed())
		if err != nil {
			m.vm.Raise(L, err)
		}
		h.open = func(ctx context.Context) (source, error) { return openPostgres(ctx, config) }
	default:
		h.open = func(ctx context.Context) (source, error) {
			path, err := m.path(o)
			if err != nil {
				return nil, err
			}
			src, err := openSQLite(ctx, path, o.ReadOnly)
			if err != nil {
				return nil, sqliteError(err)
			}
			return src, nil
		}
		if !m.vm.Loading() { // else the folder is not known yet
			if _, err := m.path(o); err != nil {
				m.vm.Raise(L, err)
			}
		}
	}
	m.mu.Lock()
	m.opened[h] = true
	m.mu.Unlock()
	L.Push(&lua.LUserData{Value: h, Metatable: m.class})
	return 1
}

func (m *databases) openOptions(L *lua.LState) (o openOptions) {
	s, ok := L.Get(1).(lua.LString)
	if !ok {
		module.TableArg(m.vm, L, 1, "sql.open: want a path, a URL or options; the argument")
		m.vm.Options(L, 1, "sql.open", &o)
		return o
	}
	m.vm.Options(L, 2, "sql.open", &o)
	if postgres.Is(string(s)) {
		o.URL = string(s)
	} else {
		o.Path = string(s)
	}
	return o
}

// path returns the path to open, if the script may.
func (m *databases) path(o openOptions) (string, error) {
	if o.Path == memory {
		return memory, nil
	}
	path, err := m.vm.Allowed().Path(o.Path, m.vm.FilesDir(), !o.ReadOnly)
	if denied := (*permission.Error)(nil); errors.As(err, &denied) {
		return "", &permission.Error{Message: "sql.open: " + denied.Message, Hint: denied.Hint}
	}
	return path, err
}

// wait runs fn without the lock; what begins the message of its error.
func (m *databases) wait(L *lua.LState, what string, fn func(handler context.Context) error) {
	m.vm.Wait(L, func(handler context.Context) error {
		err := fn(handler)
		if e := (*module.Error)(nil); errors.As(err, &e) {
			named := *e
			named.Message = what + ": " + e.Message
			return &named
		}
		return err
	})
}

// close is db:close(). It does not wait: statements under way end first.
func (m *databases) close(L *lua.LState) int {
	h := module.This[*handle](m.vm, L, "database", "close")
	h.close()
	m.mu.Lock()
	delete(m.opened, h)
	m.mu.Unlock()
	return 0
}

// closeAll closes what is open; no handler runs any more.
func (m *databases) closeAll() {
	for h := range m.opened {
		h.close()
	}
	m.ending.Wait()
}
