// Package host is the running process: it keeps a script and a chat controller
// together, starts the bot, hands every event to the script, reloads the script
// when it changes, and stops without losing a message. Programs that embed a
// bot use it as cmd/simplex-lua does: Run, or New for more control.
//
// It does not know Lua (luaapi does) nor the native library (native does); a
// controller is whatever Options.OpenCore returns.
//
//	chat.Core ──Receive──▶ receiver ──▶ lanes ───────▶ Script ──▶ Runtime
//	    ▲                  1 goroutine  1 goroutine    generations, each with
//	    │                  runs no Lua  per busy lane  its Lua state
//	    │                                   │ done
//	    ├──/_read chat items──── marker ◀───┘
//	    ├──/_get chat─────────── catchUp (what was unread), readBack (what did not fit),
//	    │                        liveItems (what nobody finished)
//	    └──/user … /_profile──── account (the start, and what a reload changed)
//
// Parts that know nothing of the rest are packages of their own: host/lanes,
// host/watch (the watcher of the script's files), host/listen (the addresses that
// the script answers on).
//
// A Supervisor runs several bots, one Host after the other for each, or a
// process of its own:
//
//	Supervisor ─┬─▶ Supervised ──▶ Host, Host, …   started again as Restart says,
//	            │                                  at once when the script changes
//	            └─▶ Supervised ──▶ Bot.Apart       a child process
//
// Supervisor.Change stops some of them and starts others; the rest goes on.
//
// # Goroutines
//
//	supervised one per bot of a Supervisor; ends when the bot has ended for good
//	receiver   takes events, keeps the state of the network, and puts what somebody
//	           wants in lanes; ends when the core is closed
//	lanes      one per chat with something to do; end when their lane is empty
//	errors     tells the script's on_error about the receiver's errors; ends with the host
//	marker     sends read marks, gathered; ends after the last handlers
//	catch-up   reads what was unread at the start, then ends
//	follow     catches up again when the connection to the core came back; ends with Stop
//	network    asks for subscriptions until an event tells about a message server
//	live       waits for messages that are still being written; ends with Stop
//	watcher    notices edits, reloads; ends first when the bot stops
//	drains     one per older generation, until its handlers have ended
//
// What hangs in a command of the core cannot be taken back. The shutdown waits
// for it within bounds, leaves it behind and returns ErrNotClosed: then the
// process must end.
//
// # Nothing lost
//
// A received message is stored, unread, before its event is handed out, and
// never handed out again. It is marked as read when all its handlers have
// ended. What is unread at the next start was not handled, and is handled then,
// before anything newer of its chat (catchup.go). Connections, joins,
// reactions, edits and deletions leave no such trace; those that were on their
// way when a process is killed are not found again. A graceful stop handles
// the ones it has taken, and marks also those whose handlers it cuts.
//
// Each message is noted in a journal (attempts in the data folder) before its
// first handler starts, and forgotten when its mark has arrived. So the next
// process knows how often it was tried; after three times it is set aside:
// marked and reported with the type "poison". What dies while all its handlers
// wait is no try.
//
// What a database held before the bot's first start is not for the bot:
// state.json in the data folder says when that was, which ids were there, which
// user is the bot's, and which reports are finished. Reports and tries are kept
// by id and time of creation, for ids are used again.
//
// # Faults
//
//	nonsense instead of an event     reported, counted; its message is found unread at the next start
//	errors instead of events         reported once, tried again at growing intervals; Status.Receiving is false
//	nonsense instead of a reply      the command's error; marks are sent again
//	a storm of errors or events      not queued unless wanted; logged once a second
//	a command that does not return   holds its own chat only; a stop leaves it behind
//	all servers lost, or none found  Status.Network.Offline, logged once; the core goes on trying
//	no room on the disk              messages are handled and marked; tries, reports and named timers
//	                                 are not noted, which is logged; a first start fails with a DataError
//	a clock that was wrong           what is ours is told by ids too; a clock that is ahead makes
//	                                 messages too old, which on_skipped is told
//	a start that does not return     left behind when the bot is stopped; Run returns ErrNotClosed
//	a panic in a Go module           reported; the message is marked, the lane goes on
//	the connection to the core lost   (a core that is not ours) what was unread is looked for when it is
//	                                 back (return.go); what is waiting or under way goes on
//	the core is gone                 Run returns ErrCoreGone; what was under way is unread
//
// # Lock order
//
// Script.mu before generation.mu; a loglimit.Limiter's lock is the last one everywhere.
// Otherwise no two locks are held together, and none while a Runtime, the core or
// another part is called; but a reload holds the older generation's Lua state
// (Runtime.HandOver) while the next one adopts its state and is swapped in. attempts.mu and reportLog.mu are held while their
// files are written.
package host
