package luaapi

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// TestHiddenVariables: a variable that is set and not allowed is nil, and the log
// says once how to allow it; its value is nowhere.
func TestHiddenVariables(t *testing.T) {
	t.Parallel()
	grants, err := permission.Parse([]string{"env=SHOWN"})
	if err != nil {
		t.Fatal(err)
	}
	logs := &testkit.Buffer{}
	rt, err := Load(t.Context(), Options{
		Name: "test", Path: "bot.lua", Generation: 1, Grants: grants, Log: slog.New(slog.NewTextHandler(logs, nil)),
		Source: []byte(`for _ = 1, 2 do log.info("seen", { tostring(os.getenv "SHOWN"), tostring(os.getenv "TOKEN"), tostring(os.getenv "UNSET") }) end`),
		Getenv: func(name string) (string, bool) { return "of " + name, name != "UNSET" },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	text := logs.String()
	if n := strings.Count(text, "--allow env=TOKEN"); n != 1 {
		t.Errorf("named %d times, want once: %s", n, text)
	}
	for _, never := range []string{"of TOKEN", "env=SHOWN", "env=UNSET"} {
		if strings.Contains(text, never) {
			t.Errorf("the log has %q: %s", never, text)
		}
	}
	if !strings.Contains(text, "of SHOWN") {
		t.Errorf("the allowed variable is not seen: %s", text)
	}
}
