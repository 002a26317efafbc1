package luaapi

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Types of the error tables that scripts see; package module describes them.
const (
	ErrArgument   = module.ErrArgument
	ErrChat       = module.ErrChat
	ErrCommand    = module.ErrCommand
	ErrDelivery   = module.ErrDelivery
	ErrPermission = module.ErrPermission
	ErrTimeout    = module.ErrTimeout
	ErrLimit      = module.ErrLimit
	ErrNotStarted = module.ErrNotStarted
	ErrPoison     = module.ErrPoison
	ErrCritical   = module.ErrCritical
	ErrClosed     = module.ErrClosed
	ErrScript     = module.ErrScript
)

// Error is an error that a script can catch.
type Error = module.Error

// ScriptError is an error of the script with the place where it happened.
type ScriptError struct {
	// Script is the script's name, Handler what was running ("on_message at bot.lua:12"),
	// "" while loading.
	Script, Handler string
	// File and Line are where it happened, as far as known; Source is the text of that line.
	File   string
	Line   int
	Source string
	// Type is one of the types above; Message is without the place.
	Type, Message string
	// Traceback is Lua's, "" where there is none.
	Traceback string
	Cause     error

	redacted       string // Message without what may come from outside of the script
	redactedSource string // Source, where only what looks like a key is missing in it; "" for all literals
}

// Error gives one line with the place, and a second with the source line.
func (e *ScriptError) Error() string {
	if e.Source == "" {
		return e.Where()
	}
	return fmt.Sprintf("%s\n  %d | %s", e.Where(), e.Line, e.Source)
}

// Where gives the message with its place in front: "bot.lua:12: message".
func (e *ScriptError) Where() string {
	if e.File == "" {
		return e.Message
	}
	return placeOf(e.File, e.Line) + e.Message
}

func (e *ScriptError) Unwrap() error { return e.Cause }

// errorOf turns a Go error into what the script sees.
func errorOf(err error) *Error {
	var own *Error
	var refused *chat.CommandError
	var unread *chat.ReplyError
	var limit *lua51.LimitError
	var denied *permission.Error
	switch {
	case errors.As(err, &own):
		e := *own
		return &e
	case errors.As(err, &refused):
		return &Error{Type: ErrChat, Message: refused.Error(), Command: refused.Command, ChatError: refused.Raw}
	case errors.As(err, &unread):
		return &Error{Type: ErrCommand, Message: unread.Error(), Command: unread.Command}
	case errors.As(err, &limit):
		return &Error{Type: ErrLimit, Message: limit.Error()}
	case errors.As(err, &denied):
		what := strings.TrimSuffix(err.Error(), denied.Error()) // what was wrapped around it
		return &Error{Type: ErrPermission, Message: what + denied.Message, Hint: denied.Hint}
	}
	return &Error{Type: ErrCommand, Message: err.Error()}
}

// raise ends the Go function with err as an error table, pointing at the
// script's line that called it. It does not return.
func (rt *Runtime) raise(L *lua.LState, err error) {
	e := errorOf(err)
	if e.Where == "" {
		e.Where = callerWhere(L)
	}
	L.Error(rt.errorTable(e), 1)
}

// raisef raises an error of a type with a message.
func (rt *Runtime) raisef(L *lua.LState, typ, format string, args ...any) {
	rt.raise(L, &Error{Type: typ, Message: fmt.Sprintf(format, args...)})
}

// callerWhere is the nearest line of the script's own code up the stack:
// "bot.lua:12: ".
func callerWhere(L *lua.LState) string {
	if chunk, line := lua51.Position(L, inStdlib); chunk != "" {
		return placeOf(chunk, line)
	}
	return ""
}

// placeOf is how a place stands before a message.
func placeOf(file string, line int) string {
	if line <= 0 {
		return file + ": "
	}
	return fmt.Sprintf("%s:%d: ", file, line)
}

func (rt *Runtime) errorTable(e *Error) *lua.LTable {
	t := &lua.LTable{Metatable: rt.errorMeta}
	t.RawSetString("type", lua.LString(e.Type))
	t.RawSetString("message", lua.LString(e.Text()))
	if e.Where != "" {
		t.RawSetString("where", lua.LString(strings.TrimSuffix(e.Where, ": ")))
	}
	if e.Command != "" {
		t.RawSetString("command", lua.LString(e.Command))
	}
	if len(e.ChatError) > 0 {
		if v, err := luaconv.DecodeLazy(e.ChatError); err == nil {
			t.RawSetString("chat_error", v)
		}
	}
	return t
}

// newErrorMeta makes the metatable of error tables: printable, and joining
// them to text works as with plain messages.
func newErrorMeta(L *lua.LState) *lua.LTable {
	text := func(v lua.LValue) string {
		t, ok := v.(*lua.LTable)
		if !ok {
			return v.String()
		}
		s := lua.LVAsString(table.Field(t, "message"))
		if where := lua.LVAsString(table.Field(t, "where")); where != "" {
			s = where + ": " + s
		}
		return s
	}
	mt := L.NewTable()
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString(text(L.Get(1))))
		return 1
	}))
	mt.RawSetString("__concat", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString(text(L.Get(1)) + text(L.Get(2))))
		return 1
	}))
	return mt
}
