package chat

import (
	"context"
	"time"
)

// Core is one open chat controller.
//
// Every implementation keeps these rules, and coretest.Run checks them:
//
//   - All methods are safe for use by several goroutines, except that at most
//     one Receive is under way at a time.
//   - Returned bytes belong to the caller.
//   - After Close every method returns an error that wraps fs.ErrClosed, at
//     once, and nothing reaches the controller any more.
//
// Only types of the standard library stand in it, so that package native can
// satisfy it without importing ours.
type Core interface {
	// Send hands one command to the controller and returns its reply, the JSON
	// {"result":{…}} or {"error":{…}}; ParseReply reads it. It blocks until the
	// core has answered, also while the core's event queue is full, so the
	// goroutine that receives must never send. A command with a NUL byte is
	// refused, by an error or by the core; it is never carried out in part.
	//
	// ctx is looked at before the command is handed over. A command under way
	// is not taken back: an implementation that can stop waiting for it (a
	// network connection) returns ctx.Err(), and whether the command was
	// carried out is then unknown.
	Send(ctx context.Context, cmd string) (reply []byte, err error)

	// Receive waits for the next event for at most wait, rounded up to a
	// microsecond, and returns its JSON. A time-out is (nil, nil). A wait of
	// zero or less returns a time-out: the real core never gives an event for it.
	Receive(wait time.Duration) (event []byte, err error)

	// WriteFile stores data encrypted at path and returns the JSON
	// {"type":"result","cryptoArgs":{"fileKey","fileNonce"}} or
	// {"type":"error","writeError"}.
	WriteFile(path string, data []byte) (reply []byte, err error)

	// ReadFile returns the content of the file that WriteFile stored. What the
	// core says about a wrong key or an unreadable file is the error's text.
	ReadFile(path, key, nonce string) (data []byte, err error)

	// EncryptFile writes an encrypted copy of from at to and returns JSON as
	// WriteFile does.
	EncryptFile(from, to string) (reply []byte, err error)

	// DecryptFile writes a plain copy of from at to.
	DecryptFile(from, key, nonce, to string) error

	// Close ends a Receive under way, waits for commands under way for as long
	// as ctx allows, and closes the store. It does not send /_stop. The second
	// call returns nil.
	Close(ctx context.Context) error

	// Owned tells whether this process owns the controller. Where it does not
	// (a core reached over a socket), the host never sends /_start, /_stop, an
	// export or a key change, for there /_stop ends the operator's program.
	Owned() bool
}
