package luaconv

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func tableOf(pairs ...any) *lua.LTable {
	t := newTable()
	for i := 0; i < len(pairs); i += 2 {
		switch k := pairs[i].(type) {
		case int:
			t.RawSetInt(k, pairs[i+1].(lua.LValue))
		case string:
			t.RawSetString(k, pairs[i+1].(lua.LValue))
		}
	}
	return t
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, `true`, `false`, `0`, `-1.5`, `9007199254740992`, `10000000000000000`, `1e+21`, `""`, `"a\"\\\n\u0000é𐍈"`,
		`[]`, `{}`, `[[],{}]`, `{"a":[],"b":{}}`, `[1,"x",true,null,{"k":[null]}]`, `{"a":{"b":{"c":[1,2,3]}}}`,
	} {
		v, err := Decode([]byte(text), true)
		if err != nil {
			t.Errorf("Decode(%s): %v", text, err)
			continue
		}
		if got, err := Encode(v); err != nil || string(got) != text {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
}

func TestDecodeBad(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "{", "[1", "[1 2]", "[1,]", `{"a"}`, `{"a":}`, `{1:2}`, `{,}`, "tru", "1e999", "01", `"x`, "1 2", "]", `{"a":1]`, "\x00",
		strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1),
	} {
		if v, err := Decode([]byte(text), true); err == nil {
			t.Errorf("Decode(%q): got %v, want an error", text, v)
		} else if !strings.HasPrefix(err.Error(), "at byte ") {
			t.Errorf("Decode(%q): %q does not say where", text, err)
		}
	}
}

// Without nulls, as for chat data, a field that is null is absent.
func TestDecodeWithoutNulls(t *testing.T) {
	t.Parallel()
	v, err := Decode([]byte(`{"a":null,"b":1}`), false)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := Encode(v); string(got) != `{"b":1}` {
		t.Errorf("got %s", got)
	}
}

// A number out of range does not make chat data unreadable, and can be written
// again.
func TestDecodeNumbersOutOfRange(t *testing.T) {
	t.Parallel()
	for name, decode := range map[string]func([]byte) (lua.LValue, error){
		"at once": func(b []byte) (lua.LValue, error) { return Decode(b, false) }, "lazily": DecodeLazy,
	} {
		v, err := decode([]byte(`{"least":-1e999,"most":[1e400],"small":1e-400,"type":"x"}`))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := Encode(v); err != nil || string(got) != `{"least":-1.7976931348623157e+308,"most":[1.7976931348623157e+308],"small":0,"type":"x"}` {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
}

func TestEncodeBad(t *testing.T) {
	t.Parallel()
	cycle := newTable()
	cycle.RawSetString("me", cycle)
	deep := newTable()
	for range MaxDepth + 1 {
		deep = tableOf("d", deep)
	}
	fn := &lua.LFunction{}
	tests := []struct {
		name string
		v    lua.LValue
		want string
	}{
		{"function", fn, "a function cannot"},
		{"nested function", tableOf("a", tableOf(1, lua.LNumber(1), 2, fn)), "a[2]: a function cannot"},
		{"NaN", lua.LNumber(math.NaN()), "NaN is no JSON number"},
		{"infinity", tableOf("x", lua.LNumber(math.Inf(1))), "x: +Inf"},
		{"not UTF-8", tableOf("x", lua.LString("ab\xff")), "x: the string is not UTF-8 at byte 2"},
		{"key not UTF-8", tableOf("\xff", lua.LTrue), "not UTF-8 at byte 0"},
		{"half and half", tableOf(1, lua.LTrue, "x", lua.LTrue), `indexes and the key "x"`},
		{"hole", tableOf(1, lua.LTrue, 3, lua.LTrue), "2 values, but its last index is 3"},
		{"index 0", tableOf(0, lua.LTrue), "the key 0 is neither"},
		{"cycle", cycle, "me: the table contains itself"},
		{"deep", deep, "nest more than"},
	}
	for _, tt := range tests {
		_, err := Encode(tt.v)
		var pe *PathError
		if !errors.As(err, &pe) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[float64]string{1e15: "1000000000000000", 1e16: "10000000000000000", 1 << 60: "1152921504606846976", 1e19: "1e+19", 0.1: "0.1", math.Copysign(0, -1): "0", 1 << 53: "9007199254740992"} {
		if got, err := Encode(lua.LNumber(n)); err != nil || string(got) != want {
			t.Errorf("%v: got %s, %v, want %s", n, got, err, want)
		}
	}
}

// Tables that share others are small and their text is not.
func TestEncodeShared(t *testing.T) {
	t.Parallel()
	v := tableOf(1, lua.LTrue)
	for range 60 {
		v = tableOf(1, v, 2, v)
	}
	if _, err := Encode(v); err == nil || !strings.Contains(err.Error(), "longer than 16 MiB") {
		t.Errorf("got %v", err)
	}
	stop := errors.New("enough")
	left := 1000
	step := func() error {
		if left--; left < 0 {
			return stop
		}
		return nil
	}
	if _, err := Encode(v, step); !errors.Is(err, stop) {
		t.Errorf("Encode: got %v", err)
	}
	left = 1000
	if _, err := Decode([]byte("["+strings.Repeat("1,", 5000)+"1]"), true, step); !errors.Is(err, stop) {
		t.Errorf("Decode: got %v", err)
	}
}

// The same JSON comes back from Lua as encoding/json reads it.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":null}],"c":"\u00e9"}`, `[]`, `{}`, `1e5`, `"\ud800"`, `{"":{"":[]}}`, `[1,2`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Decode(data, true)
		var want any
		dec := json.NewDecoder(bytes.NewReader(data))
		if jsonErr := dec.Decode(&want); err == nil && jsonErr != nil {
			t.Fatalf("Decode took %q, encoding/json says %v", data, jsonErr)
		}
		if err != nil {
			return
		}
		out, err := Encode(v)
		if err != nil {
			t.Fatalf("Encode after Decode of %q: %v", data, err)
		}
		var got any
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("Encode wrote %q: %v", out, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: got %v, want %v", data, got, want)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	item := `{"chatDir":{"type":"directRcv"},"meta":{"itemId":9,"itemText":"hi","itemStatus":{"type":"rcvNew"}},"content":{"type":"rcvMsgContent"}},`
	data := []byte("[" + strings.TrimSuffix(strings.Repeat(item, 30), ",") + "]")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(data, false); err != nil {
			b.Fatal(err)
		}
	}
}
