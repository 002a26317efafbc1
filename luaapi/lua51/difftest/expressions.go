package difftest

import (
	"fmt"
	"strconv"
	"strings"
)

// expression returns an expression of a type. Depth bounds its nesting.
func (g *generator) expression(t typ, depth int) string {
	switch t {
	case tNumber:
		return g.number(depth)
	case tString:
		return g.text(depth)
	case tBool:
		return g.condition(depth)
	case tArray:
		return g.array(depth)
	case tFunc:
		return g.functionValue()
	}
	return g.anything(depth)
}

func (g *generator) numeral() string {
	switch g.r.IntN(10) {
	case 0:
		return g.pick("0", "-0", "1e15", "1e14", "123456789012345", "1e100", "0x10", "0xff", ".5", "1e-5", "2^53", "-1e15", "3.0", "5e-324")
	case 1, 2:
		return strconv.FormatFloat(float64(g.r.IntN(2000)-1000)/float64(1+g.r.IntN(64)), 'g', -1, 64)
	case 3:
		return strconv.FormatFloat(float64(g.r.IntN(64))/8, 'g', -1, 64)
	}
	return strconv.Itoa(g.r.IntN(20) - 4)
}

func (g *generator) number(depth int) string {
	if depth <= 0 || g.chance(15) {
		if name, ok := g.variable(tNumber); ok && g.chance(60) {
			return name
		}
		return g.numeral()
	}
	d := depth - 1
	switch g.r.IntN(22) {
	case 0, 1, 2, 3, 4, 5:
		return fmt.Sprintf("%s %s %s", g.operand(d), g.pick("+", "-", "*", "/", "%"), g.operand(d))
	case 6:
		return fmt.Sprintf("%s ^ %s", g.operand(d), g.pick("2", "0", "3", "-1", "0.5", "1"))
	case 7:
		return "-" + g.operand(d)
	case 8:
		return fmt.Sprintf("#%s", g.parens(g.text(d)))
	case 9:
		return fmt.Sprintf("#%s", g.parens(g.array(d)))
	case 10:
		return fmt.Sprintf("math.%s(%s)", g.pick("floor", "ceil", "abs"), g.number(d))
	case 11:
		return fmt.Sprintf("math.%s(%s, %s)", g.pick("max", "min", "fmod"), g.number(d), g.number(d))
	case 12:
		return fmt.Sprintf("(tonumber(%s) or %s)", g.text(d), g.numeral())
	case 13:
		if g.vararg {
			return g.pick("select(\"#\", ...)", "(tonumber((...)) or 0)")
		}
		return fmt.Sprintf("select(\"#\", %s, %s)", g.anything(d), g.call(d))
	case 14:
		return fmt.Sprintf("(%s and %s or %s)", g.condition(d), g.number(d), g.number(d))
	case 15:
		return fmt.Sprintf("(%s or %s)", g.number(d), g.number(d))
	case 16:
		if name, ok := g.variable(tArray); ok {
			return fmt.Sprintf("(%s[%s] or %s)", name, g.number(d), g.numeral())
		}
	case 17:
		if name, ok := g.variable(tFunc); ok {
			return fmt.Sprintf("(%s(%s, %s, %s) or 0)", name, g.number(d), g.number(d), g.number(d))
		}
	case 18:
		return fmt.Sprintf("(%s %s %s)", g.pick(`"10"`, `"0x10"`, `"010"`, `" 5 "`, `"1e2"`, `".5"`), g.pick("+", "*", "-", "/", "%"), g.operand(d))
	case 19:
		return fmt.Sprintf("(string.byte(%s, %s) or 0)", g.text(d), g.number(0))
	case 20:
		return fmt.Sprintf("V(%s)", g.number(d))
	case 21:
		return "G"
	}
	return g.numeral()
}

// operand is a number in parentheses if it has operators, most of the time.
func (g *generator) operand(depth int) string {
	e := g.number(depth)
	if g.chance(30) {
		return e
	}
	return g.parens(e)
}

func (g *generator) parens(e string) string { return "(" + e + ")" }

var texts = []string{
	`"abc"`, `""`, `"hello world"`, `'x'`, `"a,b,,c"`, `"1"`, `"10"`, `"0x1F"`, `" 7 "`, `"\65\066\n"`, `"tab\tq\"s\""`,
	`[[long]]`, `[==[a]]b]==]`, `"%d"`, `"nil"`, `"é"`, `"\\"`, `"key=value; k2=v2"`, `"AbC"`, `"1e3"`,
}

func (g *generator) text(depth int) string {
	if depth <= 0 || g.chance(20) {
		if name, ok := g.variable(tString); ok && g.chance(60) {
			return name
		}
		return texts[g.r.IntN(len(texts))]
	}
	d := depth - 1
	switch g.r.IntN(14) {
	case 0, 1, 2:
		parts := make([]string, 2+g.r.IntN(3))
		for i := range parts {
			if g.chance(40) {
				parts[i] = g.parens(g.number(d))
			} else {
				parts[i] = g.text(d)
			}
		}
		return g.parens(strings.Join(parts, " .. "))
	case 3:
		return fmt.Sprintf("tostring(%s)", g.pick(g.number(d), g.condition(d), "nil"))
	case 4:
		return fmt.Sprintf("(%s):sub(%s, %s)", g.text(d), g.number(0), g.number(0))
	case 5:
		return fmt.Sprintf("(%s):%s()", g.text(d), g.pick("upper", "lower", "reverse"))
	case 6:
		return fmt.Sprintf("(%s):rep(%d)", g.text(d), g.r.IntN(4))
	case 7:
		return fmt.Sprintf("string.format(%s, %s)", g.pick(`"%5.1f"`, `"%d"`, `"%s"`, `"%5s|"`, `"%-5s|"`, `"%g"`, `"%x"`), g.numeral())
	case 8:
		return fmt.Sprintf("((%s):gsub(%s, %s))", g.text(d), g.pick(`"%a"`, `"l"`, `"%s*"`, `"(%w)(%w)"`, `"[aeiou]"`), g.pick(`"x"`, `"<%0>"`, `"%%"`, `{a = "1", l = true}`, `function(c) return c:upper() end`))
	case 9:
		return fmt.Sprintf("table.concat(%s, %s)", g.array(d), g.pick(`","`, `""`, `"; "`))
	case 10:
		return fmt.Sprintf("(%s and %s or %s)", g.condition(d), g.text(d), g.text(d))
	case 11:
		return fmt.Sprintf("type(%s)", g.anything(d))
	case 12:
		return fmt.Sprintf("((%s):match(%s) or %s)", g.text(d), g.pick(`"%d+"`, `"(%a+)"`, `"^(.-),"`, `"=(%w+)"`, `"()b"`), g.text(0))
	case 13:
		return fmt.Sprintf("V(%s)", g.text(d))
	}
	return `"?"`
}

// condition is a boolean, but for and/or also of other values.
func (g *generator) condition(depth int) string {
	if depth <= 0 || g.chance(10) {
		if name, ok := g.variable(tBool); ok && g.chance(70) {
			return name
		}
		return g.pick("true", "false")
	}
	d := depth - 1
	switch g.r.IntN(8) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", g.number(d), g.relation(), g.number(d))
	case 2:
		return fmt.Sprintf("(%s %s %s)", g.text(d), g.relation(), g.text(d))
	case 3:
		return fmt.Sprintf("(%s %s %s)", g.anything(d), g.pick("==", "~="), g.anything(d))
	case 4:
		return fmt.Sprintf("not %s", g.parens(g.anything(d)))
	case 5:
		return fmt.Sprintf("%s(%s)", g.pick("T", "F"), g.numeral())
	default:
		return fmt.Sprintf("(not not (%s))", g.chain(depth))
	}
}

func (g *generator) relation() string { return g.pick("<", ">", "<=", ">=", "==", "~=") }

// chain is a chain of and, or and not over values of any kind: constants,
// variables, calls and comparisons.
func (g *generator) chain(depth int) string {
	n := 2 + g.r.IntN(4)
	var b strings.Builder
	for i := 0; i < n; i++ {
		if i > 0 {
			b.WriteString(g.pick(" and ", " or "))
		}
		if g.chance(15) {
			b.WriteString("not ")
		}
		b.WriteString(g.link(depth - 1))
	}
	return b.String()
}

func (g *generator) link(depth int) string {
	switch g.r.IntN(10) {
	case 0:
		return g.pick("nil", "false", "true", "1", `"s"`, "0")
	case 1, 2, 3:
		return fmt.Sprintf("%s(%s)", g.pick("T", "F", "N", "V"), g.numeral())
	case 4:
		if depth > 0 {
			return g.parens(g.chain(depth - 1))
		}
	case 5:
		return g.parens(fmt.Sprintf("%s %s %s", g.number(depth-1), g.relation(), g.number(depth-1)))
	case 6:
		if name, ok := g.variable(tNumber); ok {
			return name
		}
	case 7:
		if name, ok := g.variable(tAny); ok {
			return name
		}
	}
	if name, ok := g.variable(tBool); ok {
		return name
	}
	return g.pick("true", "false", "nil")
}

func (g *generator) anything(depth int) string {
	if name, ok := g.variable(tAny); ok && g.chance(35) {
		return name
	}
	switch g.r.IntN(7) {
	case 0:
		return "nil"
	case 1:
		return g.number(depth)
	case 2:
		return g.text(depth)
	case 3:
		return g.condition(depth)
	case 4:
		return g.parens(g.chain(depth))
	case 5:
		if depth > 0 {
			return g.call(depth)
		}
	}
	return g.numeral()
}

// call is a call with any number of results.
func (g *generator) call(depth int) string {
	args := g.list(g.r.IntN(4), depth-1)
	if g.vararg && g.chance(20) {
		if args != "" {
			args += ", "
		}
		args += "..."
	}
	switch g.r.IntN(5) {
	case 0:
		return fmt.Sprintf("select(%s, %s)", g.pick("1", "2", "-1"), g.list(3, depth-1))
	case 1:
		// No nils: the length of a table with holes is not defined.
		return fmt.Sprintf("unpack({%s})", g.numbers(g.r.IntN(4), depth-1))
	case 2:
		if name, ok := g.variable(tFunc); ok {
			return fmt.Sprintf("%s(%s)", name, g.numbers(3, depth-1))
		}
	}
	return fmt.Sprintf("M(%s)", args)
}

func (g *generator) list(n, depth int) string {
	items := make([]string, n)
	for i := range items {
		items[i] = g.anything(depth)
	}
	return strings.Join(items, ", ")
}

func (g *generator) numbers(n, depth int) string {
	items := make([]string, n)
	for i := range items {
		items[i] = g.number(depth)
	}
	return strings.Join(items, ", ")
}

func (g *generator) array(depth int) string {
	if name, ok := g.variable(tArray); ok && g.chance(50) {
		return name
	}
	n := g.r.IntN(5)
	if g.chance(4) {
		n = 48 + g.r.IntN(6) // around the fifty elements stored at a time
	}
	if depth <= 0 || n > 10 {
		items := make([]string, n)
		for i := range items {
			items[i] = g.numeral()
		}
		if n > 10 && g.chance(50) {
			items = append(items, g.pick("k = 1", "M(1, 2, 3)", "[\"z\"] = V(1)"))
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return "{" + g.numbers(n, depth-1) + "}"
}

// functionValue is an anonymous function of three numbers.
func (g *generator) functionValue() string {
	outer := *g
	// It may be assigned to a variable that what it calls refers to, so it calls
	// nothing: it would not end.
	g.lines, g.vararg, g.noCalls = nil, false, true
	g.enter()
	for _, p := range []string{"p", "q", "r"} {
		g.declare(p, tNumber)
	}
	e := g.number(2)
	if g.chance(30) {
		e += ", " + g.number(1)
	}
	g.leave()
	names := g.names
	*g = outer
	g.names = names
	return fmt.Sprintf("function(p, q, r) return %s end", e)
}
