package difftest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// LibraryProgram returns a program that calls functions of the library with
// arguments right and wrong, by name and through pcall.
func LibraryProgram(seed, n uint64) string {
	r := rand.New(rand.NewPCG(seed, n))
	lines := make([]string, callsPerProgram)
	for i := range lines {
		name := libraryNames[r.IntN(len(libraryNames))]
		args := make([]string, r.IntN(5))
		for j := range args {
			args[j] = argument(r)
			switch {
			case strings.HasPrefix(name, "table."), name == "string.rep",
				name == "math.sin", name == "math.cos", name == "math.tan":
				// A large number keeps lua5.1 busy for hours, and the last digits of
				// its sine are another's.
				args[j] = smallArgument(r)
			}
		}
		list := strings.Join(args, ", ")
		switch r.IntN(4) {
		case 0:
			if list != "" {
				list = ", " + list
			}
			lines[i] = fmt.Sprintf("print(pcall(%s%s))", name, list)
		case 1:
			// As a method of a string.
			if method, ok := strings.CutPrefix(name, "string."); ok {
				lines[i] = fmt.Sprintf("print(pcall(function() return (%s):%s(%s) end))", quote(subjectText(r)), method, list)
				break
			}
			fallthrough
		case 2:
			lines[i] = fmt.Sprintf("print(pcall(function() local t = {3, 1, 2} return %s(t%s), table.concat(t, \",\") end))", name, choose(r, "", ", 1", ", 2, 5", ", \",\"", ", type", ", nil"))
		default:
			lines[i] = fmt.Sprintf("print(pcall(function() return %s(%s) end))", name, list)
		}
	}
	return strings.Join(lines, "\n")
}

var libraryNames = strings.Fields(`
	string.byte string.char string.find string.format string.gsub string.len string.lower string.match string.rep string.reverse
	string.sub string.upper table.concat table.insert table.remove table.sort table.maxn table.getn table.foreach table.foreachi
	table.setn math.abs math.acos math.asin math.atan math.atan2 math.ceil math.cos math.cosh math.deg math.exp math.floor math.fmod
	math.frexp math.ldexp math.log math.log10 math.max math.min math.mod math.modf math.pow math.rad math.sin math.sinh math.sqrt
	math.tan math.tanh tonumber tostring type select unpack rawequal rawget rawset setmetatable getmetatable ipairs pairs assert error
	pcall xpcall loadstring coroutine.create coroutine.resume coroutine.status coroutine.wrap os.difftime`)

func argument(r *rand.Rand) string {
	switch r.IntN(16) {
	case 0:
		return "nil"
	case 1:
		return choose(r, "true", "false")
	case 2:
		return choose(r, "{}", "{1, 2, 3}", `{"b", "a"}`, "{5, x = 1}", "{{}, 1}", `{"x", 1.5}`)
	case 3:
		return choose(r, "type", "tostring", "function(...) return ... end", "function() error('inside') end", "string.upper")
	case 4:
		return "coroutine.create(function(...) return ... end)"
	case 5, 6, 7:
		return quote(choose(r, subjectText(r), numeralText(r), patternText(r), "return 1", "x ="))
	case 8:
		return numberText(r)
	}
	return smallNumber(r)
}

// smallArgument is an argument that is no large number.
func smallArgument(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return choose(r, "nil", "true", "type", `"x"`, `"2"`, `""`)
	case 1, 2:
		return choose(r, "{}", "{1, 2, 3}", `{"b", "a"}`, "{5, x = 1}", "{{}, 1}", `{"x", 1.5}`)
	case 3:
		return quote(subjectText(r))
	}
	return smallNumber(r)
}

func smallNumber(r *rand.Rand) string {
	return choose(r, "0", "1", "2", "3", "-1", "-2", "0.5", "10", "1.5", "100", "-0.25")
}

// SyntaxProgram returns a program that compiles a piece of another with a few
// tokens dropped, doubled or swapped. Most of these do not compile.
func SyntaxProgram(seed, n uint64) string {
	r := rand.New(rand.NewPCG(seed, n))
	lines := strings.Split(Program(seed, n), "\n")
	first := r.IntN(len(lines))
	lines = lines[first:min(len(lines), first+1+r.IntN(12))]
	for k := r.IntN(3); k >= 0; k-- {
		i := r.IntN(len(lines))
		tokens := strings.Split(lines[i], " ")
		j := r.IntN(len(tokens))
		switch r.IntN(5) {
		case 0:
			tokens[j] = ""
		case 1:
			tokens[j] += " " + tokens[r.IntN(len(tokens))]
		case 2:
			other := r.IntN(len(tokens))
			tokens[j], tokens[other] = tokens[other], tokens[j]
		default:
			tokens[j] += " " + choose(r, "end", "do", "then", "(", ")", "{", "}", "[", "]", "=", "==", "~=", "..", "...", ",", ";", "1", "x", `"s"`, "'",
				"not", "and", "or", "local", "function", "return", "break", "if", "while", "repeat", "until", "for", "in", "nil", "3x", "0x", "1e", ".", ":",
				"%", "#", "--", "--[[", "[[", "[=[", "\\", "@", "$", "!", "~", "\"\\300\"", "\n", "elseif", "else")
		}
		lines[i] = strings.Join(tokens, " ")
	}
	return fmt.Sprintf("print(loadstring(%s, \"=p\"))", quote(strings.Join(lines, "\n")))
}
