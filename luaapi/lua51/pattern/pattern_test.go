package pattern

import (
	"errors"
	"strings"
	"testing"
)

const plenty = 1 << 20

func TestFind(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		src, pat   string
		start, end int
		captures   string // of the match, separated by |; a position as @n
	}{
		{"hello", "l+", 2, 4, ""},
		{"hello", "^l", -1, -1, ""},
		{"hello", "(h)(.)(x*)", 0, 2, "h|e|"},
		{"hello", "()ll()", 2, 4, "@2|@4"},
		{"key = value", "^(%w+)%s*=%s*(%w+)$", 0, 11, "key|value"},
		{"f(a(b)c)d", "%b()", 1, 8, ""},
		{"THE (quick) fox", "%f[%a]%a+%f[%A]", 0, 3, ""},
		{"aaa", "a-b", -1, -1, ""},
		{"aab", "a-b", 0, 3, ""},
		{"x]y", "[]]", 1, 2, ""},
		{"x^y", "[x^]+", 0, 2, ""},
		{"a-z", "[a%-z]+", 0, 3, ""},
		{"", "", 0, 0, ""},
		{"abc", "$", 3, 3, ""},
		{"a$c", "a$c", 0, 3, ""},
		{"abab", "(ab)%1", 0, 4, "ab"},
		{"\x00a", "%z", 0, 1, ""},
	} {
		m := New(tc.src, tc.pat, plenty)
		start, end, err := m.Find(0)
		if err != nil || start != tc.start || end != tc.end {
			t.Errorf("Find(%q, %q) = %d, %d, %v, want %d, %d", tc.src, tc.pat, start, end, err, tc.start, tc.end)
			continue
		}
		if got := captures(t, m, tc.src, start, end); start >= 0 && got != tc.captures {
			t.Errorf("captures of %q in %q: %q, want %q", tc.pat, tc.src, got, tc.captures)
		}
	}
}

func captures(t *testing.T, m *Matcher, src string, start, end int) string {
	t.Helper()
	parts := make([]string, m.Count())
	for i := range parts {
		from, to, err := m.Capture(i, start, end)
		if err != nil {
			t.Fatal(err)
		}
		if to < 0 {
			parts[i] = "@" + string(rune('0'+from))
		} else {
			parts[i] = src[from:to]
		}
	}
	return strings.Join(parts, "|")
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for pat, want := range map[string]string{
		"%":                               "malformed pattern (ends with '%')",
		"[a":                              "malformed pattern (missing ']')",
		"[]":                              "malformed pattern (missing ']')",
		"[%":                              "malformed pattern (missing ']')",
		"%f":                              "missing '[' after '%f' in pattern",
		"%b(":                             "unbalanced pattern",
		"a)":                              "invalid pattern capture",
		"%1":                              "invalid capture index",
		"(%1)":                            "invalid capture index",
		strings.Repeat("()", 33):          "too many captures",
		strings.Repeat("(a?", 33):         "too many captures",
		"(" + strings.Repeat("a?", 20000): ErrSteps.Error(),
	} {
		if _, _, err := New(strings.Repeat("a", 30000), pat, plenty).Find(0); err == nil || err.Error() != want {
			t.Errorf("%.20q: %v, want %s", pat, err, want)
		}
	}
	m := New("a", "(a", plenty)
	start, end, err := m.Find(0)
	if err != nil || start != 0 {
		t.Fatalf("Find = %d, %v", start, err)
	}
	if _, _, err := m.Capture(0, start, end); err == nil || err.Error() != "unfinished capture" {
		t.Errorf("Capture: %v, want unfinished capture", err)
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ src, pat string }{
		{"x" + strings.Repeat(" ", 15000) + "y", "^%s*(.-)%s*$"},
		{strings.Repeat("a", 26), strings.Repeat("a?", 26) + strings.Repeat("a", 26)},
		{strings.Repeat("a", 200), strings.Repeat("a*", 200) + "b"},
	} {
		m := New(tc.src, tc.pat, 1000)
		if _, _, err := m.Find(0); !errors.Is(err, ErrSteps) {
			t.Errorf("%.20q: %v, want ErrSteps", tc.pat, err)
		}
		if m.Steps() > 1000+len(tc.src) {
			t.Errorf("%.20q took %d steps of 1000", tc.pat, m.Steps())
		}
	}
	// A long subject takes a few steps per byte.
	src := strings.Repeat("word ", 10000)
	m := New(src, "none$", 16*len(src))
	if start, _, err := m.Find(0); start != -1 || err != nil {
		t.Errorf("Find = %d, %v", start, err)
	}
}
