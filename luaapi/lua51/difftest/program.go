package difftest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Program returns the program with the given number of a seeded sequence.
func Program(seed, n uint64) string {
	g := &generator{r: rand.New(rand.NewPCG(seed, n))}
	return g.program()
}

// typ is the type a generated variable keeps.
type typ uint8

const (
	tNumber typ = iota
	tString
	tBool
	tArray // of numbers, without holes
	tFunc  // of up to three numbers, returns numbers
	tAny
	typeCount
)

type variable struct {
	name string
	typ  typ
}

// generator writes one program, a statement per line.
type generator struct {
	r          *rand.Rand
	lines      []string
	indent     int
	scopes     [][]variable
	names      int
	loops      int // loops around the current statement
	functions  int // functions around it
	vararg     bool
	noCalls    bool // functions held by variables are not called
	coroutine  bool // inside the body of a coroutine
	statements int  // that may still be written
}

func (g *generator) program() string {
	g.statements = 6 + g.r.IntN(24)
	g.enter()
	g.declareTools()
	for g.statements > 0 {
		g.statement()
	}
	g.printVariables()
	return strings.Join(g.lines, "\n")
}

// declareTools defines functions whose calls can be seen.
func (g *generator) declareTools() {
	g.line("local function T(x) print(\"T\", x); return true end")
	g.line("local function F(x) print(\"F\", x); return false end")
	g.line("local function N(x) print(\"N\", x); return nil end")
	g.line("local function V(x) print(\"V\", x); return x end")
	g.line("local function M(...) return ... end")
	g.line("G = %s", g.numeral())
}

func (g *generator) printVariables() {
	for _, scope := range g.scopes {
		for _, v := range scope {
			switch v.typ {
			case tArray:
				g.line("print(%q, #%s, table.concat(%s, \",\"))", v.name, v.name, v.name)
			case tFunc:
				g.line("print(%q, pcall(%s, 1, 2, 3))", v.name, v.name)
			default:
				g.line("print(%q, %s)", v.name, v.name)
			}
		}
	}
	g.line("print(\"G\", G)")
}

func (g *generator) line(format string, args ...any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	g.lines = append(g.lines, strings.Repeat("  ", g.indent)+text)
}

func (g *generator) enter() { g.scopes = append(g.scopes, nil); g.indent++ }
func (g *generator) leave() { g.scopes = g.scopes[:len(g.scopes)-1]; g.indent-- }

func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

// pick returns one of the choices.
func (g *generator) pick(choices ...string) string { return choices[g.r.IntN(len(choices))] }

func (g *generator) newName() string {
	g.names++
	if g.chance(15) {
		// Shadow something.
		return g.pick("a", "b", "c")
	}
	return fmt.Sprintf("v%d", g.names)
}

func (g *generator) declare(name string, t typ) {
	top := len(g.scopes) - 1
	g.scopes[top] = append(g.scopes[top], variable{name, t})
}

// variable returns a visible variable of a type, not hidden by another of the
// same name.
func (g *generator) variable(t typ) (string, bool) {
	if t == tFunc && g.noCalls {
		return "", false
	}
	var found []string
	seen := map[string]bool{}
	for i := len(g.scopes) - 1; i >= 0; i-- {
		for j := len(g.scopes[i]) - 1; j >= 0; j-- {
			v := g.scopes[i][j]
			if !seen[v.name] && v.typ == t {
				found = append(found, v.name)
			}
			seen[v.name] = true
		}
	}
	if len(found) == 0 {
		return "", false
	}
	return found[g.r.IntN(len(found))], true
}
