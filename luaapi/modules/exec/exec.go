package exec

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Module is require "exec".
var Module = module.Module{Name: "exec", Stability: module.Stable, Open: open}

const (
	defaultTimeout = 30 * time.Second
	defaultOutput  = 1 << 20
	maxOutput      = 64 << 20
	// maxArguments bounds the list, maxRunning the programs that a script has at
	// one time; further ones wait.
	maxArguments = 1000
	maxRunning   = 16
)

type library struct {
	vm       module.VM
	programs permission.Programs
	running  chan struct{}
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	lib := &library{vm: vm, programs: vm.Allowed().Programs(), running: make(chan struct{}, maxRunning)}
	return vm.Table(L, "exec", map[string]lua.LGFunction{"run": lib.run}, nil)
}

// options are what exec.run takes.
type options struct {
	Timeout   time.Duration         `lua:"timeout"`
	Input     string                `lua:"input"`
	MaxOutput int64                 `lua:"max_output"`
	Env       map[string]lua.LValue `lua:"env"`
	Dir       string                `lua:"dir"`
}

// run is exec.run({program, arg…}[, options]) → { status=, output=, error_output= }.
func (lib *library) run(L *lua.LState) int {
	args := lib.arguments(L)
	o := options{Timeout: defaultTimeout, MaxOutput: defaultOutput}
	lib.vm.Options(L, 2, "exec.run", &o)
	module.Timeout(lib.vm, L, "exec.run.timeout", o.Timeout)
	if o.MaxOutput < 1 || o.MaxOutput > maxOutput {
		module.Argument(lib.vm, L, "exec.run: want max_output from 1 to %d, got %d", maxOutput, o.MaxOutput)
	}
	path, err := lib.programs.Find(args[0])
	if err != nil {
		lib.vm.Raise(L, err)
	}
	j := &job{path: path, args: args, env: lib.environment(L, o.Env), dir: lib.vm.FilesDir(), input: o.Input, timeout: o.Timeout, limit: o.MaxOutput}
	if o.Dir != "" {
		if j.dir, err = lib.vm.Allowed().Path(o.Dir, lib.vm.FilesDir(), false); err != nil {
			lib.vm.Raise(L, err)
		}
	}
	lib.wait(L, j)
	result := L.NewTable()
	result.RawSetString("status", lua.LNumber(j.status))
	result.RawSetString("output", lua.LString(j.out.text()))
	result.RawSetString("error_output", lua.LString(j.errOut.text()))
	L.Push(result)
	return 1
}

// arguments reads the program with its arguments.
func (lib *library) arguments(L *lua.LState) []string {
	t := module.TableArg(lib.vm, L, 1, "exec.run: the program with its arguments")
	n := table.Len(t)
	if n == 0 || n > maxArguments {
		module.Argument(lib.vm, L, "exec.run: want a list of a program and up to %d arguments, got %d entries", maxArguments-1, n)
	}
	args := make([]string, n)
	for i := range args {
		v := table.At(t, i+1)
		s, ok := v.(lua.LString)
		if !ok || strings.ContainsRune(string(s), 0) {
			module.Argument(lib.vm, L, "exec.run: entry %d of the list: want a string without NUL bytes, got %s", i+1, module.Describe(v))
		}
		args[i] = string(s)
	}
	table.Each(t, func(k, _ lua.LValue) {
		if i, ok := k.(lua.LNumber); !ok || i < 1 || int(i) > n {
			module.Argument(lib.vm, L, "exec.run: the first argument is a list, but it has the key %s; options are the second", k.String())
		}
	})
	return args
}

// environment is what the program finds in its environment beside PATH. What it
// is told there may change what it does, so each name is a permission.
func (lib *library) environment(L *lua.LState, given map[string]lua.LValue) []string {
	var env []string
	for name, v := range given {
		value, ok := v.(lua.LString)
		if !ok || name == "" || strings.ContainsAny(name, "=\x00") || strings.ContainsRune(string(value), 0) {
			module.Argument(lib.vm, L, "exec.run: env.%s: want a string without NUL bytes, got %s", name, module.Describe(v))
		}
		if !lib.vm.Allowed().Env(name) {
			lib.vm.Raise(L, &permission.Error{
				Message: "exec.run: the script may not set the environment variable " + name, Hint: "allow it with --allow env=" + name,
			})
		}
		env = append(env, name+"="+string(value))
	}
	return env
}
