package difftest

import "fmt"

// body writes the body of a function with parameters, up to its end.
func (g *generator) body(params []variable, vararg bool, results func(), tail string) {
	if g.functions >= 2 {
		g.enter()
		results()
		g.leave()
		g.line("%s", tail)
		return
	}
	loops, wasVararg, wasCo := g.loops, g.vararg, g.coroutine
	g.loops, g.vararg, g.coroutine = 0, vararg, false
	g.functions++
	g.enter()
	for _, p := range params {
		g.declare(p.name, p.typ)
	}
	for n := g.r.IntN(3); n > 0; n-- {
		g.statement()
	}
	if g.chance(20) {
		g.line("if %s then return %s end", g.test(), g.numbers(1, 2))
	}
	results()
	g.leave()
	g.functions--
	g.loops, g.vararg, g.coroutine = loops, wasVararg, wasCo
	g.line("%s", tail)
}

// function declares a local function of three numbers.
func (g *generator) function() {
	name := fmt.Sprintf("f%d", g.names)
	g.names++
	params := []variable{{"x", tNumber}, {"y", tNumber}, {"z", tNumber}}
	// Called with fewer arguments by some, so none may be nil.
	defaults := func() { g.line("return %s", g.numbers(1+g.r.IntN(2), 3)) }
	if g.chance(30) {
		defaults = func() { g.line("return M(%s)", g.numbers(2, 2)) }
	}
	vararg := g.chance(25)
	head := "x, y, z"
	if vararg {
		head = "x, y, ..."
		params = params[:2]
	}
	kind := "local function " + name
	if g.chance(20) {
		kind = fmt.Sprintf("local %s = function", name)
	}
	g.line("%s(%s)", kind, head)
	g.line("  x, y = tonumber(x) or 1, tonumber(y) or 2")
	if !vararg {
		g.line("  z = tonumber(z) or 3")
	}
	g.body(params, vararg, defaults, "end")
	g.declare(name, tFunc)
}

// protected runs statements in pcall or xpcall.
func (g *generator) protected() {
	call := "pcall"
	tail := "end))"
	if g.chance(25) {
		call = "xpcall"
		tail = "end, function(m) return \"handled: \" .. (type(m) == \"table\" and \"table\" or tostring(m)) end))"
	}
	g.line("print(%s(function()", call)
	g.body(nil, false, func() {
		switch g.r.IntN(6) {
		case 0:
			g.line("error(%s)", g.anything(2))
		case 1:
			g.line("error(%s, %s)", g.text(1), g.pick("0", "1", "2", "3"))
		case 2:
			g.line("return %s", g.wildExpression(2))
		case 3:
			g.line("error({})")
		case 4:
			g.line("assert(%s, %s)", g.condition(2), g.text(1))
		default:
			g.line("return %s, %s", g.anything(2), g.call(1))
		}
	}, tail)
}

// wild evaluates an expression that may well fail.
func (g *generator) wild() {
	g.line("print(pcall(function() return %s end))", g.wildExpression(3))
}

func (g *generator) wildExpression(depth int) string {
	d := depth - 1
	if depth <= 0 {
		return g.anything(1)
	}
	x := func() string {
		if g.chance(40) {
			if name, ok := g.variable(typ(g.r.IntN(int(typeCount)))); ok {
				return name
			}
		}
		return g.parens(g.wildExpression(d))
	}
	switch g.r.IntN(12) {
	case 0, 1:
		return fmt.Sprintf("%s %s %s", x(), g.pick("+", "-", "*", "/", "%", "^"), x())
	case 2:
		return fmt.Sprintf("%s .. %s", x(), x())
	case 3:
		return fmt.Sprintf("%s %s %s", x(), g.relation(), x())
	case 4:
		return fmt.Sprintf("%s[%s]", x(), x())
	case 5:
		return fmt.Sprintf("%s.field", x())
	case 6:
		return fmt.Sprintf("%s(%s)", x(), x())
	case 7:
		return fmt.Sprintf("%s:method(%s)", x(), x())
	case 8:
		return g.pick("-", "#") + x()
	case 9:
		return fmt.Sprintf("%s(%s, %s)", g.pick("string.rep", "string.sub", "table.concat", "ipairs", "setmetatable",
			"tonumber", "math.floor", "select", "string.format", "unpack", "table.insert", "string.find", "rawget"), x(), g.numeral())
	case 10:
		return g.pick("undefined", "undefined.field", "undefined()", "string.nothing()", "G.x", "G()", "(nil).x", "math.pi.x.y", "print.x")
	}
	return g.anything(depth)
}

// coroutineStatement makes a coroutine and resumes it more often than it
// yields.
func (g *generator) coroutineStatement() {
	co := fmt.Sprintf("co%d", g.names)
	g.names++
	kind := g.pick("create", "wrap")
	g.line("local %s = coroutine.%s(function(x, y)", co, kind)
	g.line("  x, y = tonumber(x) or 1, tonumber(y) or 2")
	params := []variable{{"x", tNumber}, {"y", tNumber}}
	g.body(params, false, func() {
		switch g.r.IntN(5) {
		case 0:
			g.line("local a, b = coroutine.yield(%s)", g.list(g.r.IntN(3), 2))
			g.line("print(\"resumed\", a, b, coroutine.yield(a))")
		case 1:
			g.line("for i = 1, 3 do x = (coroutine.yield(i, x) or 0) + i end")
		case 2:
			g.line("return coroutine.yield(%s)", g.list(g.r.IntN(3), 2))
		case 3:
			g.line("coroutine.yield(pcall(coroutine.yield, 1))")
			g.line("error(%s)", g.anything(1))
		case 4:
			g.line("if coroutine.yield(x) then coroutine.yield() end")
		}
		if g.chance(50) {
			g.line("return %s", g.list(1+g.r.IntN(2), 2))
		}
	}, "end)")
	for n := 2 + g.r.IntN(4); n > 0; n-- {
		if kind == "wrap" {
			g.line("print(pcall(%s%s))", co, g.extraArgs())
		} else {
			g.line("print(coroutine.resume(%s%s))", co, g.extraArgs())
			g.line("print(coroutine.status(%s))", co)
		}
	}
}

func (g *generator) extraArgs() string {
	if n := g.r.IntN(3); n > 0 {
		return ", " + g.numbers(n, 1)
	}
	return ""
}

func (g *generator) tableStatement() {
	t, ok := g.variable(tArray)
	if !ok {
		t = g.newName()
		g.line("local %s = %s", t, g.array(2))
		g.declare(t, tArray)
	}
	switch g.r.IntN(9) {
	case 0:
		g.line("table.insert(%s, %s)", t, g.number(2))
	case 1:
		g.line("table.insert(%s, %s, %s)", t, g.pick("1", "#"+t, "#"+t+" + 1"), g.number(2))
	case 2:
		g.line("print(table.remove(%s%s))", t, g.pick("", ", 1", ", #"+t))
	case 3:
		g.line("table.sort(%s)", t)
	case 4:
		g.line("table.sort(%s, function(a, b) return a %s b end)", t, g.pick("<", ">"))
	case 5:
		g.line("%s[#%s + 1] = %s", t, t, g.number(2))
	case 6:
		g.line("%s[#%s] = nil", t, t)
	case 7:
		g.line("for i = 1, #%s do %s[i] = %s[i] * 2 end", t, t, t)
	case 8:
		g.line("print(unpack(%s))", t)
	}
}

// closures makes closures in a loop that share some variables and not others.
func (g *generator) closures() {
	list := fmt.Sprintf("l%d", g.names)
	g.names++
	g.line("local %s, shared%s = {}, 0", list, list)
	switch g.r.IntN(4) {
	case 0:
		g.line("for i = 1, 3 do local j = i * 2; %s[i] = function() j = j + 1; shared%s = shared%s + i; return i + j end end", list, list, list)
	case 1:
		g.line("local i = 1; while i <= 3 do local j = i; %s[i] = function() j = j + i; return j end; i = i + 1; if %s then break end end", list, g.test())
	case 2:
		g.line("local i = 0; repeat i = i + 1; local j = i; %s[i] = function() j = j + 1; shared%s = j; return j end until j >= %d or %s", list, list, 1+g.r.IntN(3), g.pick("false", "j == 2", "F(j)"))
	case 3:
		g.line("for i, v in ipairs({5, 6, 7}) do do local j = v; %s[i] = function() j = j + i; v = v + 1; return j + v end; if i == %d then break end end end", list, 1+g.r.IntN(4))
	}
	g.line("for n = 1, 2 do for _, f in ipairs(%s) do io = f(); print(io, shared%s) end end", list, list)
}

// metatable makes a value whose operators are functions that print.
func (g *generator) metatable() {
	m := fmt.Sprintf("m%d", g.names)
	g.names++
	g.line("local %s = setmetatable({v = %s}, {", m, g.numeral())
	g.line("  __add = function(a, b) return \"add\", 1 end, __concat = function(a, b) return \"cat\" end,")
	g.line("  __index = %s,", g.pick(`function(t, k) return k end`, `{w = 7, x = function() return 8 end}`))
	g.line("  __newindex = function(t, k, v) rawset(t, k, %s) end,", g.pick("v", "1", "nil"))
	g.line("  __call = function(self, ...) return select(\"#\", ...), ... end,")
	g.line("  __eq = function() return true end, __lt = function(a, b) return %s end, __le = %s,", g.test(), g.pick("nil", "function() return 1 end"))
	g.line("  __unm = function() return -1 end, __mod = function(a, b) return 5 end, __pow = function() return 6 end,")
	g.line("  __tostring = function() return \"M!\" end,")
	g.line("})")
	for n := 1 + g.r.IntN(3); n > 0; n-- {
		g.line("print(pcall(function() return %s end))", g.pick(
			m+" + 1", "2 + "+m, m+" .. \"x\"", "1 .. "+m, "\"a\" .. 1 .. "+m+" .. \"b\"", m+".w", m+".v", m+"[1]", m+"(1, nil)", m+"()",
			"-"+m, m+" % 2", "2 % "+m, m+" ^ 2", m+" < "+m, m+" <= "+m, m+" > "+m, m+" == setmetatable({}, getmetatable("+m+"))",
			"tostring("+m+")", m+" - 1", m+" < 1", "\"10\" + "+m, m+":x()", "string.rep("+m+", 2)", m+" ~= "+m))
	}
	g.line("%s.new = 3", m)
	g.line("print(%s.new, rawget(%s, \"new\"))", m, m)
}

// object writes a small class.
func (g *generator) object() {
	c := fmt.Sprintf("C%d", g.names)
	g.names++
	g.line("local %s = {}", c)
	g.line("%s.__index = %s", c, c)
	g.line("function %s.new(n) return setmetatable({n = n}, %s) end", c, c)
	g.line("function %s:add(k, ...) self.n = self.n + k; if ... then return self:add(...) end; return self end", c)
	g.line("function %s:get() return self.n, %s end", c, g.number(1))
	g.line("local o = %s.new(%s):add(%s)", c, g.number(1), g.numbers(1+g.r.IntN(3), 1))
	g.line("print(o:get())")
	g.line("print(pcall(function() return o.%s(%s) end))", g.pick("get", "add", "none"), g.pick("o", "o, 1", "", "nil"))
}
