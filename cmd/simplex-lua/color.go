package main

// Colours of terminals, as their escape sequences number them.
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "34"
	cyan   = "36"
	gray   = "90"
)

// painter colours text where color is set, and leaves it as it is otherwise.
type painter struct{ color bool }

func (p painter) paint(color, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}
