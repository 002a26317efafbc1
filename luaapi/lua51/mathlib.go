package lua51

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
)

func (s *State) openMath() {
	functions := map[string]lua.LGFunction{
		"atan2": binaryMath(math.Atan2), "fmod": binaryMath(fmod), "mod": binaryMath(fmod), "pow": binaryMath(number.Pow),
		"frexp": mathFrexp, "ldexp": mathLdexp, "modf": mathModf, "max": mathMax, "min": mathMin,
		"random": s.mathRandom, "randomseed": s.mathRandomseed,
	}
	for name, f := range map[string]func(float64) float64{
		"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "ceil": math.Ceil,
		"cos": math.Cos, "cosh": math.Cosh, "deg": func(x float64) float64 { return x / (math.Pi / 180) },
		"exp": number.Exp, "floor": math.Floor, "log": number.Log, "log10": number.Log10,
		"rad": func(x float64) float64 { return x * (math.Pi / 180) }, "sin": math.Sin, "sinh": math.Sinh,
		"sqrt": math.Sqrt, "tan": math.Tan, "tanh": math.Tanh,
	} {
		functions[name] = unaryMath(f)
	}
	t := s.module("math", functions)
	t.RawSetString("pi", lua.LNumber(math.Pi))
	t.RawSetString("huge", lua.LNumber(math.Inf(1)))
}

func unaryMath(f func(float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LNumber(f(checkNumber(L, 1))))
		return 1
	}
}

// binaryMath looks at the second argument first, as compiled C does: if both
// are wrong, that is the one the message is about.
func binaryMath(f func(x, y float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		y := checkNumber(L, 2)
		L.Push(lua.LNumber(f(checkNumber(L, 1), y)))
		return 1
	}
}

func fmod(x, y float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case math.IsNaN(y):
		return y
	case y == 0 || math.IsInf(x, 0):
		return math.Copysign(math.NaN(), -1)
	}
	return math.Mod(x, y)
}

func mathFrexp(L *lua.LState) int {
	fraction, exponent := math.Frexp(checkNumber(L, 1))
	L.Push(lua.LNumber(fraction))
	L.Push(lua.LNumber(exponent))
	return 2
}

func mathLdexp(L *lua.LState) int {
	e := checkInt(L, 2)
	x := checkNumber(L, 1)
	L.Push(lua.LNumber(math.Ldexp(x, int(int32(e)))))
	return 1
}

func mathModf(L *lua.LState) int {
	x := checkNumber(L, 1)
	whole, fraction := math.Trunc(x), 0.0
	if !math.IsInf(x, 0) {
		fraction = x - whole
	}
	L.Push(lua.LNumber(whole))
	L.Push(lua.LNumber(math.Copysign(fraction, x)))
	return 2
}

func mathMax(L *lua.LState) int {
	largest := checkNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := checkNumber(L, i); x > largest {
			largest = x
		}
	}
	L.Push(lua.LNumber(largest))
	return 1
}

func mathMin(L *lua.LState) int {
	smallest := checkNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := checkNumber(L, i); x < smallest {
			smallest = x
		}
	}
	L.Push(lua.LNumber(smallest))
	return 1
}

func (s *State) mathRandom(L *lua.LState) int {
	r := s.random.Float64()
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(r))
	case 1:
		high := checkInt(L, 1)
		if high < 1 {
			argError(L, 1, "interval is empty")
		}
		L.Push(lua.LNumber(math.Floor(r*float64(high)) + 1))
	case 2:
		low, high := checkInt(L, 1), checkInt(L, 2)
		if low > high {
			argError(L, 2, "interval is empty")
		}
		L.Push(lua.LNumber(math.Floor(r*float64(high-low+1)) + float64(low)))
	default:
		raise(L, "wrong number of arguments")
	}
	return 1
}

func (s *State) mathRandomseed(L *lua.LState) int {
	s.seed(uint64(checkInt(L, 1)))
	return 0
}
