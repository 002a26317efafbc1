package luaapi

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// Options say what to load and what it may reach.
type Options struct {
	// Name is the bot's name in logs and bot.info.
	Name string
	// Path is the script's file; require finds modules below its folder.
	Path string
	// Source is the script's text; nil means: read Path.
	Source []byte
	// Folder is where require finds modules in place of the folder of Path, as
	// inside a bundle; nil means: there.
	Folder fs.FS
	// Stdlib holds the modules of the executable; nil for none.
	Stdlib fs.FS
	// Generation counts the loads of a script from 1.
	Generation int
	// Log takes the script's log lines and the errors of its handlers, and says
	// which bot and generation they are from; nil discards.
	Log *slog.Logger
	// Print is where print writes its lines; nil means: to Log at level info.
	Print io.Writer
	// Getenv is asked by os.getenv; the script sees what Grants allow. Nil knows none.
	Getenv func(string) (string, bool)
	// Grants is what the operator allows; the zero value allows nothing.
	Grants permission.Set
	// Store is the URL of the PostgreSQL server for stores that the script gives
	// none, "" for the file in the data folder. No permission is asked for it.
	Store string
	// Listeners are the addresses that the bot answers on; nil for none.
	Listeners module.Listeners
	// Stop is what bot.stop calls; it must not block. Nil ignores bot.stop.
	Stop func(reason string)
	// DisplayName is the profile's name where the script sets none ("" : Name).
	DisplayName string
	// NoBot leaves bot out: plain Lua, for eval. The program may wait at once, so
	// that Attach would come too late: Session is what it gives.
	NoBot   bool
	Session Session
	// Override puts what the operator sets in the place of what the script asked
	// for with bot.configure; nil changes nothing.
	Override func(Settings) Settings
	// CPULimit is how long loading may hold the lock; 0 is 10 s.
	CPULimit time.Duration
	// Limits bound single operations and the memory; the zero value is the defaults.
	Limits Limits
	// Meter returns what counts the runs of a handler, and is called when it is
	// registered; nil: nobody counts.
	Meter func(handler string) func(took time.Duration, failed bool)
	// ShowTexts lets the log hold error messages as they are, with the texts of
	// messages that they may quote; else only a log at level debug does.
	ShowTexts bool
	// Lab is what a test runner puts around the script; the zero value is none.
	Lab Lab
	// Tests makes simplex.sim collect cases: the script is a file of tests.
	Tests bool
}

// Session is the controller and who the bot is on it.
type Session struct {
	Core chat.Core
	// UserID is the bot's user in the database.
	UserID int64
	// Address is the bot's own address, "" for none.
	Address string
	// CoreVersion is what the core answered to /v.
	CoreVersion string
	// FilesDir is the only folder that scripts may reach without a permission.
	FilesDir string
	// DataDir is the bot's data folder, where modules keep what lasts.
	DataDir string
	// Started is when the process began.
	Started time.Time
	// Timers is the book of the bot's timers; nil is one of this generation's own.
	Timers *TimerBook
	// Connections tells what the core last told about its servers; nil knows none.
	Connections func() Connections
}

// Runtime is one generation of a script: one Lua state with its lock, modules,
// handlers and timers. All exported methods are safe for use by several
// goroutines; those that say so wait for Lua code.
type Runtime struct {
	opts  Options
	log   *slog.Logger
	clock Clock
	lab   Lab
	lanes *lanes // nil on the machine's clock

	// mu is the lock of the Lua state and guards everything down to the blank line.
	mu        sync.Mutex
	lua       *lua51.State
	loading   bool
	settings  Settings // while loading; then frozen holds them
	session   Session
	sources   []source
	modules   map[string]*loadedModule
	errorMeta *lua.LTable
	msgMeta   *lua.LTable
	find      *lua.LFunction // string.find
	tostring  *lua.LFunction
	state     lua.LValue      // bot.state
	hidden    map[string]bool // variables that the log has named as not allowed
	timers    timers
	sim       *simTest // nil unless Options.Tests
	life      life
	// handed is the state as a later generation got it, nil before.
	handed json.RawMessage

	userID   atomic.Int64 // of session, for those without the lock
	frozen   atomic.Pointer[Settings]
	handlers handlers
	calls    calls
	waiters  waiters
	workers  workers
	aside    aside
	sending  sending

	vocabulary vocabulary
}

// Load compiles and runs a script's declarations. Nothing is sent or started.
// The error is a *ScriptError where the script is at fault. It blocks for at
// most the load limit of 10 s of Lua.
func Load(ctx context.Context, o Options) (*Runtime, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.DisplayName == "" {
		o.DisplayName = o.Name
	}
	rt := &Runtime{
		opts: o, log: o.Log, loading: !o.NoBot, session: o.Session,
		settings: DefaultSettings(o.DisplayName),
		modules:  map[string]*loadedModule{},
		hidden:   map[string]bool{},
		state:    lua.LNil,
		lab:      o.Lab.withDefaults(),
	}
	rt.life.started = o.NoBot
	rt.calls.init()
	rt.timers.init()
	rt.setClock()
	if o.Tests {
		rt.sim = &simTest{}
	}
	defaults := rt.settings
	rt.frozen.Store(&defaults)
	o.Limits.apply()
	rt.lab.Loaded(rt)
	rt.mu.Lock()
	rt.lua = lua51.New(lua51.Options{Limits: o.Limits.lua, Getenv: rt.getenv, Clock: rt.clock.Now})
	rt.openGlobals()
	rt.mu.Unlock()
	if err := rt.runMain(ctx); err != nil {
		rt.Close()
		return nil, err
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.loading = false
	if o.Override != nil {
		rt.settings = o.Override(rt.settings)
	}
	settings := rt.settings
	rt.frozen.Store(&settings)
	return rt, nil
}

// setClock decides which time the script lives in.
func (rt *Runtime) setClock() {
	if rt.clock = rt.lab.Clock; rt.clock == nil {
		rt.clock = MachineClock{}
		return
	}
	rt.lanes = newLanes()
}

// loadLimit is how long the declarations of a script may take.
const loadLimit = 10 * time.Second

func (rt *Runtime) runMain(ctx context.Context) error {
	src, name, err := rt.readMain()
	if err != nil {
		return err
	}
	proto, err := rt.lua.Compile(name, src)
	if err != nil {
		return rt.scriptError("", err)
	}
	c := rt.newCall(ctx, "", cmp.Or(rt.opts.CPULimit, loadLimit))
	return c.runOnce(func() (*lua.LFunction, []lua.LValue) { return rt.lua.L().NewFunctionFromProto(proto), nil }, nil)
}

// Settings returns what the script asked for with bot.configure.
func (rt *Runtime) Settings() Settings { return *rt.frozen.Load() }

// Files returns the absolute paths of the script and of every file it
// required, first the script.
func (rt *Runtime) Files() []string {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	files := make([]string, 0, len(rt.sources))
	for _, src := range rt.sources {
		if src.path != "" {
			files = append(files, src.path)
		}
	}
	return files
}

// Attach gives the runtime its controller. It is called before Start.
func (rt *Runtime) Attach(s Session) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.session = s
	rt.userID.Store(s.UserID)
	if s.Connections != nil {
		rt.sending.connections.Store(&s.Connections)
	}
}

// Start tells the modules that this generation has taken over, runs the on_start
// handlers with the reason "start" or "reload" and then lets timers and spawned tasks begin. It blocks until those handlers
// have ended; their errors are reported like any handler's.
func (rt *Runtime) Start(ctx context.Context, reason string) {
	rt.takeOver()
	rt.runHooks(ctx, hookStart, lua.LString(reason))
	rt.startTimers()
}

// Stop ends the timers, runs the on_stop handlers for as long as ctx allows,
// and closes the runtime. Handlers under way are cut: Drain first.
func (rt *Runtime) Stop(ctx context.Context, reason string) {
	rt.stopTimers()
	rt.runHooks(ctx, hookStop, lua.LString(reason))
	rt.Close()
}

// Close cuts every handler, waits for them and frees the state. The second
// call does nothing.
func (rt *Runtime) Close() {
	rt.stopTimers()
	rt.calls.close(errClosed)
	rt.workers.close()
	rt.closeModules()
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.lua != nil {
		rt.lua.Close()
		rt.lua = nil
	}
}

// unlocked runs fn, which may wait, without the lock of the Lua state, and
// takes the lock back whatever fn does. It must be called by the goroutine
// that runs L, and raises an error while the script is loading or where the
// handler may not wait.
//
// No Lua value may be touched in fn.
func (rt *Runtime) unlocked(L *lua.LState, fn func(ctx context.Context)) {
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	rt.withoutLock(L, func() { fn(c.ctx) })
	if err := context.Cause(c.ctx); err != nil {
		rt.raise(L, err)
	}
}

func (rt *Runtime) mustBeAbleToWait(L *lua.LState, c *call) {
	if rt.loading {
		rt.raise(L, &Error{Type: ErrNotStarted, Message: "not started: put it in bot.on_start"})
	}
	if c.mayNotWait != "" {
		rt.raisef(L, ErrArgument, "%s may not wait", c.mayNotWait)
	}
}

// withoutLock gives the lock up while fn runs, and lets the CPU limit begin anew:
// it bounds what is computed without waiting. The retake is deferred, so that
// a panic in fn keeps the invariant: whoever runs Lua holds the lock.
func (rt *Runtime) withoutLock(L *lua.LState, fn func()) {
	b := lua51.BudgetOf(L)
	b.Pause()
	b.Renew()
	rt.mu.Unlock()
	defer func() {
		rt.mu.Lock()
		L.G.CurrentThread = L
		b.Resume()
	}()
	fn()
}
