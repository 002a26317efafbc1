// Package module is the seam between the runtime and Lua modules written in Go.
//
//	luaapi.Runtime ── implements ──▶ module.VM ◀── uses ── luaapi/modules/NAME
//	       │                                                     │
//	       └── luaapi/modules.go lists each Module ◀── exports ───┘
//
// A module is a package below luaapi/modules with one value of type Module, a
// type file in stdlib/meta and a row in luaapi/modules.go. It imports this
// package, never luaapi, and gets all it may touch from its VM: arguments,
// errors, waiting, callbacks, the life of the generation it belongs to, and the
// walls it must keep. State that must outlive a generation is no module's: it
// belongs to the host or to a store.
//
// A Go function called from Lua runs with the lock of the Lua state held. What
// waits (files of unknown size, sockets, databases) does so inside VM.Wait,
// which gives the lock up, and touches no Lua value there.
package module
