package jsonscan

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// build reads a whole value as encoding/json does into any.
func build(c *Cursor) any {
	switch c.Kind() {
	case Object:
		m := map[string]any{}
		c.Object(func(key []byte) {
			k := string(key)
			m[k] = build(c)
		})
		return m
	case Array:
		s := []any{}
		c.Array(func() { s = append(s, build(c)) })
		return s
	case String:
		return c.String()
	case Number:
		n, _ := c.Float()
		return n
	case Bool:
		return c.Bool()
	default:
		c.Skip()
		return nil
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text   string
		offset int
		reason string
	}{
		{"", 0, "too early"}, {"  ", 2, "too early"}, {"[1 2]", 3, "comma or ]"}, {`{"a" 1}`, 5, "colon"},
		{`{"a":1 "b"}`, 7, "comma or }"}, {`{a:1}`, 1, "want a string"}, {"tru", 0, "want true"}, {"01", 1, "after the end"},
		{"-", 1, "too early"}, {"1.", 2, "too early"}, {"1.x", 2, "after the point"}, {"1e+x", 3, "exponent"},
		{`"\x"`, 1, "bad escape"}, {`"\u12g4"`, 1, "bad escape"}, {"\"a\nb\"", 2, "control"}, {`"abc`, 4, "too early"},
		{`{"a":1,}`, 7, "want a string"}, {"[1,]", 3, "want a value"}, {"1 1", 2, "after the end"}, {"nul", 0, "want null"},
		{strings.Repeat("[", MaxDepth+1), MaxDepth, "levels deep"},
	}
	for _, tt := range tests {
		for name, read := range map[string]func(*Cursor){"Skip": (*Cursor).Skip, "build": func(c *Cursor) { build(c) }} {
			c := New([]byte(tt.text))
			read(c)
			err, _ := c.End().(*Error)
			if err == nil || err.Offset != tt.offset || !strings.Contains(err.Reason, tt.reason) {
				t.Errorf("%s of %.20q: got %v, want %q at %d", name, tt.text, err, tt.reason, tt.offset)
			}
		}
	}
}

// Values of another kind than asked for are skipped, and the rest is read.
func TestOtherKinds(t *testing.T) {
	t.Parallel()
	c := New([]byte(`{"a":"x","b":[1],"c":7,"d":true,"e":1.5,"f":99999999999999999999,"g":null}`))
	got := map[string]any{}
	c.Object(func(key []byte) {
		switch string(key) {
		case "a":
			got["a"] = c.Int()
		case "b":
			got["b"] = c.String()
		case "c":
			got["c"] = c.Bool()
		case "d":
			c.Object(func([]byte) { t.Error("a field of true") })
		case "e":
			got["e"] = c.Int()
		case "f":
			got["f"] = c.Int()
		case "g":
			c.Array(func() { t.Error("an element of null") })
		}
	})
	if err := c.End(); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"a": int64(0), "b": "", "c": false, "e": int64(0), "f": int64(0)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A text that was read before is passed as a whole, and only where all of it
// stands there.
func TestSame(t *testing.T) {
	t.Parallel()
	tests := []struct {
		data, text string
		same       bool
	}{
		{`{"a":{"b":1},"c":2}`, `{"b":1}`, true}, {`{"a":{"b":1} , "c":2}`, `{"b":1}`, true},
		{`{"a":{"b":1,"x":3},"c":2}`, `{"b":1}`, false}, {`{"a":{"b":2},"c":2}`, `{"b":1}`, false},
		{`{"a":[1],"c":2}`, `[1]`, true}, {`{"a":[1,2],"c":2}`, `[1]`, false},
	}
	for _, tt := range tests {
		c := New([]byte(tt.data))
		var same bool
		var n int64
		c.Object(func(key []byte) {
			if string(key) == "a" {
				same = c.Same([]byte(tt.text))
				return
			}
			n = c.Int()
		})
		if err := c.End(); err != nil || same != tt.same || n != 2 {
			t.Errorf("%s, %s: got %v, %d, %v, want %v", tt.data, tt.text, same, n, err, tt.same)
		}
	}
	cut := New([]byte(`{"b"`))
	if cut.Same([]byte(`{"b":1}`)) {
		t.Error("half a text is the same")
	}
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-2.5e+3,true,false,null,"x\u00e9\ud83d\ude00\ud800\n\/"]}`, `[]`, `{}`, ` 1 `, "\"\xff\"", `{"a":1,"a":2}`, `[[[]]]`, `"\u0000"`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Count(data, []byte("[")) > MaxDepth || bytes.Count(data, []byte("{")) > MaxDepth {
			return
		}
		skip := New(data)
		skip.Skip()
		if valid := json.Valid(data); (skip.End() == nil) != valid {
			t.Fatalf("%q: Skip says %v, encoding/json says valid=%v", data, skip.End(), valid)
		}
		full := New(data)
		got := build(full)
		if (full.End() == nil) != (skip.End() == nil) {
			t.Fatalf("%q: reading says %v, skipping %v", data, full.End(), skip.End())
		}
		var want any
		if full.End() != nil || json.Unmarshal(data, &want) != nil { // a number may be out of range
			return
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: got %#v, want %#v", data, got, want)
		}
	})
}

func BenchmarkSkip(b *testing.B) {
	data, err := os.ReadFile("../chat/testdata/events.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	data, _, _ = bytes.Cut(data, []byte("\n"))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		c := New(data)
		c.Skip()
		if err := c.End(); err != nil {
			b.Fatal(err)
		}
	}
}
