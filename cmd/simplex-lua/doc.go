// Command simplex-lua runs SimpleX Chat bots written in Lua.
//
//	main.go ── newApp ──▶ run.go, dev.go, test.go, … one file per subcommand
//	                        │ flags, environment, simplex-lua.toml (internal/config)
//	                        ▼
//	                      host, internal/sim, internal/bundle, internal/ops, …
//	exit.go ←── error ──────┘ the exit code, and what standard error says
//
// Only this package reads flags, the environment and the standard streams, and
// decides exit codes. What a subcommand does is elsewhere.
package main
