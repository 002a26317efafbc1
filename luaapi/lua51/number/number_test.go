package number

import (
	"math"
	"testing"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		f    float64
		want string
	}{
		{0, "0"},
		{math.Copysign(0, -1), "-0"},
		{42, "42"},
		{-7, "-7"},
		{0.1, "0.1"},
		{1.0 / 3, "0.33333333333333"},
		{123456789012345, "1.2345678901234e+14"},
		{99999999999999, "99999999999999"},
		{1e14, "1e+14"},
		{1e15, "1e+15"},
		{1e100, "1e+100"},
		{1e-5, "1e-05"},
		{5e-324, "4.9406564584125e-324"},
		{1 << 53, "9.007199254741e+15"},
		{math.Inf(1), "inf"},
		{math.Inf(-1), "-inf"},
		{math.NaN(), "nan"},
		{math.Copysign(math.NaN(), -1), "-nan"},
	} {
		if got := Format(tc.f); got != tc.want {
			t.Errorf("Format(%v) = %q, want %q", tc.f, got, tc.want)
		}
		if got := string(Append([]byte("x"), tc.f)); got != "x"+tc.want {
			t.Errorf("Append(%v) = %q, want %q", tc.f, got, "x"+tc.want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]float64{
		"0": 0, "10": 10, "010": 10, " 5\t": 5, "-3": -3, "+3": 3, ".5": 0.5, "5.": 5, "1e3": 1000, "1E+3": 1000,
		"0x10": 16, "0XfF": 255, "-0x10": -16, "0x.8": 0.5, "0x1p4": 16, "1e400": math.Inf(1), "inf": math.Inf(1),
		"-Infinity": math.Inf(-1), "123456789012345678": 123456789012345678, "7\x00rest": 7, "\v1\f": 1,
	} {
		if got, ok := Parse(s); !ok || got != want {
			t.Errorf("Parse(%q) = %v, %v, want %v", s, got, ok, want)
		}
	}
	if got, ok := Parse("nan"); !ok || !math.IsNaN(got) {
		t.Errorf("Parse(nan) = %v, %v", got, ok)
	}
	for _, s := range []string{
		"", " ", "x", "0x", "0xg", "1e", "1e+", "e5", ".", "1 2", "1_000", "0b1", "0o7", "--1", "- 1", "1.2.3", "infi", "\xc2\xa05",
	} {
		if got, ok := Parse(s); ok {
			t.Errorf("Parse(%q) = %v, want none", s, got)
		}
	}
}

func TestParseBase(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		s    string
		base int
		want float64
		ok   bool
	}{
		{"ff", 16, 255, true},
		{"0xff", 16, 255, true},
		{" z ", 36, 35, true},
		{"-1", 2, 18446744073709551615, true},
		{"12", 2, 0, false},
		{"", 16, 0, false},
		{"-", 16, 0, false},
		{"ffffffffffffffffff", 16, math.MaxUint64, true},
	} {
		if got, ok := ParseBase(tc.s, tc.base); ok != tc.ok || got != tc.want {
			t.Errorf("ParseBase(%q, %d) = %v, %v, want %v, %v", tc.s, tc.base, got, ok, tc.want, tc.ok)
		}
	}
}

// Wanted are the results of lua5.1 on Linux.
func TestPow(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		x, y float64
		want string
	}{
		{2, 10, "1024"},
		{10, 15, "1e+15"},
		{10, -2, "0.01"},
		{2, 0.5, "1.4142135623731"},
		{0.3033771498655747, 11, "2.0036023689543e-06"},
		{5.270681002809024, -2.930647320034914, "0.0076641358781249"},
		{-2, 3, "-8"},
		{-8, 1.0 / 3, "-nan"},
		{0, 0, "1"},
		{0, -1, "inf"},
		{1, math.NaN(), "1"},
		{2, 1024, "inf"},
		{2, -1080, "0"},
	} {
		if got := Format(Pow(tc.x, tc.y)); got != tc.want {
			t.Errorf("Pow(%v, %v) = %s, want %s", tc.x, tc.y, got, tc.want)
		}
	}
	for name, tc := range map[string]struct{ got, want float64 }{
		"exp 1":      {Exp(1), math.E},
		"exp -1000":  {Exp(-1000), 0},
		"log e":      {Log(math.E), 1},
		"log 0":      {Log(0), math.Inf(-1)},
		"log10 1000": {Log10(1000), 3},
		"log10 0.01": {Log10(0.01), -2},
	} {
		if tc.got != tc.want {
			t.Errorf("%s = %v, want %v", name, tc.got, tc.want)
		}
	}
}
