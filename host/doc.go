// Package host is the running process: it keeps a script and a chat controller
// together, starts the bot, hands every event to the script, reloads the script
// when it changes, and stops without losing a message. Programs that embed a
// bot use it as cmd/simplex-lua does: Run, or New for more control.
//
// It does not know Lua (luaapi does) nor the native library (native does); a
// controller is whatever Options.OpenCore returns.
//
//	chat.Core ──Receive──▶ receiver ──▶ Dispatcher ──▶ Script ──▶ Runtime
//	    ▲                  1 goroutine  1 goroutine    generations, each with
//	    │                  runs no Lua  per busy lane  its Lua state
//	    │                                   │ done
//	    ├──/_read chat items──── marker ◀───┘
//	    ├──/_get chat─────────── catchUp (what was unread), readBack (what did not fit)
//	    └──/user … /_profile──── account (the start, and what a reload changed)
//
// # Goroutines
//
//	receiver   takes events and puts them in lanes; ends when the core is closed
//	lanes      one per chat with something to do; end when their lane is empty
//	marker     sends read marks, gathered; ends after the last handlers
//	catch-up   reads what was unread at the start, then ends
//	watcher    notices edits, reloads; ends first when the bot stops
//	drains     one per older generation, until its handlers have ended
//
// # Nothing lost
//
// A received message is stored, unread, before its event is handed out, and
// never handed out again. It is marked as read when all its handlers have
// ended. What is unread at the next start was not handled, and is handled then,
// before anything newer of its chat (catchup.go). Connections, joins,
// reactions, edits and deletions leave no such trace; those that were on their
// way when a process is killed are not found again. A graceful stop handles
// the ones it has taken.
//
// What a database held before the bot's first start is not for the bot:
// state.json in the data folder says when that was and which user is the bot's.
//
// # Lock order
//
// Script.mu before generation.mu. Otherwise no two locks are held together, and
// none while a Runtime, the core or another part is called.
package host
