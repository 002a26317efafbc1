package compiler

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// evaluate compiles a chunk without the functions for operators, runs it on
// gopher-lua and returns its results.
func evaluate(t *testing.T, src string) string {
	t.Helper()
	proto, err := Compile("t", src, Options{})
	if err != nil {
		t.Fatalf("%s\n%v", src, err)
	}
	L := lua.NewState()
	defer L.Close()
	L.Push(L.NewFunctionFromProto(proto))
	if err := L.PCall(0, lua.MultRet, nil); err != nil {
		t.Fatalf("%s\n%v", src, err)
	}
	parts := make([]string, L.GetTop())
	for i := range parts {
		parts[i] = L.Get(i + 1).String()
	}
	return strings.Join(parts, " ")
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`return 1 + 2 * 3 ^ 2 - 4 / 2, -2 ^ 2, 2 ^ 3 ^ 2`:                                                                                       "17 -4 512",
		`return "a" .. 1 .. "b" .. 2, ("x"):rep(3)`:                                                                                             "a1b2 xxx",
		`return not nil == true, not (1 == 2), 1 < 2, 2 <= 1, "a" > "b", 1 ~= 1`:                                                                "true true true false false false",
		`local a, b = nil, 3 return a and 1, a or b, b and a, (a or b) and 4`:                                                                   "nil 3 nil 4",
		`local t = {1, 2, x = 3, [4] = 5, 6; 7} return #t, t[3], t.x, t[4]`:                                                                     "4 6 3 7",
		`local a = {} a.b = {} a.b.c = 1 a["b"].d = 2 return a.b.c + a.b.d`:                                                                     "3",
		`local x, y = 1, 2 x, y = y, x return x, y`:                                                                                             "2 1",
		`local i, a = 1, {} i, a[i] = 2, 3 return i, a[1], a[2]`:                                                                                "2 3 nil",
		`local function f(...) return select("#", ...), ... end return f(1, nil)`:                                                               "2 1 nil",
		`local function f(...) return (...) end return f(1, 2), f(3, 4)`:                                                                        "1 3",
		`local function f(a, ...) return arg and arg.n end return f(1, 2, 3)`:                                                                   "2",
		`local s = 0 for i = 10, 1, -3 do s = s + i end return s`:                                                                               "22",
		`local s = 0 for i = 1, 10 do if i % 2 == 0 then s = s + i end end return s`:                                                            "30",
		`local n = 0 while true do n = n + 1 if n > 5 then break end end return n`:                                                              "6",
		`local n = 0 repeat local m = n n = n + 1 until m >= 3 return n`:                                                                        "4",
		`local s = "" for k, v in ipairs{"a", "b"} do s = s .. k .. v end return s`:                                                             "1a2b",
		`local f = {} for i = 1, 3 do f[i] = function() i = i + 1 return i end end return f[1](), f[1](), f[3]()`:                               "2 3 4",
		`local o = {n = 1} function o:add(k) self.n = self.n + k return self end function o.get(s) return s.n end return o:add(2):add(3):get()`: "6",
		`do local i = 1 ::top:: if i < 5 then i = i + 1 goto top end return i end`:                                                              "5",
		`for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end if i == 3 then return i, j end ::continue:: end end`:                  "3 1",
		`local goto_ = 1 local goto = 2 goto = goto + goto_ return goto`:                                                                        "3",
		`local t = {} for i = 1, 3 do local j = i t[i] = function() return j end if i == 2 then goto out end end ::out:: return t[1](), t[2]()`: "1 2",
		"return [[\nx]], [==[]]]==], 'a\\\nb', \"\\65\\x42\\z  \n c\\u{48}\"":                                                                   "x ]] a\nb ABcH",
		"--[[ c\n]] --[==[ d ]==] return 1 -- e":                                                                                                "1",
		`return 0x10, 010, 1e2, .5, 3., 0xA`:                                                                                                    "16 10 100 0.5 3 10",
		`if nil then return 1 elseif false then return 2 else return 3 end`:                                                                     "3",
		`local a = 1 if not (a == 2 or a == 3) and (a > 0 and a < 5) then a = 7 end return a`:                                                   "7",
		`return #"abc" + #{1, 2}, -"2", - -3`:                                                                                                   "5 -2 3",
		`local function f() return 1, 2, 3 end local a, b, c, d = f() return a, b, c, d, f(), (f())`:                                            "1 2 3 nil 1 1",
	} {
		if got := evaluate(t, src); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", src, got, want)
		}
	}
}

// Constructors and functions larger than one instruction can address.
func TestLarge(t *testing.T) {
	t.Parallel()
	var items, locals, globals, names strings.Builder
	for i := 1; i <= 30000; i++ {
		fmt.Fprintf(&items, "%d,", i)
	}
	for i := 1; i <= 190; i++ {
		fmt.Fprintf(&locals, "local v%d = %d\n", i, i)
	}
	for i := 1; i <= 1000; i++ {
		fmt.Fprintf(&globals, "g%d = %d\n", i, i)
		fmt.Fprintf(&names, "t.f%d = %d\n", i, i)
	}
	for src, want := range map[string]string{
		"local t = {" + items.String() + "} return #t, t[1], t[50], t[51], t[25600], t[30000]":                          "30000 1 50 51 25600 30000",
		locals.String() + "return (function() return v1 + v190 end)()":                                                  "191",
		globals.String() + "return g1 + g300 + g1000, 'x' .. 12345":                                                     "1301 x12345",
		"local t = {} " + names.String() + "function t:f2000() return self.f1 + self.f999 end return t:f2000(), t.f500": "1000 500",
		"return " + strings.Repeat("1 + ", 9000) + "1":                                                                  "9001",
	} {
		if got := evaluate(t, src); got != want {
			t.Errorf("%.60s…: got %s, want %s", src, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		src    string
		line   int
		column int
		want   string
	}{
		{"x =", 1, 4, "unexpected symbol near '<eof>'"},
		{"x = = 2", 1, 5, "unexpected symbol near '='"},
		{"x", 1, 2, "'=' expected near '<eof>'"},
		{"for", 1, 4, "'<name>' expected near '<eof>'"},
		{"for i do", 1, 7, "'=' or 'in' expected near 'do'"},
		{"\n\nif x then\n\n", 5, 1, "'end' expected (to close 'if' at line 3) near '<eof>'"},
		{"f(", 1, 3, "unexpected symbol near '<eof>'"},
		{"f\n(1)", 2, 1, "ambiguous syntax (function call x new statement) near '('"},
		{"return 1 x = 2", 1, 10, "'<eof>' expected near 'x'"},
		{"break", 1, 6, "no loop to break near '<eof>'"},
		{"x = 'abc", 1, 9, "unfinished string near '<eof>'"},
		{"x = 'a\nb'", 1, 7, "unfinished string near ''a'"},
		{"x = [[a", 1, 8, "unfinished long string near '<eof>'"},
		{"--[[a", 1, 6, "unfinished long comment near '<eof>'"},
		{"x = [=a", 1, 7, "invalid long string delimiter near '[='"},
		{"x = 3y", 1, 7, "malformed number near '3y'"},
		{"x = '\\300'", 1, 10, "escape sequence too large near '''"},
		{"x = '\\u{110000}'", 1, 0, "invalid UTF-8 escape near '''"},
		{"x = @", 1, 0, "unexpected symbol near '@'"},
		{"x = “a”", 1, 5, "unexpected symbol near '“'"},
		{"x = \xff", 1, 5, "unexpected symbol near '\xff'"},
		{"x = ~1", 1, 0, "unexpected symbol near '~'"},
		{"(a) = 1", 1, 5, "syntax error near '='"},
		{"a.b:c = 1", 1, 7, "function arguments expected near '='"},
		{"function f() return ... end", 1, 21, "cannot use '...' outside a vararg function near '...'"},
		{"goto x", 1, 0, "no visible label 'x' for <goto> at line 1"},
		{"::a:: ::a::", 1, 0, "label 'a' already defined on line 1"},
		{"goto a local x ::a:: x = 1", 1, 0, "<goto a> at line 1 jumps into the scope of local 'x'"},
		{"local x <const> = 1", 1, 9, "unexpected symbol near '<'"},
		{"x = }", 1, 5, "unexpected symbol near '}'"},
		{strings.Repeat("local a\n", 201), 202, 0, "main function has more than 200 local variables"},
	} {
		_, err := Compile("t", tc.src, Options{})
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.30q: %v, want an *Error", tc.src, err)
			continue
		}
		if e.Line != tc.line && !strings.Contains(tc.want, "more than") || e.Message != tc.want || tc.column > 0 && e.Column != tc.column {
			t.Errorf("%.30q: %d:%d: %s, want %d:%d: %s", tc.src, e.Line, e.Column, e.Message, tc.line, tc.column, tc.want)
		}
	}
}

// TestHints has what people from other languages write, and an end that is missing.
func TestHints(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"f(function()\n  if x then\n    g()\n)":             "'if' of line 2 has no 'end'",
		"f(function()\n  repeat\n)":                         "'repeat' of line 2 has no 'until'",
		"x = {\n  f = function() end,\n  g = function()\n}": "'function' of line 3 has no 'end'",
		"if x then end )":                                   "",
		"if a != b then end":                                "Lua writes ~=",
		"if !a then end":                                    "Lua writes not",
		"if a && b then end":                                "Lua writes and",
		"if a = b then end":                                 "a comparison is written ==",
		"while a = b do end":                                "a comparison is written ==",
		"c += 1":                                            "Lua has no +=: write x = x + y",
		"s ..= 'x'":                                         "Lua has no ..=: write x = x .. y",
		"x++":                                               "Lua has no ++: write x = x + 1",
		"x = 1 // one":                                      "a comment begins with --",
		"x = \u201ca\u201d":                                 `a string stands in " or '`,
		"let x = 1":                                         "Lua writes local",
		"for i = 1, 2 do\n  continue\nend":                  "Lua has no continue: write goto continue, and ::continue:: before the loop's end",
		"x = 1\nend":                                        "there is one end too many",
		"if a then\nelse if b then\nend":                    "the else if of line 2 needs an end of its own; elseif does not",
		"x = ":                                              "",
		"x y":                                               "",
	} {
		_, err := Compile("t", src, Options{})
		var e *Error
		if !errors.As(err, &e) || e.Hint != want {
			t.Errorf("%q: %v, hint %q, want %q", src, err, e.Hint, want)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"x = " + strings.Repeat("(", 1000) + "1":           LimitDepth,
		"x = " + strings.Repeat("{", 1000):                 LimitDepth,
		strings.Repeat("do ", 1000):                        LimitDepth,
		"x = " + strings.Repeat("- ", 1000) + "1":          LimitDepth,
		"x = a" + strings.Repeat(" + a", 20000):            LimitTerms,
		"x = a" + strings.Repeat(" .. a", 20000):           LimitTerms,
		"x = a" + strings.Repeat(" or a", 20000):           LimitTerms,
		"x = f(" + strings.Repeat("a * a * ", 6000) + "a)": LimitTerms,
	} {
		_, err := Compile("t", src, Options{Operators: Operators{Concat: &lua.LFunction{}}})
		var e *Error
		if !errors.As(err, &e) || e.Limit != want && !strings.Contains(e.Message, "too complex") {
			t.Errorf("%.30q: %v, want limit %s", src, err, want)
		}
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	for _, line := range []int{1, 2, 1000, 1 << 20} {
		for _, pc := range []int{0, 1, 1 << 20} {
			l, p := UnpackPosition(PackPosition(line, pc))
			if l != line || p != pc && p != -1 {
				t.Errorf("Unpack(Pack(%d, %d)) = %d, %d", line, pc, l, p)
			}
		}
	}
	if l, p := UnpackPosition(7); l != 7 || p != -1 {
		t.Errorf("Unpack(7) = %d, %d", l, p)
	}
}

// Names and lines are what Lua 5.1 would report for each call.
func TestNames(t *testing.T) {
	t.Parallel()
	src := "local l\nlocal function f(p)\n  l()\n  p()\n  g()\n  p.x()\n  p.x.y()\n  p:m()\n  p[1]()\n  p(l)()\nend\n"
	proto, err := Compile("t", src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"3 upvalue l", "4 local p", "5 global g", "6 field x", "7 field y", "8 method m", "9 field ?", "10 local p", "10  "}
	var got []string
	f := proto.FunctionPrototypes[0]
	for pc, code := range f.Code {
		if i := Decode(code); i.Code == lua.OP_CALL {
			kind, name := ObjectName(f, pc, i.A)
			line, _ := UnpackPosition(f.DbgSourcePositions[pc])
			got = append(got, fmt.Sprintf("%d %s %s", line, kind, name))
		}
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Whatever the input, the compiler returns.
func FuzzCompile(f *testing.F) {
	for _, src := range []string{"return 1", "x = {", "goto a ::a::", "for i = 1, 2 do end", "a.b:c'x'{}[1]()", "\x1b", "local function f(...) end"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		proto, err := Compile("t", src, Options{})
		var e *Error
		if (proto == nil) == (err == nil) || err != nil && !errors.As(err, &e) {
			t.Errorf("Compile = %v, %v", proto, err)
		}
	})
}
