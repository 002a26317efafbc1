// Package native drives the chat core as a shared library (libsimplex) through
// purego, without cgo. It finds or downloads the library, starts the core's
// runtime once per process, and opens controllers: one per chat database.
//
// It knows no chat command, no Lua and no other package of ours. It is the only
// importer of purego and unsafe; above it there are no pointers, microseconds
// or C types.
//
//	Env, Options ─▶ Locate ┬ Find     $SIMPLEX_LIBS_DIR, carried along, beside the executable, cache
//	                       └ Install  download ─▶ check hash ─▶ unpack ─▶ rename into the cache
//	                │ Location
//	                ▼
//	              Open ─▶ dlopen siblings and library ─▶ symbols ─▶ start the runtime
//	                │ *Library, one per process, never unloaded
//	                ▼
//	OpenController ─▶ lock PREFIX.lock ─▶ chat_migrate_init
//	                │ *Controller
//	                ▼
//	Send, Receive, files ─▶ gate (counts calls inside the core) ─▶ C ─▶ take (copy, free)
//	Close ─▶ shut the gates ─▶ wait for the commands inside ─▶ chat_close_store ─▶ unlock
//
// # Goroutines
//
// Calls run on the goroutine of the caller; a blocked one holds an OS thread,
// so at most MaxCommands run at once per controller. Receive starts one
// goroutine while it waits for longer than a moment; it ends with its wait
// inside the core, within 5 s. Close starts one that closes the store when the
// last call has left the core.
//
// # Errors
//
// LoadError, InstallError, InitError and LockedError say what was wrong, and
// their Hint method what to do next. Their Kind is a sentinel for errors.Is.
package native
