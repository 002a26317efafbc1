package luaconv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// The bound is one for the process, and tests beside these make large values.
func init() { lua51.SetMemoryLimit(16 << 30) }

// Scripts cannot tell a lazy table from a plain one: random scripts run on both
// and must print the same.
func TestLazyIsPlain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		drawObject(t, &text, 4)
		if rapid.IntRange(0, 3).Draw(t, "large") == 0 { // parts of large texts are copied
			inner := text.String()
			text.Reset()
			fmt.Fprintf(&text, `{"list":%s,"padding":%q}`, inner, strings.Repeat("x", 9<<10))
		}
		plain, lazy := newMachine(text.String(), decode), newMachine(text.String(), luaconv.DecodeLazy)
		defer plain.state.Close()
		defer lazy.state.Close()
		compare(t, plain, lazy, drawScript(t))
	})
}

// Whatever a script does with a table first, one by one.
func TestLazyFirstTouch(t *testing.T) {
	t.Parallel()
	const text = `{"a":{"b":[3,1,2],"type":"x"},"list":[{"n":1},{"n":2}],"strings":["b","a"],"empty":[],"none":{},"1":[null],"f":{"__index":{"x":7},"__call":1}}`
	plain, lazy := newMachine(text, decode), newMachine(text, luaconv.DecodeLazy)
	defer plain.state.Close()
	defer lazy.state.Close()
	for _, action := range append(actions, "V.a.b.c.d = 1", "out(V.nothing.at)", "V:method()", "local t = V.a; t.x.y = 1",
		"out(getmetatable(V), getmetatable(V.empty))", "out(setmetatable({}, V.f).x)", "V.list[3] = V.a out(V.list[3] == V.a, #V.list)") {
		script := prelude
		for _, on := range []string{"V", "V.a", "V.list", "V.strings", "V.a.b", "V.empty", "V['1']", "V.f"} {
			script += "V = fresh()\n" + fill(action, on, "'b'", "V.list[1]") + "\ndump(V, 'all')\n"
		}
		compare(t, plain, lazy, script)
	}
}

func decode(text []byte) (lua.LValue, error) { return luaconv.Decode(text, false) }

// prelude names tables by the order in which they are shown, and dumps values
// through all levels in the order of pairs.
const prelude = `
local names, count = {}, 0
local function show(v)
  if type(v) == "string" then return string.format("%q", v) end
  if type(v) ~= "table" then return (tostring(v):gsub("0x%x+", "ADDRESS")) end
  if not names[v] then count = count + 1 names[v] = "table " .. count end
  return names[v]
end
local function out(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  print(unpack(parts))
end
local seen = {}
local function dump(v, name)
  out(name, v)
  if type(v) ~= "table" or seen[v] then return end
  seen[v] = true
  for k, x in next, v do dump(x, k) end
end
local function try(f)
  local results = { pcall(f) }
  out(unpack(results, 1, 4))
  -- The metatable of strings has an order of its own in each state.
  return results[1] and results[2] ~= getmetatable("") and results[2] or nil
end
`

// actions are what a script does with a table: V stands for the table, K for a
// key, X for another value.
var actions = []string{
	"return V[K]", "return V[K][K]", "V[K] = X", "V[K] = nil", "V[X] = K", "V[nil] = X", "V[0/0] = X", "return V[nil]", "V[#V] = nil", "V[#V + 1] = X",
	"return #V", "return next(V)", "return next(V, K)", "for k, v in pairs(V) do out(k, v) end", "for k, v in pairs(V) do out(k, v) break end",
	"for k, v in pairs(V) do V[k] = nil end", "for k, v in pairs(V) do V[k] = X end", "for i, v in ipairs(V) do out(i, v) end", "for k in V do end",
	"return rawget(V, K)", "return rawset(V, K, X)", "rawset(V, nil, 1)", "return rawequal(V, X)", "return V == X", "return V ~= V", "return V[K] == V[K]",
	"table.insert(V, X)", "table.insert(V, 1, X)", "return table.remove(V)", "return table.remove(V, 1)", "return table.concat(V, ',')", "return table.concat(V, ',', 1, 2)",
	"table.sort(V)", "table.sort(V, function(a, b) return show(a) < show(b) end)", "return unpack(V)", "return unpack(V, 1, 2)", "return select('#', unpack(V))",
	"return table.maxn(V)", "return table.getn(V)", "table.foreach(V, out)", "table.foreachi(V, out)",
	"return getmetatable(V)", "return setmetatable(V, { __index = function(t, k) return k end })[K]", "return setmetatable(V, { __index = X })[K]",
	"setmetatable(V, { __newindex = function(t, k, v) rawset(t, k, { v }) end }) V[K] = X", "setmetatable(V, { __newindex = X }) V[K] = 5",
	"setmetatable(V, { __len = function() return 9 end, __call = function(_, x) return x end }) return #V, V(X)", "return setmetatable(V, nil)",
	"setmetatable(V, { __metatable = 'mine' }) return getmetatable(V), pcall(setmetatable, V, nil)",
	"return setmetatable({}, V)[K]", "return setmetatable({}, { __index = V })[K]", "local t = setmetatable({}, { __newindex = V }) t[K] = X return rawget(t, K), V[K]",
	"local mt = { __eq = function() return true end } return setmetatable({}, mt) == setmetatable(V, mt)",
	"return type(V), type(V[K])", "return (tostring(V):gsub('0x%x+', ''))", "return (('%s'):format(V):gsub('0x%x+', ''))",
	"return encode(V)", "return encode({ V, V[K] })", "return decode(encode(V))", "return encode(array(V))",
	"return coroutine.wrap(function(t) t = coroutine.yield(t[K]) return t end)(V)", "local f = coroutine.wrap(function(t) coroutine.yield(t) return t[K] end) return f(V) == V, f()",
	"return pcall(function(t) return t[K], t end, V)", "error(V)", "return select(2, pcall(error, V)) == V", "local t = { [V] = 1 } return t[V], next(t) == V",
	"return V .. 'x'", "return 1 + V", "return xpcall(function() V[nil] = 1 end, debug.traceback)", "return xpcall(function() return #V + V end, debug.traceback)", "return -V", "return V < X", "return V <= V", "return V()", "return V:nothing()", "return ('x'):rep(V)", "return V.a.b.c",
	"return ('a b'):gsub('%a', V)", "V.x = V return V.x.x == V", "return #V, V[1], V[#V]", "local a, b = V[K], V[K] V[K] = a return a == b", "return assert(V) == V", "return tonumber(V)",
	"for i = 1, V do end", "return { unpack(V) }, { V }", "return (function(...) return select('#', ...), ... end)(V, V[K])",
}

// fill puts a table, a key and a value into an action.
func fill(action, table, key, value string) string {
	var b strings.Builder
	for i := 0; i < len(action); i++ {
		alone := (i == 0 || !isLetter(action[i-1])) && (i+1 == len(action) || !isLetter(action[i+1]))
		switch c := action[i]; {
		case alone && c == 'V':
			b.WriteString(table)
		case alone && c == 'K':
			b.WriteString(key)
		case alone && c == 'X':
			b.WriteString(value)
		default:
			b.WriteByte(c)
		}
	}
	return "try(function() " + strings.ReplaceAll(b.String(), "\n", " ") + " end)"
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// drawScript draws a script that does things with V and with what it got before.
func drawScript(t *rapid.T) string {
	var b strings.Builder
	b.WriteString(prelude + "V = fresh() local v = { V, V, V, V }\n")
	table := rapid.SampledFrom([]string{"v[1]", "v[2]", "v[3]", "v[4]"})
	key := rapid.SampledFrom([]string{"'a'", "'b'", "'type'", "'list'", "''", "'1'", "1", "2", "3", "0", "-1", "1.5", "true", "v[2]", "'\\195\\169'"})
	value := rapid.SampledFrom([]string{"nil", "1", "'x'", "'010'", "false", "{}", "v[1]", "v[2]", "v[3]", "V"})
	for range rapid.IntRange(1, 12).Draw(t, "actions") {
		action := fill(rapid.SampledFrom(actions).Draw(t, "action"), table.Draw(t, "table"), key.Draw(t, "key"), value.Draw(t, "value"))
		fmt.Fprintf(&b, "v[%d] = %s\n", rapid.IntRange(2, 4).Draw(t, "into"), action)
	}
	b.WriteString("dump(V, 'all') for i = 1, 4 do dump(v[i]) end\n")
	return b.String()
}

// drawObject draws a JSON text: an object of some levels, in any spacing, with
// keys that occur twice.
func drawObject(t *rapid.T, b *strings.Builder, levels int) {
	space := rapid.SampledFrom([]string{"", "", " ", "\n\t"})
	b.WriteString("{" + space.Draw(t, "space"))
	for i := range rapid.IntRange(0, 5).Draw(t, "fields") {
		if i > 0 {
			b.WriteString("," + space.Draw(t, "space"))
		}
		key := rapid.SampledFrom([]string{`"a"`, `"b"`, `"type"`, `"list"`, `""`, `"1"`, `"\u00e9"`, "\"\xff\""}).Draw(t, "name")
		b.WriteString(key + space.Draw(t, "space") + ":" + space.Draw(t, "space"))
		drawValue(t, b, levels-1)
	}
	b.WriteString(space.Draw(t, "space") + "}")
}

func drawValue(t *rapid.T, b *strings.Builder, levels int) {
	switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
	case levels > 0 && kind < 2:
		drawObject(t, b, levels)
	case levels > 0 && kind < 4:
		b.WriteString("[")
		for i := range rapid.IntRange(0, 5).Draw(t, "values") {
			if i > 0 {
				b.WriteString(", ")
			}
			drawValue(t, b, levels-1)
		}
		b.WriteString("]")
	default:
		b.WriteString(rapid.SampledFrom([]string{"null", "true", "false", "0", "3", "-1.5", "1e3", `"x"`, `"010"`, `""`, `"\ud83d\ude00"`, "\"\xff\"", "[]", "{}", "[ ]"}).Draw(t, "value"))
	}
}

// machine runs scripts in which fresh() is the value of text.
type machine struct {
	state *lua51.State
	text  string
	out   strings.Builder
}

func newMachine(text string, decode func([]byte) (lua.LValue, error)) *machine {
	m := &machine{state: lua51.New(lua51.Options{}), text: text}
	define := func(name string, fn func(L *lua.LState) (lua.LValue, error)) {
		m.state.L().SetGlobal(name, m.state.L().NewFunction(func(L *lua.LState) int {
			v, err := fn(L)
			if err != nil {
				L.RaiseError("%v", err)
			}
			L.Push(v)
			return 1
		}))
	}
	define("print", func(L *lua.LState) (lua.LValue, error) {
		for i := 1; i <= L.GetTop(); i++ {
			m.out.WriteString(m.state.ToString(L, L.Get(i)).String() + "\t")
		}
		m.out.WriteByte('\n')
		return lua.LNil, nil
	})
	define("fresh", func(*lua.LState) (lua.LValue, error) { return decode([]byte(m.text)) })
	define("encode", func(L *lua.LState) (lua.LValue, error) {
		b, err := luaconv.Encode(L.Get(1))
		return lua.LString(b), err
	})
	define("decode", func(L *lua.LState) (lua.LValue, error) { return luaconv.Decode([]byte(L.CheckString(1)), true) })
	define("array", func(L *lua.LState) (lua.LValue, error) { return luaconv.Array(L.CheckTable(1)), nil })
	return m
}

// run returns what a script prints, with its error.
func (m *machine) run(script string) string {
	m.out.Reset()
	proto, err := m.state.Compile("script", []byte(script))
	if err != nil {
		return err.Error()
	}
	if _, err := m.state.Call(lua51.NewBudget(nil, 10*time.Second), m.state.L().NewFunctionFromProto(proto), 0); err != nil {
		m.out.WriteString(err.Error())
	}
	return m.out.String()
}

// compare runs a script on plain and on lazy tables.
func compare(t interface{ Errorf(string, ...any) }, plain, lazy *machine, script string) {
	if want, got := plain.run(script), lazy.run(script); got != want || !strings.Contains(want, "all") {
		t.Errorf("on %s\n%s\nprints, where it is plain:\n%s\nand where it is lazy:\n%s", plain.text, script, want, got)
	}
}
