package devchat

import "time"

// Screen is where a session reads lines and shows what happens. Texts may hold
// anything, also control characters. ReadLine is called by one goroutine, the
// other methods by another one.
type Screen interface {
	// ReadLine blocks for the next line; io.EOF ends the session.
	ReadLine() (string, error)
	// Prompt says who writes now and where; group is "" in the chat with the bot.
	Prompt(who, group string)
	// Said shows what somebody did in a chat.
	Said(e Entry)
	// Note shows something else that happened.
	Note(text string)
	// Hint shows what was wrong with a line of input.
	Hint(err error)
	// Problem shows an error of the script.
	Problem(p Problem)
}

// Entry is what somebody did in a chat.
type Entry struct {
	What What
	// At is when, in the time of the network.
	At time.Time
	// From did it. Own tells that it was the person who writes now.
	From string
	Own  bool
	// To is who saw it, "" for the person who writes now.
	To string
	// Group is the group it happened in, "" for the chat with the bot. Here tells
	// that this is the chat that is written to now.
	Group string
	Here  bool
	// Text is the text of the message as it is now; of a reaction it is the emoji.
	Text string
	// Quote is the text that a message answers, where that is not obvious.
	Quote string
	// File is the name of the file that came with it, Size its size in bytes.
	File string
	Size int64
}

// What somebody did.
type What int

// What people and bots do in a chat.
const (
	Wrote What = iota
	Edited
	Deleted
	Reacted
	Unreacted
)

// Problem is an error of the script, with the line of code where it is known.
type Problem struct {
	// Text is the message with its place: "bot.lua:4: broken".
	Text string
	// Line is the number of the line, 0 where it is not known; Code is its text.
	Line int
	Code string
}
