package jsonscan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestClip(t *testing.T) {
	t.Parallel()
	nested := func(levels int, inner string) string {
		return strings.Repeat(`{"a":[`, levels/2) + inner + strings.Repeat("]}", levels/2)
	}
	whole := nested(MaxDepth, `1,"]}[{\"\\"`)
	for _, tt := range []struct{ name, text, want string }{
		{"shallow", `{"a":[1,"[[["]}`, `{"a":[1,"[[["]}`},
		{"as deep as may be", whole, whole},
		{"one too deep", nested(MaxDepth, `1,[2,"]"],3`), nested(MaxDepth, `1,null,3`)},
		{"two of them", nested(MaxDepth, `{"x":"}"},[[]]`), nested(MaxDepth, `null,null`)},
		{"much too deep", nested(20*MaxDepth, `"\""`), nested(MaxDepth, "null")},
		{"text behind it", "[" + nested(MaxDepth, "1") + `,"b"]`, "[" + nested(MaxDepth-2, `{"a":null}`) + `,"b"]`},
	} {
		got := Clip([]byte(tt.text))
		if string(got) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		c := New(got)
		if c.Skip(); c.End() != nil {
			t.Errorf("%s: cannot be read: %v", tt.name, c.End())
		}
		c = New([]byte(tt.text))
		if c.Skip(); TooDeep(c.End()) != (tt.text != tt.want) {
			t.Errorf("%s: got %v before", tt.name, c.End())
		}
	}
	if TooDeep(nil) || TooDeep(&Error{Reason: "want a value"}) {
		t.Error("other errors count as too deep")
	}
}

func FuzzClip(f *testing.F) {
	for _, text := range []string{`[{"a":"]"}]`, strings.Repeat("[", MaxDepth+1), `"\`, `}]`, strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := Clip(data)
		if !json.Valid(data) {
			return
		}
		c := New(got)
		if c.Skip(); c.End() != nil {
			t.Errorf("%q became %q: %v", data, got, c.End())
		}
		if c = New(data); true {
			if c.Skip(); c.End() == nil && !bytes.Equal(got, data) {
				t.Errorf("%q became %q", data, got)
			}
		}
	})
}
