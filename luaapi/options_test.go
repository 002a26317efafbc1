package luaapi

import (
	"errors"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   lua.LValue
		want time.Duration
		ok   bool
	}{
		{lua.LNumber(0), 0, true}, {lua.LNumber(2.5), 2500 * time.Millisecond, true}, {lua.LNumber(-1), 0, false},
		{lua.LNumber(1e300), 0, false}, {lua.LString("250ms"), 250 * time.Millisecond, true}, {lua.LString("1h30m"), 90 * time.Minute, true},
		{lua.LString("2d"), 48 * time.Hour, true}, {lua.LString("-2d"), 0, false}, {lua.LString("99999d"), 0, false},
		{lua.LString("5"), 0, false}, {lua.LString(""), 0, false}, {lua.LString("-5s"), 0, false}, {lua.LTrue, 0, false}, {lua.LNil, 0, false},
	} {
		got, err := decodeDuration(tt.in)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%v: got %v, %v", tt.in, got, err)
		}
	}
}

// Whatever table a script gives, options are read or refused with an argument
// error that begins with the path.
func FuzzOptions(f *testing.F) {
	for _, s := range []string{
		`{"profile":{"display_name":"x"},"commands":[{"keyword":"a","commands":[{}]}],"welcome":{"type":"text","text":""}}`,
		`{"auto_accept":1}`, `{"db":{"sqlite":{"file_prefix":[]}}}`, `{"cpu_limit":"5m","drain_timeout":-1}`, `[1,2]`, `"x"`,
		`{"content_type":["text",5],"text":"x","group_id":1.5,"min_role":"admin","when":true,"scope":"main"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := luaconv.Decode(data, true)
		if err != nil {
			return
		}
		settings := DefaultSettings("x")
		_, filterErr := newFilter("on_message", v)
		for path, err := range map[string]error{"configure": decodeOptions("configure", v, &settings), "on_message": filterErr} {
			var own *Error
			if err != nil && (!errors.As(err, &own) || own.Type != ErrArgument || !strings.HasPrefix(own.Message, path)) {
				t.Fatalf("%s: %v", path, err)
			}
		}
	})
}
