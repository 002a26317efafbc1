package security

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// TestDatabasePlaces: a script says where its chat database is, but not on top
// of another bot's, nor where it could read its own as a file.
func TestDatabasePlaces(t *testing.T) {
	t.Parallel()
	granted := permission.Set{Write: []string{t.TempDir()}}
	for _, tc := range []struct {
		prefix string
		allow  permission.Set
		want   string
	}{
		{"own", permission.Set{}, ""},
		{"sub/own", permission.Set{}, ""},
		{granted.Write[0] + "/own", granted, ""},
		{"../other.data/chat", permission.Set{}, "--allow write="},
		{"/opt/other.data/chat", permission.Set{}, "--allow write="},
		{"sub/../../x", permission.Set{}, "--allow write="},
		{granted.Write[0] + "/../x", granted, "--allow write="},
		{"files/own", permission.Set{}, "may not be in the folder files"},
		{"./files/own", permission.Set{}, "may not be in the folder files"},
		{"sub/../files/own", permission.Set{}, "may not be in the folder files"},
		{"/opt/a\x00b", permission.Set{}, "--allow write="},
	} {
		rt, err := luaapi.Load(t.Context(), luaapi.Options{
			Name: "test", Path: "bot.lua", Grants: tc.allow, Log: slog.New(slog.DiscardHandler),
			Source: []byte("bot.configure { db = { sqlite = { file_prefix = " + luaString(tc.prefix) + " } } }"),
		})
		if err == nil {
			rt.Close()
		}
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: got %v, want %q", tc.prefix, err, tc.want)
		}
	}
}
