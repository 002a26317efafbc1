package number

import "math"

// negativeNaN is what operations without a result give on x86, and what print
// shows as "-nan".
var negativeNaN = math.Copysign(math.NaN(), -1)

// Exp is C's exp.
func Exp(x float64) float64 {
	if math.IsNaN(x) || math.Abs(x) > 700 {
		return math.Exp(x)
	}
	e, k := double{x, 0}.exp()
	return math.Ldexp(e.hi, k)
}

// Log is C's log.
func Log(x float64) float64 {
	switch {
	case x < 0:
		return negativeNaN
	case !(x > 0) || math.IsInf(x, 1):
		return math.Log(x)
	}
	return logarithm(x).hi
}

// Log10 is C's log10: that of glibc, which is not the nearest float, but the
// logarithm of the significand and that of two in two parts.
func Log10(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log10(x)
	}
	m, e := math.Frexp(x)
	m, e = m*2, e-1
	if e < 0 {
		m, e = m/2, e+1
	}
	low := float64(e) * 3.69423907715893078616e-13
	low += 0.434294481903251816668 * Log(m)
	return low + float64(e)*3.01029995663611771306e-01
}

// Pow is C's pow, also in the sign of a result that is not a number.
func Pow(x, y float64) float64 {
	switch y {
	case 1:
		if !math.IsNaN(x) {
			return x
		}
	case 2:
		return x * x
	case 0.5:
		if x > 0 {
			return math.Sqrt(x)
		}
	}
	r := math.Pow(x, y)
	if math.IsNaN(r) {
		return nanPower(x, y)
	}
	if r == 0 || math.IsInf(r, 0) || math.IsInf(y, 0) || math.Abs(r) < 1e-300 {
		return r
	}
	if x == 1 || y == 0 {
		return 1
	}
	if n := math.Abs(y); n <= 64 && n == math.Trunc(n) && math.Abs(r) < 1e300 {
		p := power(x, int(n))
		if y < 0 {
			p = double{1, 0}.div(p)
		}
		return p.hi
	}
	e, k := logarithm(math.Abs(x)).scale(y).exp()
	return math.Copysign(math.Ldexp(e.hi, k), r)
}

func nanPower(x, y float64) float64 {
	switch {
	case math.IsNaN(y), math.IsNaN(x) && math.IsInf(y, 0):
		return x + y
	case !math.IsNaN(x):
		return negativeNaN
	case math.Signbit(x) && math.Abs(math.Mod(y, 2)) == 1:
		return -x
	}
	return x
}
