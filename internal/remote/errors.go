package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

var (
	// ErrNUL refuses a command with a NUL byte in it.
	ErrNUL = errors.New("a NUL byte cannot be sent to the chat core")

	errClosed = fmt.Errorf("remote chat core: %w", fs.ErrClosed)
)

// AddressError tells why an address or what goes with it cannot be used.
type AddressError struct {
	// Address is what was given, without secrets.
	Address string
	// Problem is what is wrong; Advice what to do about it.
	Problem, Advice string
}

func (e *AddressError) Error() string { return e.Address + ": " + e.Problem }

// Hint is Advice.
func (e *AddressError) Hint() string { return e.Advice }

// OfflineError tells that there is no connection. What was to be done has not
// been sent.
type OfflineError struct {
	Address string
	// Since is when the connection was lost; zero where there never was one.
	Since time.Time
	// Cause is what the last try ended with.
	Cause error
}

func (e *OfflineError) Error() string {
	return fmt.Sprintf("no connection to the chat program at %s: %v", e.Address, e.Cause)
}

func (e *OfflineError) Unwrap() error { return e.Cause }

// Hint says what to look at.
func (e *OfflineError) Hint() string {
	return "Is simplex-chat running there, with -p and this port?"
}

// LostError tells that the connection was lost while a command was under way.
// Whether it was carried out is unknown, so it is not sent again.
type LostError struct {
	// Command is the command's name, without its arguments.
	Command string
	Cause   error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("%s: the connection to the chat program was lost before the answer came; whether it was carried out is unknown: %v", e.Command, e.Cause)
}

func (e *LostError) Unwrap() error { return e.Cause }

// TimeoutError tells that a command was not answered in time.
type TimeoutError struct {
	Command string
	After   time.Duration
	// Sent tells that the command was handed over: whether it was, or will be,
	// carried out is unknown. Otherwise it still waited for its turn.
	Sent bool
}

func (e *TimeoutError) Error() string {
	if !e.Sent {
		return fmt.Sprintf("%s: not sent: the chat program was busy with other commands for %v", e.Command, e.After)
	}
	return fmt.Sprintf("%s: the chat program has not answered within %v; whether it was carried out is unknown", e.Command, e.After)
}

// Timeout is true, as for errors of package net.
func (e *TimeoutError) Timeout() bool { return true }

// OwnerError refuses a command that is for the owner of the chat program.
type OwnerError struct {
	Command string
}

func (e *OwnerError) Error() string {
	return e.Command + ": not sent: the chat core belongs to another program, which starts and stops it and looks after its database; do it there"
}

// Hint says where such a command can be given.
func (e *OwnerError) Hint() string {
	return "Or run the bot without --core, on a database of its own."
}

// FileError refuses a call of the library that WebSocket does not have. It wraps
// errors.ErrUnsupported.
type FileError struct {
	// Call is what was asked for, as "write a file".
	Call string
}

func (e *FileError) Error() string {
	return "cannot " + e.Call + ": there is no such call over WebSocket; send and receive plain files by their paths on the chat program's machine, or run the bot without --core"
}

func (e *FileError) Unwrap() error { return errors.ErrUnsupported }

// FrameError tells that a frame of the chat program was not readable. The
// session ends with it.
type FrameError struct {
	// Size is its length in bytes.
	Size  int
	Cause error
}

func (e *FrameError) Error() string {
	return fmt.Sprintf("a frame of the chat program (%d bytes) is not readable: %v", e.Size, e.Cause)
}

func (e *FrameError) Unwrap() error { return e.Cause }
