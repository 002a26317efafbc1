// Package sim is a network of people, groups and files in memory that answers
// the chat core's command language. `dev` and `test` run bots on it.
//
// Every actor (the bot, alice, bob) opens a database in one Network and gets a
// Core, as from the native library. A reply is computed from the state of that
// database, never stored; what is not modelled answers the command error
// "not simulated: NAME", and changes nothing.
//
//	Core.Send ──▶ syntax.Parse ──▶ handlers[NAME] ──▶ state of the database ──▶ reply
//	                                     │ mail
//	                                     ▼
//	              Network.mail (in order) ──▶ peer's database ──▶ its event queue ──▶ Core.Receive
//
// # Order and time
//
// One lock guards the whole network. After each command the network settles: it
// hands over the mail, in the order it was posted, until there is none, so what
// a command causes has happened when Send returns. Mail for an actor that is not
// running, or whose queue is full, waits, as it does at a real server. A network
// starts no goroutines, except for the timer of a real clock.
//
// Times are distinct and increasing, so that what the core stores as one moment
// can be told from what it stores as two.
//
// # Adding a topic
//
// A topic is a file with a table of handlers by command name (handlers.go lists
// the tables) and the state it needs. State types carry the core's field names
// as JSON tags and are what is sent; fields without a tag are the simulator's
// own. A handler checks first and changes state after, because nothing is
// rolled back.
//
// # Speed
//
// Nothing scans all items for a message. While a message is on its way, the JSON
// of contacts, groups and members is kept, see shown.go: a handler that runs in
// such a step and changes more than the time of the last item must say so with
// Network.changed.
//
// JSON of items is written by hand, and events about them in one piece: some
// 28,000 messages a second on one core. What is kept of a person counts too:
// 10,000 connected people take 111 MB, see bench_test.go.
//
// # Versions
//
// Each database is of one version of the core, 6.5.1 or 7.0 (database.v7), and
// people of both can meet. What is different stands where it happens; versions.go,
// seven.go and roster.go hold what is new.
//
// What the simulator does not do: cryptography, several servers, the agent's
// statistics, calls, remote control. docs/simulator.md lists it, and how far the
// rest agrees with recordings of the real core.
package sim
