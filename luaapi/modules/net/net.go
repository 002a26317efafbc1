package netmod

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// Module is require "net".
var Module = module.Module{Name: "net", Stability: module.Experimental, Open: open}

const (
	// maxConns is how many connections a script has open at most.
	maxConns       = 256
	defaultTimeout = 30 * time.Second
)

// library is the module in one generation of a script.
type library struct {
	vm     module.VM
	dialer permission.Dialer
	class  *lua.LTable
	conns  *module.Held[*conn]
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	lib := &library{vm: vm, dialer: permission.Dialer{Set: vm.Allowed()}}
	lib.conns = module.NewHeld(vm, "net.connect", "connections", maxConns, (*conn).shut)
	lib.class = lib.connClass(L)
	return vm.Table(L, "net", map[string]lua.LGFunction{"connect": lib.connect, "lookup_srv": lib.lookupSRV}, nil)
}

// explain turns the error of a socket into one for scripts: closed, timeout,
// permission or io.
func explain(what string, timeout time.Duration, err error) error {
	var typed *module.Error
	var denied *permission.Error
	var op *net.OpError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &typed):
		return typed
	case errors.As(err, &denied):
		return fmt.Errorf("%s: %w", what, denied)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return module.Errorf(module.ErrTimeout, "%s: nothing within %v", what, timeout)
	case errors.Is(err, net.ErrClosed):
		return module.Errorf(module.ErrClosed, "%s: the connection is closed", what)
	case errors.As(err, &op):
		err = op.Err
	}
	return module.Errorf(module.ErrIO, "%s: %s", what, strings.TrimPrefix(err.Error(), "tls: "))
}

// lookupOptions are what net.lookup_srv takes.
type lookupOptions struct {
	Timeout time.Duration `lua:"timeout"`
}

// lookupSRV is net.lookup_srv(service, proto, name[, options]) → list.
func (lib *library) lookupSRV(L *lua.LState) int {
	const what = "net.lookup_srv"
	service, proto := module.String(lib.vm, L, 1, what+": the service"), module.String(lib.vm, L, 2, what+": the protocol")
	name := module.String(lib.vm, L, 3, what+": the name")
	o := lookupOptions{Timeout: defaultTimeout}
	lib.vm.Options(L, 4, what, &o)
	module.Timeout(lib.vm, L, what+".timeout", o.Timeout)
	for _, label := range []string{service, proto} {
		if label == "" || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			module.Argument(lib.vm, L, "%s: want a service and a protocol as \"lime\", \"tcp\", got %q", what, label)
		}
	}
	var found []*net.SRV
	lib.vm.Wait(L, func(ctx context.Context) (err error) {
		ctx, cancel := context.WithTimeout(ctx, o.Timeout)
		defer cancel()
		found, err = lookup(ctx, lib.dialer, service, proto, name)
		return explain(what, o.Timeout, err)
	})
	list := L.NewTable()
	for _, srv := range found {
		t := L.NewTable()
		t.RawSetString("target", lua.LString(strings.TrimSuffix(srv.Target, ".")))
		t.RawSetString("port", lua.LNumber(srv.Port))
		t.RawSetString("priority", lua.LNumber(srv.Priority))
		t.RawSetString("weight", lua.LNumber(srv.Weight))
		list.Append(t)
	}
	L.Push(list)
	return 1
}

// lookup asks for the servers of a service, the best first; none is no error.
func lookup(ctx context.Context, d permission.Dialer, service, proto, name string) ([]*net.SRV, error) {
	if err := d.Set.Lookup(name); err != nil {
		return nil, err
	}
	r := d.Resolver
	if r == nil {
		r = net.DefaultResolver
	}
	_, found, err := r.LookupSRV(ctx, service, proto, name)
	if dns := (*net.DNSError)(nil); errors.As(err, &dns) {
		switch {
		case dns.IsNotFound:
			return nil, nil
		case dns.IsTimeout:
			return nil, context.DeadlineExceeded
		}
	}
	return found, err
}
