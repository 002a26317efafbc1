// Package soak holds no code but a test: a bot on the simulated network lives
// through people who join, talk, ask to be asked, leave and come back, alone and
// in groups, while it is killed, stopped, started and its script is edited.
//
//	talkers ──texts──▶ sim.Network ──▶ host.Host (life 1, 2, 3 …) ──▶ script
//	   │                                   ▲          ▲                 │ print
//	   ▼ sent                       killer ┘   editor ┘                 ▼ handled
//	 ledger ◀───────────────────────────────────────────────────────────┘
//
// In the end the ledger must show that each text that was sent was handled at
// least once, twice only where the life that handled it first was killed, and
// that nothing of the hosts is left: no goroutine, no memory.
//
// The test takes some seconds; SOAK=30s makes it take that long, SOAK_SEED=N
// repeats the random choices (not the moments).
package soak
