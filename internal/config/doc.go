// Package config finds out which bots a process runs and with which settings:
// from flags, the environment, simplex-lua.toml, and what the arguments name.
//
//	defaults ─▶ top of the file ─▶ [[bot]] ─▶ $SIMPLEX_LUA_… ─▶ flags ─▶ Bot
//	            file.go, leaf.go                 given.go                 config.go
//	                 └────── each value by the table of keys: keys.go ──────┘
//
// Each layer goes over the ones before it, but for allow, which joins them all,
// and the tables limits and env…, which are merged by name. What a script sets
// with bot.configure lies below all of them; host and cmd add it.
//
// Resolve does it all. It reads the configuration file and looks for scripts; it
// opens nothing, runs nothing and reads no secret: Bot.ReadSecrets does that when
// the bot is to be started. Mistakes are *Error with the file's line, all of a
// file at once. Values of secrets stand in no error and not in Show.
package config
