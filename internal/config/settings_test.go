package config

import (
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// TestSettingsGoOverTheScript is about what bot.configure sets too.
func TestSettingsGoOverTheScript(t *testing.T) {
	t.Parallel()
	c, _, err := resolve(t, `
cpu_limit = "2s"
auto_accept = false
[[bot]]
script = "a.lua"
catch_up.max_items = 0
[[bot]]
script = "b.lua"
cpu_limit = "3s"
`, map[string][]string{"log-network": {"true"}}, "SIMPLEX_LUA_CATCH_UP_MAX_AGE", "1h", "SIMPLEX_LUA_DISPLAY_NAME", "Op")
	if err != nil {
		t.Fatal(err)
	}
	script := luaapi.DefaultSettings("a")
	script.CPULimit, script.HandlerTimeout, script.Profile.DisplayName = time.Minute, time.Hour, "Script"
	script.Database.SQLite = &luaapi.SQLite{EncryptionKey: planted}

	got := c.Bots[0].Override(script)
	want := script
	want.CPULimit, want.AutoAccept, want.LogNetwork, want.Profile.DisplayName = 2*time.Second, false, true, "Op"
	want.CatchUp.MaxItems, want.CatchUp.MaxAge = 0, time.Hour
	if got.CPULimit != want.CPULimit || got.AutoAccept || !got.LogNetwork || got.CatchUp != want.CatchUp ||
		got.Profile != want.Profile || got.HandlerTimeout != time.Hour || !got.LogContacts {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if other := c.Bots[1].Override(script); other.CPULimit != 3*time.Second || other.CatchUp.MaxItems != 1000 {
		t.Errorf("the other bot: got %+v", other)
	}

	for _, b := range c.Bots {
		b.NoteScript(script)
	}
	if again := c.Bots[0].Override(script); again.HandlerTimeout != time.Hour {
		t.Errorf("what is noted for Show changes settings: %+v", again)
	}
	var out strings.Builder
	if err := c.Show(&out); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`display_name = "Op" # $SIMPLEX_LUA_DISPLAY_NAME`, `handler_timeout = "1h0m0s" # script`, `drain_timeout = "30s" # default`,
		`catch_up.max_items = 1000 # default`, `database.key = "(hidden)" # script`, `database.prefix = "chat" # default`,
	} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), line) {
			t.Errorf("not shown: %s\n%s", line, out.String())
		}
	}
	if strings.Contains(out.String(), planted) {
		t.Errorf("a secret is shown:\n%s", out.String())
	}
}
