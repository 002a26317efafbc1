package host

import "errors"

var (
	// ErrStopped is the answer of a Host that does not run (any more).
	ErrStopped = errors.New("the bot is not running")
	// ErrNotClosed tells that the controller could not be closed when the bot
	// stopped, as when the core never ended a command. The process must end.
	ErrNotClosed = errors.New("close the chat database")
	// ErrCoreGone tells that the controller was closed or lost under a running bot.
	ErrCoreGone = errors.New("the chat controller is gone")
)

// DataError tells that the data folder cannot be used.
type DataError struct {
	// Path is the folder, or the file in it.
	Path string
	// Problem is what was wrong; Hint what to do about it.
	Problem, Hint string
	// Cause is the system's error where there is one.
	Cause error
}

func (e *DataError) Error() string {
	s := "data folder " + e.Path + ": " + e.Problem
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	if e.Hint != "" {
		s += "\n" + e.Hint
	}
	return s
}

func (e *DataError) Unwrap() error { return e.Cause }

// StartError tells in which step of the start the bot failed.
type StartError struct {
	// Step is what was being done, as "open the chat database".
	Step  string
	Cause error
}

func (e *StartError) Error() string { return e.Step + ": " + e.Cause.Error() }

func (e *StartError) Unwrap() error { return e.Cause }
