package number

import "math"

// double is an unevaluated sum of two floats, hi the nearest to the value and
// lo the rest: about 106 bits. Go's exponential and logarithm are off by a last
// digit now and then where C's are not, and a program that goes on computing
// shows it; with twice the digits, the rounded results are C's.
type double struct{ hi, lo float64 }

// ln2 is the natural logarithm of 2.
var ln2 = double{math.Ln2, 2.3190468138462996e-17}

// quickSum adds two floats of which the first is not the smaller one.
func quickSum(a, b float64) double {
	s := a + b
	return double{s, b - (s - a)}
}

func sum(a, b float64) double {
	s := a + b
	t := s - a
	return double{s, (a - (s - t)) + (b - t)}
}

func product(a, b float64) double {
	p := a * b
	return double{p, math.FMA(a, b, -p)}
}

func (x double) add(y double) double {
	s := sum(x.hi, y.hi)
	return quickSum(s.hi, s.lo+x.lo+y.lo)
}

func (x double) mul(y double) double {
	p := product(x.hi, y.hi)
	return quickSum(p.hi, p.lo+x.hi*y.lo+x.lo*y.hi)
}

func (x double) scale(f float64) double {
	p := product(x.hi, f)
	return quickSum(p.hi, p.lo+x.lo*f)
}

// shift multiplies by a power of two.
func (x double) shift(f float64) double { return double{x.hi * f, x.lo * f} }

func (x double) div(y double) double {
	q := x.hi / y.hi
	r := x.add(y.scale(-q))
	return quickSum(q, (r.hi+r.lo)/y.hi)
}

// halvings is how often exp halves its argument before the series.
const halvings = 8

var sixth = double{1, 0}.div(double{6, 0})

// exp returns e^x as a double times 2^k, for |x| below 800.
func (x double) exp() (double, int) {
	k := math.Round(x.hi / math.Ln2)
	r := x.add(ln2.scale(-k)).shift(1.0 / (1 << halvings))
	// e^r - 1 by its series, the small terms in plain floats, and then
	// e^2r - 1 = 2(e^r - 1) + (e^r - 1)².
	square := r.mul(r)
	rest := square.hi * square.hi * (1.0/24 + r.hi*(1.0/120+r.hi*(1.0/720+r.hi/5040)))
	s := r.add(square.shift(0.5)).add(square.mul(r).mul(sixth)).add(double{rest, 0})
	for range halvings {
		s = s.shift(2).add(s.mul(s))
	}
	return s.add(double{1, 0}), int(k)
}

// power returns x^n as a double, for n from 1 to 64 and results of ordinary
// size.
func power(x float64, n int) double {
	result, factor := double{1, 0}, double{x, 0}
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			result = result.mul(factor)
		}
		factor = factor.mul(factor)
	}
	return result
}

// logarithm returns the natural logarithm of a positive, finite x: Go's result
// with one step of Newton's iteration.
func logarithm(x float64) double {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	y := math.Log(m)
	inverse, k := double{-y, 0}.exp()
	t := inverse.scale(math.Ldexp(m, k)).add(double{-1, 0})
	rest := quickSum(t.hi, t.lo-t.hi*t.hi/2)
	return ln2.scale(float64(e)).add(sum(y, rest.hi)).add(double{rest.lo, 0})
}
