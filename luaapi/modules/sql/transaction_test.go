package sql

import (
	"context"
	"path/filepath"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// cutVM is a runtime that cuts the handler at the end of a wait, though what was
// waited for succeeded: while it waited for the lock, its time was over.
type cutVM struct {
	module.VM
	waits, at int // the wait to cut at
	handler   context.Context
	cut       context.CancelFunc
}

func (vm *cutVM) Wait(_ *lua.LState, fn func(ctx context.Context) error) {
	err := fn(vm.handler)
	if vm.waits++; vm.waits == vm.at {
		vm.cut()
		err = vm.handler.Err()
	}
	if err != nil {
		panic(err)
	}
}

// TestCutWhereItBegins: a handler that is cut in a wait of a transaction leaves
// no session behind that nobody can end.
func TestCutWhereItBegins(t *testing.T) {
	t.Parallel()
	for at, name := range []string{1: "begun", 2: "committed"} {
		if at == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vm := &cutVM{at: at}
			vm.handler, vm.cut = context.WithCancel(t.Context())
			defer vm.cut()
			dir := t.TempDir()
			m := &databases{vm: vm, opened: map[*handle]bool{}}
			h := newHandle(&m.ending)
			h.open = func(ctx context.Context) (source, error) {
				return openSQLite(ctx, filepath.Join(dir, "x.db"), false)
			}
			m.opened[h] = true
			L := lua.NewState()
			defer L.Close()
			L.Push(&lua.LUserData{Value: h})
			L.Push(L.NewFunction(func(*lua.LState) int { return 0 }))
			func() {
				defer func() {
					if recover() != context.Canceled {
						t.Error("the handler was not cut")
					}
				}()
				m.transaction(L)
			}()
			if _, err := h.run(t.Context(), query{text: "CREATE TABLE t (n)", limit: 1}); err != nil {
				t.Errorf("the next handler: %v", err)
			}
			m.closeAll() // waits for sessions that are taken
		})
	}
}
