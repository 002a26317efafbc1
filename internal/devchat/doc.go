// Package devchat is a chat with a bot on a simulated network, behind
// `simplex-lua dev`: what a line of input does, what people were told, which
// time it is, and the recording of it all as a test case.
//
//	ReadLine ──▶ Session.Run ──▶ Session.line ──┬─ a text ─────▶ sim.Person ──▶ bot
//	 (Screen)       │   ▲                       └─ a ":command" (commands.go)
//	                │   └ ticks: Session.flow (time), Session.show (what came)
//	                ▼
//	            Screen.Said, Note, Problem            recorder ──▶ a file of tests
//
// One goroutine, Run's, owns the session; a second one reads lines and ends with
// the input. Handlers of the bot, and reloads, report through Session.news from
// goroutines of their own.
//
// # Time
//
// The bot and the network live in a time of their own, which begins with the
// machine's. Where Options.Live is set it flows with the machine's clock.
// Without, it stands still, and every line lets a second pass, so that a script
// of lines always gives the same. In both, `:wait 10m` lets ten minutes pass
// at once.
//
// What the package does not do: flags, terminals (cmd/simplex-lua has the
// screens, lineedit the line to type on), and test cases (internal/bottest).
package devchat
