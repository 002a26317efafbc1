package number

import (
	"math"
	"strconv"
)

// maxPlain is the bound below which an integral value has at most 14 digits,
// so that "%.14g" prints all of them without an exponent.
const maxPlain = 1e14

// Format returns f as Lua 5.1 prints it: "%.14g" in the C locale, with "inf",
// "nan" and the sign of a NaN as glibc prints them.
func Format(f float64) string {
	if i := int64(f); float64(i) == f && f < maxPlain && f > -maxPlain && (i != 0 || !math.Signbit(f)) {
		return strconv.FormatInt(i, 10)
	}
	var buf [32]byte
	return string(Append(buf[:0], f))
}

// Append appends Format(f) to dst and returns the extended slice.
func Append(dst []byte, f float64) []byte {
	if i := int64(f); float64(i) == f && f < maxPlain && f > -maxPlain && (i != 0 || !math.Signbit(f)) {
		return strconv.AppendInt(dst, i, 10)
	}
	if s, special := Special(f); special {
		return append(dst, s...)
	}
	return strconv.AppendFloat(dst, f, 'g', 14, 64)
}

// Special returns how C prints f if it is infinite or not a number.
func Special(f float64) (string, bool) {
	switch {
	case math.IsInf(f, 1):
		return "inf", true
	case math.IsInf(f, -1):
		return "-inf", true
	case math.IsNaN(f):
		if math.Signbit(f) {
			return "-nan", true
		}
		return "nan", true
	}
	return "", false
}
