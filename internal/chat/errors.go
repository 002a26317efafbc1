package chat

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// CommandError is the core's refusal of a command.
type CommandError struct {
	// Command is the command's words up to its first argument ("/_send"), so
	// that no text or link stands in logs.
	Command string
	// Type is the tag of the ChatError: error, errorStore, errorAgent, errorDatabase.
	Type string
	// Tag is the tag inside it, as "contactNotReady" or "userContactLinkNotFound".
	Tag string
	// Message is the core's own text where it gives one ("Failed reading: empty").
	Message string
	// Raw is the whole ChatError as it came.
	Raw json.RawMessage
}

// Error names the command and the core's reason; it holds no message text.
func (e *CommandError) Error() string {
	var b strings.Builder
	b.WriteString(e.Command)
	b.WriteString(": the core answered ")
	b.WriteString(e.Type)
	if e.Tag != "" {
		b.WriteString(" " + e.Tag)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	return b.String()
}

// IsTag reports whether the core's reason is tag, the inner one where there is
// one: err.IsTag("noActiveUser").
func (e *CommandError) IsTag(tag string) bool { return e.Tag == tag || e.Tag == "" && e.Type == tag }

// ReplyError tells that the core's reply to a command could not be read. What
// the command did is then unknown.
type ReplyError struct {
	Command string
	Cause   error
}

func (e *ReplyError) Error() string {
	return fmt.Sprintf("%s: reply of the core is not readable: %v", e.Command, e.Cause)
}

func (e *ReplyError) Unwrap() error { return e.Cause }

// EventError tells that an event of the core could not be read; the event is
// lost, the ones after it are not.
type EventError struct {
	// Size is the length of what came, in bytes.
	Size  int
	Cause error
}

func (e *EventError) Error() string {
	return fmt.Sprintf("event of the core (%d bytes) is not readable: %v", e.Size, e.Cause)
}

func (e *EventError) Unwrap() error { return e.Cause }

// newCommandError reads a ChatError. The inner error stands in a field whose
// name depends on the kind (errorType, storeError, agentError, databaseError);
// all kinds have one object with a type.
func newCommandError(cmd string, raw json.RawMessage) *CommandError {
	e := &CommandError{Command: CommandName(cmd), Raw: raw}
	c := jsonscan.New(raw)
	c.Object(func(key []byte) {
		switch {
		case string(key) == "type":
			e.Type = c.String()
		case c.Kind() == jsonscan.Object && e.Tag == "":
			c.Object(func(key []byte) {
				switch string(key) {
				case "type":
					e.Tag = c.String()
				case "message":
					e.Message = c.String()
				}
			})
		}
	})
	return e
}

// CommandName returns the words of a command before its first argument:
// "/_send" of "/_send @4 json …", "/_get chats" of "/_get chats 1 …". Free text
// may follow a command's first word ("/connect link"), so further words count
// only for the families whose names have several.
func CommandName(cmd string) string {
	first, rest, _ := strings.Cut(cmd, " ")
	second, _, _ := strings.Cut(rest, " ")
	switch first {
	case "/_get", "/_set", "/_delete", "/_create", "/_read", "/_update", "/_connect", "/_accept",
		"/_member", "/_public", "/_db", "/_app", "/set", "/sql", "/get", "/_archive", "/_invite":
		if isWord(second) {
			return first + " " + second
		}
	}
	return first
}

func isWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if (s[i] < 'a' || s[i] > 'z') && s[i] != '_' {
			return false
		}
	}
	return s != ""
}
