package api

import (
	"fmt"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

// ParamError tells which parameter of a command cannot be written, and why.
// The core would have refused the command, most often without a reason.
type ParamError struct {
	// Command is the command's name.
	Command string
	// Path is the parameter and what in it, indexes from 1:
	// "composedMessages[2].msgContent.text".
	Path string
	// Reason is what is wrong there.
	Reason string
}

func (e *ParamError) Error() string { return e.Command + ": " + e.Path + ": " + e.Reason }

// UnknownCommandError tells that the core has no such command.
type UnknownCommandError struct {
	Name string
	// Version is the core's, Since the first version that has the command; ""
	// where none has. Nearest is the known name that is most like it, or "".
	Version, Since, Nearest string
}

func (e *UnknownCommandError) Error() string {
	if e.Since != "" {
		return fmt.Sprintf("%s: core %s does not have this command; %s has", e.Name, e.Version, e.Since)
	}
	return fmt.Sprintf("%s is no command%s", e.Name, nearest.DidYouMean(e.Nearest))
}
