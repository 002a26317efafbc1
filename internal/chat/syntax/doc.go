// Package syntax is the grammar of the chat core's command language: it reads
// a command string back into the command's name and its parameters.
//
// The simulated network reads with it what it is told to do, and the check of
// permissions reads what a raw command would do: which command it is, and which
// of its parameters are paths, hosts and keys. It does not write commands and
// does not know what they do.
//
//	"/_send @4 live=on json [{…}]"
//	      │ first word picks the rows, the longest literal goes first
//	      ▼
//	rows_documented.go: {APISendMessages, "/_send <sendRef:sendref>[ live=<…>]… json <…>"}
//	      │ pattern.go compiled it once, command.go walks it over the string
//	      ▼
//	Command{Name, Class, Prefix} + Int, Ref, JSON, … + Walls
//
// # Adding a row
//
// A row of the tables in rows_documented.go, rows_bot.go, rows_service.go and
// rows_apps.go is a name, a class and a pattern. The name is the one of the
// core's documentation. Two rows may share it where a command has two forms. A
// pattern is written as the documented syntax is, with the kind of every
// parameter:
//
//	/_send          literal text
//	<userId:int>    a parameter and its kind; the kinds stand in kind.go
//	<mode:on|off>   a parameter that is one of these words
//	[ ttl=<t:int>]  a part that may be missing; it is taken whenever it fits,
//	                as the core does, and not given back later
//
// Parameters of kind json, text, path and hosts take the rest of the line. A JSON
// parameter that carries data of the user's own choosing has kind data, so that
// Walls does not look into it. Rows must not overlap: TestNoAmbiguity fails on
// a row that another row shadows.
package syntax
