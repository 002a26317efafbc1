package lua51

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// The operators that the virtual machine computes in another way than Lua 5.1
// are calls of these functions: ".." writes numbers with "%.14g", "%" rounds as
// a - floor(a/b)*b, "^" as C's pow. Arithmetic on strings comes here too,
// through metamethods of strings: the virtual machine would read "010" as
// octal.

func (s *State) openOperators(strings *lua.LTable, signedZero bool) {
	L := s.main
	s.operators = compiler.Operators{
		Concat: L.NewFunction(s.concat),
		Clear:  L.NewFunction(clearElement),
		Mod:    L.NewFunction(s.binaryOperator("__mod", modulo)),
		Pow:    L.NewFunction(s.binaryOperator("__pow", number.Pow)),
	}
	if signedZero {
		s.operators.Add = L.NewFunction(s.binaryOperator("__add", add))
		s.operators.Sub = L.NewFunction(s.binaryOperator("__sub", sub))
		s.operators.Mul = L.NewFunction(s.binaryOperator("__mul", mul))
		s.operators.Div = L.NewFunction(s.binaryOperator("__div", div))
	}
	for event, compute := range map[string]func(x, y float64) float64{
		"__add": add,
		"__sub": sub,
		"__mul": mul,
		"__div": div,
		"__mod": modulo,
		"__pow": number.Pow,
		"__unm": func(x, _ float64) float64 { return -x },
	} {
		strings.RawSetString(event, L.NewFunction(s.binaryOperator(event, compute)))
	}
}

// concat joins its arguments from the right, as a chain of "..".
func (s *State) concat(L *lua.LState) int {
	n := L.GetTop()
	// The common case: all of them strings or numbers, short enough.
	var buf [256]byte
	out := buf[:0]
	for i := 1; i <= n; i++ {
		switch v := L.Get(i).(type) {
		case lua.LString:
			if len(out)+len(v) > s.limits.StringSize {
				s.tooLong(L)
			}
			if len(v) >= 1<<20 {
				s.reserve(L, len(out)+len(v))
			}
			out = append(out, v...)
		case lua.LNumber:
			out = number.Append(out, float64(v))
		default:
			return s.concatMeta(L, n)
		}
	}
	L.Push(lua.LString(out))
	return 1
}

// concatMeta joins values of which some need a metamethod.
func (s *State) concatMeta(L *lua.LState, n int) int {
	right := L.Get(n)
	for i := n - 1; i >= 1; i-- {
		left := L.Get(i)
		if isString(left) && isString(right) {
			text := toText(left) + toText(right)
			if len(text) > s.limits.StringSize {
				s.tooLong(L)
			}
			right = lua.LString(text)
			continue
		}
		f := metamethod(L, left, right, "__concat")
		if f == lua.LNil {
			bad, at := left, i
			if isString(left) {
				bad, at = right, i+1
			}
			kind, name := "", ""
			if at < n || at == i || i == n-1 {
				kind, name = argumentName(L, at)
			}
			raise(L, describeValue(bad, kind, name, "concatenate"))
		}
		right = s.call(L, f, left, right)
	}
	L.Push(right)
	return 1
}

// argumentName says what the caller calls its n-th argument.
func argumentName(L *lua.LState, n int) (kind, name string) {
	f, _ := frameAt(L, 1)
	i, ok := f.instruction()
	if !ok || i.Code != lua.OP_CALL {
		return "", ""
	}
	return compiler.ObjectName(f.fn.Proto, f.pc, i.A+n)
}

// clearElement does table[key] = nil. If that is the last element of the array,
// the array gets shorter: else # would pass over the nil each time, which makes
// emptying a stack with t[#t] = nil quadratic.
func clearElement(L *lua.LState) int {
	t, ok := L.Get(1).(*lua.LTable)
	if !ok {
		v := L.Get(1)
		if mt := metatableOf(L, v); mt != nil {
			L.SetTable(v, L.Get(2), lua.LNil)
			return 0
		}
		kind, name := argumentName(L, 1)
		raise(L, describeValue(v, kind, name, "index"))
	}
	n, ok := L.Get(2).(lua.LNumber)
	if ok && n >= 1 && n < maxArray && int(n) == table.Len(t) && lua.LNumber(int(n)) == n {
		removeLast(t)
		return 0
	}
	L.SetTable(t, L.Get(2), lua.LNil)
	return 0
}

// metamethod returns the handler of an event that either value has, or nil.
func metamethod(L *lua.LState, x, y lua.LValue, event string) lua.LValue {
	for _, v := range []lua.LValue{x, y} {
		if _, ok := v.(lua.LString); ok {
			continue // what strings have is ours
		}
		if mt := metatableOf(L, v); mt != nil {
			if f := table.Field(mt, event); f != lua.LNil {
				return f
			}
		}
	}
	return lua.LNil
}

// binaryOperator returns a function that computes on numbers and strings that
// convert to numbers, and else calls the metamethod.
func (s *State) binaryOperator(event string, compute func(x, y float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		x, y := L.Get(1), L.Get(2)
		if a, ok := x.(lua.LNumber); ok {
			if b, ok := y.(lua.LNumber); ok {
				L.Push(lua.LNumber(compute(float64(a), float64(b))))
				return 1
			}
		}
		if event == "__unm" {
			y = lua.LNumber(0)
		}
		a, ok1 := toNumber(x)
		b, ok2 := toNumber(y)
		if ok1 && ok2 {
			L.Push(lua.LNumber(compute(float64(a), float64(b))))
			return 1
		}
		if f := metamethod(L, x, y, event); f != lua.LNil {
			L.Push(s.call(L, f, x, y))
			return 1
		}
		bad, at := x, 1
		if ok1 {
			bad, at = y, 2
		}
		kind, name := operandName(L, at)
		raise(L, describeValue(bad, kind, name, "perform arithmetic on"))
		return 0
	}
}

// operandName says what the caller calls an operand, where the operator is a
// call or an instruction for arithmetic.
func operandName(L *lua.LState, n int) (kind, name string) {
	f, _ := frameAt(L, 1)
	i, ok := f.instruction()
	reg := i.B
	switch {
	case !ok:
		return "", ""
	case i.Code == lua.OP_CALL:
		reg = i.A + n
	case i.Code >= lua.OP_ADD && i.Code <= lua.OP_UNM:
		if n == 2 {
			reg = i.C
		}
	default:
		return "", ""
	}
	if _, constant := compiler.IsConstant(reg); constant {
		return "", ""
	}
	return compiler.ObjectName(f.fn.Proto, f.pc, reg)
}

func add(x, y float64) float64 { return x + y }
func sub(x, y float64) float64 { return x - y }
func mul(x, y float64) float64 { return x * y }
func div(x, y float64) float64 { return x / y }

// modulo is Lua's: the result has the sign of the divisor and is rounded as the
// formula says.
func modulo(x, y float64) float64 { return x - math.Floor(x/y)*y }

// tooLong fails because a string would exceed its limit.
func (s *State) tooLong(L *lua.LState) {
	raiseLimit(L, s.budget(L), limitError(LimitString, "resulting string too large", sizeText(int64(s.limits.StringSize))))
}

// reserve asks the memory bound before n bytes are allocated at once.
func (s *State) reserve(L *lua.LState, n int) {
	b := s.budget(L)
	b.heap.reserve(b, int64(n))
	b.check()
}
