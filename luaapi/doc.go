// Package luaapi is everything a script can see, implemented in Go.
//
// It runs no event loop of its own: host loads a Runtime per generation of a
// script and hands it events. It knows nothing of the native library and
// nothing of the simulator.
//
//	Load ──▶ Runtime ──▶ Settings, Files          what the script declared
//	                 ──▶ Attach, Start            handlers, timers and tasks begin
//	event ─▶ Notice                               at its arrival: sends that wait hear of it
//	      ─▶ Raw ─▶ Offer (ask, wait_for) ─▶ Dispatch ─▶ one call per handler
//	                                                       │
//	bot.*, msg:* ──▶ Runtime.unlocked ──▶ chat.Core.Send ◀─┘
//
// One Lua state, one lock. Every handler call has a goroutine, a Lua thread
// and a budget of its own (package lua51). A Go function that waits gives the
// lock up and takes it back before it touches Lua again (Runtime.unlocked), so
// scripts read as straight-line code and chats interleave. Between two waiting
// calls a handler runs alone.
//
// Lock order: Runtime.mu (the Lua state) is taken before the locks of timers,
// lanes and waiters, and the one of calls last. What sends keep
// (Runtime.sending) has mutexes of its own, taken after Runtime.mu and before
// that of the calls. What a Clock calls back takes only that of the calls.
//
// Modules for require that need more than the state stand in luaapi/modules and
// meet the Runtime at the interface module.VM (vm.go).
//
// Tests (Options.Lab, Options.Tests) move a script's time by hand, and reach a
// simulated network through the interface SimNetwork.
package luaapi
