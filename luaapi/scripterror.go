package luaapi

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// place matches the position that Lua puts before a message.
var place = regexp.MustCompile(`^([^\s:][^:\n]*):(\d+): `)

// traceLine matches the first position in a traceback that is Lua code.
var traceLine = regexp.MustCompile(`(?m)^\s*([^\s\[:][^:\n]*):(\d+): in `)

// scriptError turns what a call ended with into a *ScriptError.
func (rt *Runtime) scriptError(handler string, err error) error {
	var already *ScriptError
	if errors.As(err, &already) {
		return already
	}
	return rt.newScriptError(handler, err)
}

// newScriptError finds out where and why Lua code failed.
func (rt *Runtime) newScriptError(handler string, err error) *ScriptError {
	se := &ScriptError{Script: rt.opts.Name, Handler: handler, Type: ErrScript, Message: err.Error(), Cause: err}
	var syntax *lua51.SyntaxError
	var raised *lua51.Error
	switch {
	case errors.As(err, &syntax):
		se.File, se.Line, se.Message = syntax.Chunk, syntax.Line, syntax.Text()
	case errors.As(err, &raised):
		se.Traceback = raised.Traceback
		rt.readRaised(se, raised.Value)
		if raised.Cause != nil {
			se.Type = errorOf(raised.Cause).Type
		}
	default:
		own := errorOf(err)
		se.Type, se.Message = own.Type, own.Text()
	}
	if m := place.FindStringSubmatch(se.Message); m != nil && se.File == "" {
		se.File, se.Message = m[1], se.Message[len(m[0]):]
		se.Line, _ = strconv.Atoi(m[2])
	}
	if m := traceLine.FindStringSubmatch(se.Traceback); m != nil && se.File == "" {
		se.File = m[1]
		se.Line, _ = strconv.Atoi(m[2])
	}
	se.Source = rt.sourceLine(se.File, se.Line)
	se.redacted = rt.redact(se)
	if rt.loading && se.Source != "" {
		se.redactedSource = rt.redactSource(se.Source)
	}
	return se
}

// readRaised takes type, place and message from the value that was raised.
func (rt *Runtime) readRaised(se *ScriptError, v lua.LValue) {
	switch v := v.(type) {
	case lua.LString:
		se.Message = string(v)
	case *lua.LTable:
		if msg, ok := table.Field(v, "message").(lua.LString); ok {
			se.Message = string(msg)
			if typ, ok := table.Field(v, "type").(lua.LString); ok {
				se.Type = string(typ)
			}
			if where, ok := table.Field(v, "where").(lua.LString); ok {
				se.Message = string(where) + ": " + se.Message
			}
			return
		}
		se.Message = "the script raised a table without a message"
		if b, err := luaconv.Encode(v); err == nil && len(b) <= 200 {
			se.Message += ": " + string(b)
		}
	case nil, *lua.LNilType:
		se.Message = "the script raised nil"
	default:
		se.Message = "the script raised " + describe(v)
	}
}

// sourceLine returns the text of a line of the script or of a module it
// required, "" where it is not known.
func (rt *Runtime) sourceLine(file string, line int) string {
	for _, src := range rt.sources {
		if src.name != file || line < 1 {
			continue
		}
		lines := bytes.Split(src.text, []byte("\n"))
		if line > len(lines) {
			return ""
		}
		text := strings.TrimSpace(strings.ToValidUTF8(string(lines[line-1]), "\uFFFD"))
		if utf8.RuneCountInString(text) > 160 {
			text = string([]rune(text)[:160]) + "…"
		}
		return text
	}
	return ""
}

// source is the text of a file that was loaded.
type source struct {
	name string // as in error messages: its path below the script's folder
	path string // absolute; "" for modules of the executable
	text []byte
}
