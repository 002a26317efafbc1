package module

import "fmt"

// Types of the error tables that scripts see.
const (
	ErrArgument   = "argument"      // a wrong argument or option; nothing was done
	ErrChat       = "chat_error"    // the core refused a command; chat_error has its answer
	ErrCommand    = "command_error" // the command could not be sent or its reply not be read
	ErrDelivery   = "delivery"      // a stored message could not be delivered; status has the core's reason
	ErrPermission = "permission"    // the operator has not allowed it
	ErrTimeout    = "timeout"       // it took longer than allowed
	ErrLimit      = "limit"         // a limit of the runtime was reached
	ErrNotStarted = "not_started"   // not possible while the script is loading
	ErrPoison     = "poison"        // on_error only: a message was set aside, for the process died at it again and again
	ErrCritical   = "critical"      // on_error only: the core may not work any more
	ErrClosed     = "closed"        // the bot, this generation of the script or the object has ended
	ErrScript     = "script"        // the script raised it itself
	ErrIO         = "io"            // a file, server or database could not be reached, read or written
	ErrData       = "data"          // a text is not in the format that it should be in
)

// Error is an error that a script can catch: a table with type, message and,
// where there are any, command and chat_error; tostring gives Where + Message.
type Error struct {
	Type    string
	Message string
	// Where is "file.lua:12: ", the line of the script that called.
	Where string
	// Command is the chat command's name, ChatError the core's answer as JSON.
	Command   string
	ChatError []byte
	// Hint says what to do next; "" for nothing.
	Hint string
}

// Errorf makes an error of a type.
func Errorf(typ, format string, args ...any) *Error {
	return &Error{Type: typ, Message: fmt.Sprintf(format, args...)}
}

func (e *Error) Error() string { return e.Where + e.Text() }

// Text is the message and, on a line of its own, the hint.
func (e *Error) Text() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "\n" + e.Hint
}
