package luaconv

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// sameValue compares two values through all levels, with the order of their keys
// and their marks.
func sameValue(got, want lua.LValue) error {
	g, ok := got.(*lua.LTable)
	w, alsoOK := want.(*lua.LTable)
	if !ok || !alsoOK {
		if got != want {
			return fmt.Errorf("got %v, want %v", got, want)
		}
		return nil
	}
	if table.Len(g) != table.Len(w) || table.Meta(g) != table.Meta(w) {
		return fmt.Errorf("got %d values, %v; want %d, %v", table.Len(g), table.Meta(g), table.Len(w), table.Meta(w))
	}
	gk, gv := table.Next(g, lua.LNil)
	wk, wv := table.Next(w, lua.LNil)
	for gk != lua.LNil || wk != lua.LNil {
		if gk != wk {
			return fmt.Errorf("got the key %v, want %v", gk, wk)
		}
		if err := sameValue(gv, wv); err != nil {
			return fmt.Errorf("%v: %w", gk, err)
		}
		gk, gv = table.Next(g, gk)
		wk, wv = table.Next(w, wk)
	}
	return nil
}

// deep is a text of that many levels.
func deep(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

func TestDecodeLazy(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, ` true `, `7`, `"x"`, `[]`, ` { } `, `[ ]`, `{"a":[],"b":{},"c":[ ],"d":{ }}`, ` {"a" : { "b" : [ 1 , { "c" : null } ] } } `,
		`{"a":1,"b":2,"a":null,"c":{"x":1},"c":{"y":2},"d":{"x":1},"d":3}`, `[null]`, `[1,null,3]`, `[[null],{"a":null},null,[null,[]]]`,
		`{"":{"":[{"":""}]}}`, "{\"a\":{\"b\":\"\xff\",\"\xfe\":[1]}}", `{"a":["\ud800",{"\u0061":1e308}]}`,
		deep(MaxDepth), strings.Repeat(`{"a":`, MaxDepth-1) + "{}" + strings.Repeat("}", MaxDepth-1),
	} {
		want, err := Decode([]byte(text), false)
		if err != nil {
			t.Fatalf("%.40s: %v", text, err)
		}
		got, err := DecodeLazy([]byte(text))
		if err == nil {
			err = sameValue(got, want)
		}
		if err != nil {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}

// Errors are Decode's, wherever the text is wrong, and come before anything is
// touched.
func TestDecodeLazyBad(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "{", "[1", "[1 2]", `{"a":{"b":}}`, `{"a":[1e999}}`, `{"a":[-]}`, `[1e+x]`, `{"a":1}x`, `[[01]]`, `{"a":"x}`, `[{"a":tru}]`, deep(MaxDepth + 1),
		strings.Repeat("[", MaxDepth) + "1" + strings.Repeat("]", MaxDepth), strings.Repeat("[", MaxDepth) + "1e999 x",
	} {
		_, want := Decode([]byte(text), false)
		if v, err := DecodeLazy([]byte(text)); err == nil || want == nil || err.Error() != want.Error() {
			t.Errorf("%.40q: got %v, %v, want %v", text, v, err, want)
		}
	}
}

// A large event is as good as a small one, and at any depth: no part of the text is
// read again for each level above it.
func TestDecodeLazyLarge(t *testing.T) {
	t.Parallel()
	member := `{"groupMemberId":7,"memberProfile":{"displayName":"bob","preferences":{"files":{"allow":"yes"}}},"empty":[],"none":null}`
	list := `{"members":[` + strings.Repeat(member+",", 9000) + member + `],"numbers":[` + strings.Repeat("1,", 1000) + `1]}`
	const levels = MaxDepth - 10
	for name, text := range map[string]string{
		"flat": list,
		"deep": strings.Repeat(`{"a":1,"in":`, levels) + list + strings.Repeat(`,"b":{"c":[]}}`, levels),
	} {
		if len(text) < 1<<20 {
			t.Fatalf("%s: the text has only %d bytes", name, len(text))
		}
		got, err := DecodeLazy([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want, err := Decode([]byte(text), false)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := sameValue(got, want); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Encoding writes the same text whether tables were touched or not.
func TestEncodeLazy(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"a":[],"b":{},"c":[[],{}]}`, `[[[]]]`, `{"a":{"b":{"c":[1,2]}}}`} {
		v, err := DecodeLazy([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the first time touches all
			if got, err := Encode(v); err != nil || string(got) != text {
				t.Errorf("got %s, %v, want %s", got, err, text)
			}
		}
	}
	v, err := DecodeLazy([]byte(`{"a":[1]}`))
	if err != nil {
		t.Fatal(err)
	}
	a := Array(table.Field(v.(*lua.LTable), "a").(*lua.LTable))
	if got, err := Encode(a); err != nil || string(got) != "[1]" {
		t.Errorf("marked as an array: got %s, %v, want [1]", got, err)
	}
}

// The text leaves memory with the last table that is not filled, and a small
// table does not keep a large text.
func TestTextIsFreed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		take func(*lua.LTable) lua.LValue
	}{
		"all filled": {`{"a":{"b":[1,2]},"c":{"d":3}}`, func(t *lua.LTable) lua.LValue {
			_, err := Encode(t)
			if err != nil {
				return nil
			}
			return t
		}},
		"small part of a large text": {`{"a":{"b":[1,2]},"c":"` + strings.Repeat("x", maxHeld) + `"}`, func(t *lua.LTable) lua.LValue {
			return table.Field(t, "a")
		}},
	} {
		freed := make(chan struct{})
		kept := func() lua.LValue {
			text := []byte(tt.text)
			runtime.AddCleanup(&text[0], func(c chan struct{}) { close(c) }, freed)
			v, err := DecodeLazy(text)
			if err != nil {
				t.Fatal(err)
			}
			return tt.take(v.(*lua.LTable))
		}()
		testkit.Until(t, name+": the text is freed", func() bool {
			runtime.GC()
			select {
			case <-freed:
				return true
			default:
				return false
			}
		})
		if kept == nil || kept == lua.LNil {
			t.Errorf("%s: nothing was kept", name)
		}
		runtime.KeepAlive(kept)
	}
}

// DecodeLazy takes what Decode takes and makes the same of it; without nulls that
// is what encoding/json reads.
func FuzzDecodeLazy(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":null}],"c":"\u00e9"}`, `[]`, `{ }`, `[null,[]]`, `{"a":{},"a":[[1]],"b":{"":""}}`, "[\"\xff\"]", `[1,2`, `[1e999]`, `{"a":{"b":01}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := DecodeLazy(data)
		want, wantErr := Decode(data, false)
		if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Fatalf("%q: got the error %v, want %v", data, err, wantErr)
		}
		if err != nil {
			return
		}
		if err := sameValue(got, want); err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		var plain any
		text := json.NewDecoder(bytes.NewReader(data))
		text.UseNumber()
		if err := text.Decode(&plain); err != nil {
			t.Fatalf("DecodeLazy took %q, encoding/json says %v", data, err)
		}
		if err := sameAsJSON(got, plain); err != nil {
			t.Fatalf("%q: %v", data, err)
		}
	})
}

// sameAsJSON compares a value with what encoding/json made of the same text.
func sameAsJSON(v lua.LValue, want any) error {
	switch want := want.(type) {
	case map[string]any:
		t := v.(*lua.LTable)
		n := 0
		for k, w := range want {
			if err := sameAsJSON(table.Field(t, k), w); err != nil {
				return fmt.Errorf("%s: %w", k, err)
			}
			if w != nil {
				n++
			}
		}
		table.Each(t, func(_, _ lua.LValue) { n-- })
		if n != 0 {
			return fmt.Errorf("%d fields are missing", n)
		}
		return nil
	case []any:
		for i, w := range want {
			if err := sameAsJSON(table.At(v.(*lua.LTable), i+1), w); err != nil {
				return fmt.Errorf("[%d]: %w", i+1, err)
			}
		}
		return nil
	case nil:
		if v != lua.LNil {
			return fmt.Errorf("got %v, want nil", v)
		}
		return nil
	}
	if n, ok := want.(json.Number); ok {
		f, _ := n.Float64()
		want = max(min(f, math.MaxFloat64), -math.MaxFloat64)
	}
	got := map[lua.LValueType]func() any{
		lua.LTString: func() any { return string(v.(lua.LString)) },
		lua.LTNumber: func() any { return float64(v.(lua.LNumber)) },
		lua.LTBool:   func() any { return bool(v.(lua.LBool)) },
	}[v.Type()]
	if got == nil || !reflect.DeepEqual(got(), want) {
		return fmt.Errorf("got %v, want %v", v, want)
	}
	return nil
}

// BenchmarkEvent decodes an event of 4 kB as a whole and lazily.
func BenchmarkEvent(b *testing.B) {
	data, err := os.ReadFile("../../internal/chat/testdata/events.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	data, _, _ = bytes.Cut(data, []byte("\n"))
	field := func(v lua.LValue, names ...string) lua.LValue {
		for _, name := range names {
			v = table.Field(v.(*lua.LTable), name)
		}
		return v
	}
	whole := func(data []byte) (lua.LValue, error) { return Decode(data, false) }
	for _, bm := range []struct {
		name   string
		decode func([]byte) (lua.LValue, error)
		use    func(lua.LValue) bool
	}{
		{"whole", whole, func(lua.LValue) bool { return true }},
		{"lazy, untouched", DecodeLazy, func(lua.LValue) bool { return true }},
		{"lazy, one field", DecodeLazy, func(v lua.LValue) bool {
			list := field(v, "event", "result", "chatItems").(*lua.LTable)
			return field(table.At(list, 1), "chatItem", "meta", "itemId") != lua.LNil
		}},
		{"lazy, all", DecodeLazy, func(v lua.LValue) bool { return walk(v) > 50 }},
		{"whole, all", whole, func(v lua.LValue) bool { return walk(v) > 50 }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				v, err := bm.decode(data)
				if err != nil || !bm.use(v) {
					b.Fatal(v, err)
				}
			}
		})
	}
}

// walk counts the values in a value.
func walk(v lua.LValue) int {
	t, ok := v.(*lua.LTable)
	if !ok {
		return 1
	}
	n := 0
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		n += walk(v)
	}
	return n
}
