package luaapi

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// ErrIncomplete tells that code for Eval ends in the middle of a statement:
// more lines may complete it.
var ErrIncomplete = errors.New("the code is not complete")

// consoleName is the chunk of what Eval runs, as errors show it.
const consoleName = "console"

// Eval runs one piece of Lua inside the script, as a call of its own with a
// handler's budget and time-out, and returns its values as people read them, ""
// for none. code is an expression or statements; locals end with it, globals
// stay. What it prints goes to out. It blocks until the code has ended, or is
// cut at ctx's end. The error is a *ScriptError, or ErrIncomplete.
func (rt *Runtime) Eval(ctx context.Context, code string, out io.Writer) (string, error) {
	s := rt.Settings()
	c := rt.newCall(ctx, consoleName, s.CPULimit)
	c.print = out
	defer c.end()
	c.limitTime(s.HandlerTimeout)
	defer context.AfterFunc(ctx, func() { c.cut(context.Cause(ctx)) })()

	proto, err := rt.compileConsole(code)
	if err != nil {
		return "", err
	}
	var result string
	err = c.run(func() (*lua.LFunction, []lua.LValue) {
		fn := rt.lua.L().NewFunctionFromProto(proto)
		return rt.lua.L().NewFunction(func(L *lua.LState) int {
			L.Push(fn)
			L.Call(0, lua.MultRet)
			result = rt.showAll(L)
			return 0
		}), nil
	}, nil)
	return result, err
}

// compileConsole takes the code as an expression where it is one.
func (rt *Runtime) compileConsole(code string) (*lua.FunctionProto, error) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.lua == nil {
		return nil, rt.scriptError(consoleName, errClosed)
	}
	if proto, err := rt.lua.Compile(consoleName, []byte("return "+code)); err == nil {
		return proto, nil
	}
	proto, err := rt.lua.Compile(consoleName, []byte(code))
	syntax := (*lua51.SyntaxError)(nil)
	if errors.As(err, &syntax) && strings.HasSuffix(syntax.Message, "near '<eof>'") && !strings.HasPrefix(syntax.Message, "unfinished string") {
		return nil, ErrIncomplete
	}
	if err != nil {
		return nil, rt.scriptError(consoleName, err)
	}
	return proto, nil
}

// completions bounds what Complete returns.
const completions = 200

// Complete returns the names that the last word of text may become, sorted:
// globals for "bo", fields for "bot.on_m" or "msg:re". It runs no code of the
// script. It waits for the lock, so at most for as long as a handler computes.
func (rt *Runtime) Complete(text string) []string {
	start := strings.LastIndexFunc(text, func(r rune) bool { return !isNameRune(r) && r != '.' && r != ':' }) + 1
	path := strings.FieldsFunc(text[start:], func(r rune) bool { return r == '.' || r == ':' })
	word := ""
	if n := len(path); n > 0 && isNameRune(rune(text[len(text)-1])) {
		path, word = path[:n-1], path[n-1]
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.lua == nil {
		return nil
	}
	var at lua.LValue = rt.lua.L().G.Global
	for _, name := range path {
		at = member(at, name)
	}
	var found []string
	for _, name := range memberNames(at) {
		if strings.HasPrefix(name, word) && isName(name) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found[:min(len(found), completions)]
}

// member reads a field as Complete does: raw, or from a table of ours.
func member(v lua.LValue, name string) lua.LValue {
	t, ok := v.(*lua.LTable)
	if !ok {
		return lua.LNil
	}
	if p := protectedOf(t); p != nil && p.members[name] != nil {
		return p.members[name]
	}
	return table.Field(t, name)
}

func memberNames(v lua.LValue) []string {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	var names []string
	if p := protectedOf(t); p != nil {
		names = slices.Clone(p.known)
	}
	table.Each(t, func(k, _ lua.LValue) {
		if s, ok := k.(lua.LString); ok {
			names = append(names, string(s))
		}
	})
	return names
}

func isNameRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func isName(s string) bool {
	return s != "" && (s[0] < '0' || s[0] > '9') && strings.IndexFunc(s, func(r rune) bool { return !isNameRune(r) }) < 0
}
