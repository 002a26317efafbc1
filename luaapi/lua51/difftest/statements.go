package difftest

import (
	"fmt"
	"strings"
)

func (g *generator) statement() {
	g.statements--
	switch g.r.IntN(26) {
	case 0, 1, 2:
		g.local()
	case 3, 4, 5:
		g.assign()
	case 6:
		g.multiAssign()
	case 7:
		g.swap()
	case 8, 9:
		g.ifStatement()
	case 10:
		g.numericFor()
	case 11:
		g.genericFor()
	case 12:
		g.whileLoop()
	case 13:
		g.repeatLoop()
	case 14:
		g.function()
	case 15:
		g.protected()
	case 16:
		g.wild()
	case 17:
		g.coroutineStatement()
	case 18:
		g.tableStatement()
	case 19:
		g.closures()
	case 20:
		g.metatable()
	case 21:
		g.chainStatement()
	case 22:
		g.block("do", "end")
	case 23:
		g.object()
	default:
		g.line("print(%s, %s)", g.anything(3), g.call(2))
	}
}

// block writes a block with a few statements in it.
func (g *generator) block(head, tail string, before ...func()) {
	g.line("%s", head)
	g.enter()
	for _, f := range before {
		f()
	}
	for n := 1 + g.r.IntN(3); n > 0 && len(g.scopes) < 6; n-- {
		g.statement()
	}
	g.leave()
	g.line("%s", tail)
}

func (g *generator) local() {
	if g.chance(25) {
		// Several at once, more or fewer values than names.
		names := []string{g.newName(), g.newName(), g.newName()}[:2+g.r.IntN(2)]
		values := g.list(1+g.r.IntN(2), 2)
		if g.chance(50) {
			values += ", " + g.call(2)
		}
		g.line("local %s = %s", strings.Join(names, ", "), values)
		for _, name := range names {
			g.declare(name, tAny)
		}
		return
	}
	t := typ(g.r.IntN(int(typeCount)))
	e := g.expression(t, 3)
	name := g.newName()
	g.line("local %s = %s", name, e)
	g.declare(name, t)
}

func (g *generator) assign() {
	t := typ(g.r.IntN(int(typeCount)))
	name, ok := g.variable(t)
	if !ok {
		name, t = "G", tNumber
	}
	switch {
	case t == tBool || t == tAny:
		if t == tBool {
			g.line("%s = not not (%s)", name, g.chain(3))
		} else {
			g.line("%s = %s", name, g.chain(3))
		}
	default:
		g.line("%s = %s", name, g.expression(t, 3))
	}
}

func (g *generator) chainStatement() {
	name, ok := g.variable(tAny)
	if !ok {
		name = g.newName()
		g.line("local %s", name)
		g.declare(name, tAny)
	}
	g.line("%s = %s %s %s", name, name, g.pick("and", "or"), g.chain(3))
}

func (g *generator) multiAssign() {
	a, ok1 := g.variable(tAny)
	n, ok2 := g.variable(tNumber)
	if !ok1 || !ok2 {
		g.line("G, H = %s, %s", g.number(2), g.call(2))
		return
	}
	switch g.r.IntN(4) {
	case 0:
		g.line("%s, %s = %s, %s", a, n, g.anything(2), g.number(2))
	case 1:
		g.line("%s, %s = V(%s), %s", n, a, n, g.call(2))
	case 2:
		g.line("%s, %s, %s = %s", a, a, a, g.call(3))
	case 3:
		g.line("%s, G = %s, %s, %s", a, g.anything(2), n, g.call(1))
	}
}

func (g *generator) swap() {
	if t, ok := g.variable(tArray); ok {
		g.line("if #%s > 1 then %s[1], %s[#%s] = %s[#%s], %s[1] end", t, t, t, t, t, t, t)
		i, ok := g.variable(tNumber)
		if ok {
			g.line("do local i, t = 1, {10, 20, 30}; i, t[i] = i + 1, %s; print(i, t[1], t[2]) end", i)
		}
		return
	}
	a, ok1 := g.variable(tNumber)
	b, ok2 := g.variable(tNumber)
	if ok1 && ok2 {
		g.line("%s, %s = %s, %s", a, b, b, a)
	}
}

// test is the condition of a statement: chains and constants more often than
// in expressions.
func (g *generator) test() string {
	switch g.r.IntN(6) {
	case 0:
		return g.pick("true", "false", "nil", "1", `"x"`, "not nil", "not 0", "1 == 1", "not (true and nil)")
	case 1, 2:
		return g.chain(3)
	case 3:
		return "not " + g.parens(g.chain(2))
	}
	return g.condition(3)
}

func (g *generator) ifStatement() {
	g.block("if "+g.test()+" then", "end")
	last := len(g.lines) - 1
	if g.chance(50) {
		g.lines = g.lines[:last]
		if g.chance(40) {
			g.block("elseif "+g.test()+" then", "end")
			g.lines = g.lines[:len(g.lines)-1]
		}
		g.block("else", "end")
	}
}

// exit writes a break or nothing, at the end of a loop's body.
func (g *generator) exit() {
	if g.chance(25) {
		g.line("if %s then break end", g.test())
	}
}

func (g *generator) loop(head, tail string, before ...func()) {
	if g.loops >= 3 {
		g.line("print(%s)", g.anything(1))
		return
	}
	g.loops++
	before = append(before, g.exit)
	if g.chance(8) {
		g.line("%s", head)
		g.enter()
		for _, f := range before[:len(before)-1] {
			f()
		}
		g.line("break")
		g.leave()
		g.line("%s", tail)
	} else {
		g.block(head, tail, before...)
	}
	g.loops--
}

func (g *generator) numericFor() {
	name := g.newName()
	from := g.r.IntN(5) - 1
	head := fmt.Sprintf("for %s = %d, %d do", name, from, from+g.r.IntN(4))
	switch g.r.IntN(6) {
	case 0:
		head = fmt.Sprintf("for %s = %d, %d, %s do", name, from, from+g.r.IntN(4), g.pick("2", "0.5", "1", "-1"))
	case 1:
		head = fmt.Sprintf("for %s = %d, %d, -%s do", name, from+2, from, g.pick("1", "2", "0.5"))
	case 2:
		head = fmt.Sprintf("for %s = %s, %s do", name, g.pick(`"1"`, "V(1)", "1"), g.pick(`"3"`, "V(2)", "2"))
	}
	g.loop(head, "end", func() { g.declare(name, tNumber) })
}

func (g *generator) genericFor() {
	k, v := g.newName(), g.newName()
	t := tNumber
	list := g.array(1)
	head := fmt.Sprintf("for %s, %s in ipairs(%s) do", k, v, list)
	switch g.r.IntN(5) {
	case 0:
		head = fmt.Sprintf("for %s, %s in pairs({%s}) do", k, v, g.numbers(1+g.r.IntN(3), 1))
	case 1:
		head = fmt.Sprintf("for %s, %s in (%s):gmatch(%s) do", k, v, g.text(1), g.pick(`"(%w)(.)"`, `"()(%a)"`, `"(%d+)%D*()"`))
		t = tAny
	case 2:
		head = fmt.Sprintf("for %s, %s in function(s, c) if c < s then return c + 1, c * 2 end end, %d, 0 do", k, v, g.r.IntN(4))
	case 3:
		head = fmt.Sprintf("for %s, %s in coroutine.wrap(function() for i = 1, %d do coroutine.yield(i, i * i) end end) do", k, v, g.r.IntN(4))
	}
	g.loop("do local lim = 0", "end", func() {
		g.loops--
		g.loop(head, "end", func() {
			g.line("lim = lim + 1")
			g.line("if lim > 5 then break end")
			if k != v {
				kt := tAny
				if t == tNumber {
					kt = tNumber
				}
				g.declare(k, kt)
			}
			g.declare(v, t)
		})
		g.loops++
	})
}

func (g *generator) whileLoop() {
	c := fmt.Sprintf("w%d", g.names)
	g.names++
	test := g.test()
	limit := 1 + g.r.IntN(4)
	head := fmt.Sprintf("while %s < %d and (%s) do", c, limit, test)
	if g.chance(40) {
		head = fmt.Sprintf("while %s do", test)
	}
	g.line("local %s = 0", c)
	g.loop(head, "end", func() {
		g.line("%s = %s + 1", c, c)
		g.line("if %s > %d then break end", c, limit)
	})
}

func (g *generator) repeatLoop() {
	c := fmt.Sprintf("u%d", g.names)
	g.names++
	g.line("local %s = 0", c)
	inner := g.newName()
	tail := fmt.Sprintf("until %s > %d or (%s)", c, g.r.IntN(3), g.test())
	if g.chance(30) {
		tail = fmt.Sprintf("until %s > %d or V(%s == %s)", c, g.r.IntN(3), inner, g.numeral())
	}
	var saved string
	if name, ok := g.variable(tFunc); ok && g.chance(50) {
		saved = name
	}
	g.loop("repeat", tail, func() {
		g.line("%s = %s + 1", c, c)
		g.line("if %s > 4 then break end", c)
		g.line("local %s = %s * 2", inner, c)
		if saved != "" {
			g.line("%s = function(p) %s = %s + 1; return %s + (p or 0) end", saved, inner, inner, inner)
		}
		g.declare(inner, tNumber)
	})
}
