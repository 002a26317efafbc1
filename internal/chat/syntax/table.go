package syntax

import "slices"

// row is one form of one command.
type row struct {
	name     string
	class    Class
	pattern  string
	hostOnly bool
}

func documented(name, pattern string) row {
	return row{name: name, class: Documented, pattern: pattern}
}
func botNeeded(name, pattern string) row { return row{name: name, class: BotNeeded, pattern: pattern} }
func service(name, pattern string) row   { return row{name: name, class: Service, pattern: pattern} }

// host marks a row as one that only the host may send.
func host(r row) row {
	r.hostOnly = true
	return r
}

// rows are all commands.
var rows = slices.Concat(documentedRows, botRows, serviceRows, appRows)
