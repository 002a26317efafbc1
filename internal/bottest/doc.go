// Package bottest runs the tests that authors write for their bots, behind
// `simplex-lua test`.
//
// A file NAME_test.lua declares cases with the module simplex.sim. Each case has
// a network of its own, whose time is moved by hand, with the bot running on
// it as it would on the real one, and a Lua state of its own for the test.
//
//	Find ──▶ files ──▶ Run ──▶ one runCase per case, some side by side ──▶ Result
//	                             │
//	        luaapi.Runtime (test) │ luaapi.SimNetwork
//	                             ▼
//	   network ── sim.Network ── core ── host.Host ── luaapi.Runtime (bot)
//	      └────── clock ──────────────────────────────────┘
//
// Nothing waits for the machine's clock: whoever needs something done waits
// until the bot is at rest (host.Idle), and then moves the time to the next
// timer. Only the limits of a case count real time.
//
// What it does not do: flags, output, exit codes; they are in cmd/simplex-lua.
package bottest
