package re

import (
	"regexp"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// Module is require "re".
var Module = module.Module{Name: "re", Stability: module.Stable, Open: open}

const (
	// maxText is how long a text may be, in bytes.
	maxText = 1 << 20
	// maxPattern is how long a pattern may be, in bytes.
	maxPattern = 16 << 10
	// cached is how many patterns that were given as text are kept.
	cached = 100
)

// regexps are the expressions of one runtime.
type regexps struct {
	vm    module.VM
	class *lua.LTable
	cache map[string]*expression
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	r := &regexps{vm: vm, cache: map[string]*expression{}}
	methods, functions := map[string]lua.LGFunction{}, map[string]lua.LGFunction{
		"compile": r.compile,
		"escape": func(L *lua.LState) int {
			L.Push(lua.LString(regexp.QuoteMeta(module.String(vm, L, 1, "re.escape"))))
			return 1
		},
	}
	for name, fn := range map[string]func(L *lua.LState, s search) int{
		"match": r.match, "find": r.find, "captures": r.captures, "gmatch": r.gmatch,
		"replace": r.replace, "split": r.split, "test": r.test,
	} {
		functions[name] = func(L *lua.LState) int {
			return fn(L, r.search(L, "re."+name, r.pattern(L, 1, "re."+name)))
		}
		methods[name] = func(L *lua.LState) int {
			re := module.This[*regexp.Regexp](vm, L, "regexp", name)
			return fn(L, r.search(L, "regexp:"+name, r.expression(L, re.String(), "regexp:"+name)))
		}
	}
	r.class = vm.Class(L, "regexp", methods)
	return vm.Table(L, "re", functions, nil)
}

// compile is re.compile(pattern).
func (r *regexps) compile(L *lua.LState) int {
	L.Push(&lua.LUserData{Value: r.pattern(L, 1, "re.compile").re, Metatable: r.class})
	return 1
}

// pattern reads argument n as an expression or its text.
func (r *regexps) pattern(L *lua.LState, n int, what string) *expression {
	if ud, ok := L.Get(n).(*lua.LUserData); ok {
		if re, ok := ud.Value.(*regexp.Regexp); ok {
			return r.expression(L, re.String(), what)
		}
	}
	return r.expression(L, module.String(r.vm, L, n, what+": the pattern"), what)
}

// expression compiles a text that is not among those kept.
func (r *regexps) expression(L *lua.LState, text, what string) *expression {
	if e := r.cache[text]; e != nil {
		return e
	}
	e, err := compile(text)
	if err != nil {
		r.vm.Raise(L, named(what, err))
	}
	if len(r.cache) >= cached {
		clear(r.cache)
	}
	r.cache[text] = e
	return e
}

// search is an expression, what it is asked for, and the text to look in, which
// is argument 2.
type search struct {
	*expression
	what string
	text string
}

func (r *regexps) search(L *lua.LState, what string, e *expression) search {
	text := module.String(r.vm, L, 2, what+": the text")
	if err := e.check(text); err != nil {
		r.vm.Raise(L, named(what, err))
	}
	return search{e, what, text}
}

// at finds the first match from argument 3 on, a position as in string.find.
func (r *regexps) at(L *lua.LState, s search) []int {
	from := 1
	if L.Get(3) != lua.LNil {
		from = int(module.Int(r.vm, L, 3, s.what+": the position", -maxText, maxText+1))
	}
	if from < 0 {
		from = max(len(s.text)+from+1, 1)
	}
	from = max(from, 1) - 1
	if from > len(s.text) {
		return nil
	}
	return s.find(s.text, begin(s.text, from))
}

// next goes on with a scan, unless the handler's time is over: each search may
// read the whole rest of the text for a match of one character.
func (r *regexps) next(L *lua.LState, s *scan) []int {
	if err := r.vm.Step(L)(); err != nil {
		r.vm.Raise(L, err)
	}
	return s.next()
}

// group is what a capture caught, nil where it took no part.
func group(text string, at []int, i int) lua.LValue {
	if at[2*i] < 0 {
		return lua.LNil
	}
	return lua.LString(text[at[2*i]:at[2*i+1]])
}

// groups pushes the captures, or the whole match where there are none.
func groups(L *lua.LState, text string, at []int) int {
	if len(at) == 2 {
		L.Push(group(text, at, 0))
		return 1
	}
	for i := 1; i < len(at)/2; i++ {
		L.Push(group(text, at, i))
	}
	return len(at)/2 - 1
}

func (r *regexps) test(L *lua.LState, s search) int {
	L.Push(lua.LBool(s.re.MatchString(s.text)))
	return 1
}

func (r *regexps) match(L *lua.LState, s search) int {
	at := r.at(L, s)
	if at == nil {
		L.Push(lua.LNil)
		return 1
	}
	return groups(L, s.text, at)
}

func (r *regexps) find(L *lua.LState, s search) int {
	at := r.at(L, s)
	if at == nil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(at[0] + 1))
	L.Push(lua.LNumber(at[1]))
	if len(at) == 2 {
		return 2
	}
	return 2 + groups(L, s.text, at)
}

// captures gives a table: 0 for the whole match, numbers and names.
func (r *regexps) captures(L *lua.LState, s search) int {
	at := r.at(L, s)
	if at == nil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(captureTable(L, s, at))
	return 1
}

func captureTable(L *lua.LState, s search, at []int) *lua.LTable {
	t := L.NewTable()
	for i, name := range s.re.SubexpNames() {
		t.RawSetInt(i, group(s.text, at, i))
		if name != "" {
			t.RawSetString(name, group(s.text, at, i))
		}
	}
	return t
}

// gmatch gives an iterator over the captures of each match.
func (r *regexps) gmatch(L *lua.LState, s search) int {
	matches := s.scan()
	L.Push(L.NewFunction(func(L *lua.LState) int {
		at := r.next(L, matches)
		if at == nil {
			L.Push(lua.LNil)
			return 1
		}
		return groups(L, s.text, at)
	}))
	return 1
}

// split gives the parts of the text between the matches, at most argument 3. A
// match that is empty makes no part at the text's begin.
func (r *regexps) split(L *lua.LState, s search) int {
	most := maxText + 1
	if L.Get(3) != lua.LNil {
		most = int(module.Int(r.vm, L, 3, s.what+": the number of parts", 1, maxText))
	}
	t := L.NewTable()
	L.Push(t)
	if s.text == "" {
		if s.re.String() != "" {
			t.Append(lua.LString(""))
		}
		return 1
	}
	matches, from, end, parts := s.scan(), 0, 0, 1
	for parts < most {
		at := r.next(L, matches)
		if at == nil {
			break
		}
		if end = at[0]; at[1] != 0 {
			t.Append(lua.LString(s.text[from:end]))
			parts++
		}
		from = at[1]
	}
	if end != len(s.text) {
		t.Append(lua.LString(s.text[from:]))
	}
	return 1
}
