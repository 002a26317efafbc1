package module

import (
	"context"
	"log/slog"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// How settled a module is.
const (
	Stable       = "stable"
	Experimental = "experimental"
	Removed      = "removed"
)

// Module is a module for Lua that is written in Go.
type Module struct {
	// Name is what require takes.
	Name string
	// Stability is Stable, Experimental or Removed; a removed name stays in the
	// table and its error names Replacement.
	Stability   string
	Replacement string
	// Open makes the module's value, once per runtime, when it is first required.
	// The lock of the Lua state is held and nothing may wait.
	Open func(vm VM, L *lua.LState) lua.LValue
}

// VM is a runtime as its modules see it: one generation of a script. Methods
// that take L need the lock of the Lua state, which every Go function called
// from Lua has; the others are safe for use by any goroutine.
type VM interface {
	// Raise ends the Go function with err as an error table that points at the
	// line of the script. It does not return. An *Error keeps its type, a
	// *permission.Error has the type "permission", the end of a context
	// "timeout"; any other error "io".
	Raise(L *lua.LState, err error)
	// Options fills the struct that into points to from the options table in
	// argument n; nil leaves all as it is. Fields are named by their tag `lua`;
	// an unknown key or a wrong type raises an error that names what and the key.
	Options(L *lua.LState, n int, what string, into any)
	// Duration reads argument n: seconds or a text as "5m".
	Duration(L *lua.LState, n int, what string) time.Duration
	// Table makes the strict table of a module: its functions take a dot, unknown
	// names and assignments are errors.
	Table(L *lua.LState, name string, functions map[string]lua.LGFunction, values map[string]lua.LValue) *lua.LTable
	// Class makes the metatable of objects, which are userdata: methods take a
	// colon and get the object as argument 1 (see This).
	Class(L *lua.LState, name string, methods map[string]lua.LGFunction) *lua.LTable
	// DidYouMean ends an error about an unknown name: "; did you mean …?", or
	// nothing where no known name is near.
	DidYouMean(name string, known []string) string
	// Step counts the work of a reader or writer of data against the CPU limit of
	// the handler that runs L.
	Step(L *lua.LState) luaconv.Step

	// Wait runs fn without the lock and raises its error. Other handlers go on
	// meanwhile. ctx ends when the handler is cut; fn must return then. It raises
	// "not_started" while the script is loading. Fn touches no Lua value.
	Wait(L *lua.LState, fn func(ctx context.Context) error)
	// Rest is Wait for somebody else who may take as long as they like, as a
	// peer on a socket: the bot counts as at rest meanwhile, so that tests with
	// time moved by hand go on, and the CPU limit begins anew, for what follows is
	// about something else.
	Rest(L *lua.LState, fn func(ctx context.Context) error)
	// Call runs a Lua function as a handler of its own, named in errors and
	// metrics, with the limits of handlers, and blocks until it has ended.
	// prepare, with the lock held, returns the function and its arguments; result
	// gets, with the lock held, what the function returned first. ctx cuts it.
	// It must not be called with the lock held. The error has been reported
	// (log, on_error) already.
	Call(ctx context.Context, name string, prepare func(L *lua.LState) (*lua.LFunction, []lua.LValue), result func(L *lua.LState, v lua.LValue) error) error

	// Loading tells that the script is still declaring what it does.
	Loading() bool
	// OnReady has fn called when the script has been loaded, before it takes over:
	// its error ends the start, or leaves the older generation in place at a
	// reload. While loading only.
	OnReady(fn func(ctx context.Context) error)
	// OnStart has fn called when the generation takes over, at once where it has.
	OnStart(fn func())
	// OnClose has fn called when the generation ends, the last one first; all
	// handlers have ended then. Fn waits for what it has to end.
	OnClose(fn func())

	// Name is the bot's name, Log its log, which says which bot and generation.
	Name() string
	Log() *slog.Logger
	// Now and AfterFunc are the script's time, which tests move by hand.
	Now() time.Time
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	// Allowed is what the operator allows the script.
	Allowed() permission.Set
	// FilesDir is the folder that scripts may always reach, DataDir the one that
	// holds what the bot keeps; both are "" while loading and where there are none.
	FilesDir() string
	DataDir() string
	// StoreURL is that of the server that the operator gives stores without a URL,
	// with its password; "" for the file in the data folder.
	StoreURL() string
	// Listeners are the addresses of the bot, nil where there is none to answer.
	Listeners() Listeners
}
