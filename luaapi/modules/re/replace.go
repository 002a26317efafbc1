package re

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// replace puts something in the place of each match, of at most argument 4
// matches: a text with $1 or ${name}, or what a function of the captures
// returns, where nil and false keep the match. It gives the text and how many
// matches there were.
func (r *regexps) replace(L *lua.LState, s search) int {
	limit := maxText + 1 // matches of a text
	if L.Get(4) != lua.LNil {
		limit = int(module.Int(r.vm, L, 4, s.what+": the number of replacements", 0, maxText))
	}
	by := L.Get(3)
	switch by.Type() {
	case lua.LTString, lua.LTFunction:
	default:
		module.Argument(r.vm, L, "%s: want a text or a function to replace by, got %s", s.what, module.Describe(by))
	}
	var out strings.Builder
	matches, last, count := s.scan(), 0, 0
	for count < limit {
		at := r.next(L, matches)
		if at == nil {
			break
		}
		count++
		out.WriteString(s.text[last:at[0]])
		out.WriteString(r.replacement(L, s, by, at))
		last = at[1]
		if out.Len() > maxResult {
			r.vm.Raise(L, module.Errorf(module.ErrLimit, "%s: the result is longer than %d bytes", s.what, maxResult))
		}
	}
	out.WriteString(s.text[last:])
	L.Push(lua.LString(out.String()))
	L.Push(lua.LNumber(count))
	return 2
}

// maxResult is how long a text can get by replacing, in bytes.
const maxResult = 16 << 20

func (r *regexps) replacement(L *lua.LState, s search, by lua.LValue, at []int) string {
	if text, ok := by.(lua.LString); ok {
		// Each $ may stand for as much as the whole match.
		if len(text)+strings.Count(string(text), "$")*(at[1]-at[0]) > maxResult {
			r.vm.Raise(L, module.Errorf(module.ErrLimit, "%s: the text to replace by can get longer than %d bytes", s.what, maxResult))
		}
		return string(s.re.ExpandString(nil, string(text), s.text, at))
	}
	L.Push(by)
	L.Call(groups(L, s.text, at), 1)
	v := L.Get(-1)
	L.Pop(1)
	switch v.Type() {
	case lua.LTString, lua.LTNumber:
		return v.String()
	}
	if lua.LVAsBool(v) {
		module.Argument(r.vm, L, "%s: the function returned %s, want a text, nil or false", s.what, module.Describe(v))
	}
	return s.text[at[0]:at[1]]
}
