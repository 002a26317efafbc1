package config

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// planted is what must not come out anywhere.
const planted = "pl4nted-s3cret"

func TestShow(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.lua": "", FileName: `log_level = "debug"
allow = ["net=example.org"]
[[bot]]
script = "a.lua"
isolate = true
allow = [
  "env=HOME",
]
env = { TOKEN = "` + planted + `", "odd key" = "x" }
[bot.database]
prefix = "chat\u007f\"<db>"
`})
	c, err := Resolve(Input{
		Args: []string{dir}, Getenv: environment("SIMPLEX_LUA_DATABASE_KEY", planted),
		Flags: map[string][]string{"grace": {"1s"}, "no-watch": {"true"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := c.Bots[0]
	b.Note(FromScript, "database.prefix", "ignored")
	b.Note(FromScript, "database.key_file", "ignored: another of its group is given")
	b.Note(FromScript, "database.confirm_migrations", "error")
	b.Note(FromDefault, "database.confirm_migrations", "ignored")
	b.Note(FromDefault, "database.backend", "sqlite")
	var out strings.Builder
	if err := c.Show(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), planted) {
		t.Errorf("a secret is shown:\n%s", out.String())
	}
	var parsed any
	if err := toml.Unmarshal([]byte(out.String()), &parsed); err != nil {
		t.Errorf("not TOML: %v\n%s", err, out.String())
	}
	// One space where there are several, so that the widths do not matter.
	got := strings.ReplaceAll(out.String(), filepath.Join(dir, "a.lua"), "SCRIPT")
	got = strings.ReplaceAll(got, filepath.Join(dir, FileName), "FILE")
	var lines []string
	for line := range strings.Lines(got) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	want := `log_level = "debug" # FILE:1
log_format = "auto" # default
pprof = false # default

[[bot]]
name = "a" # default
script = "SCRIPT" # FILE:4
watch = false # --no-watch
isolate = true # FILE:5
grace = "1s" # --grace
restart = "on-failure" # default
restart_delay = "1s" # default
restart_max_delay = "5m" # default
allow = [
"net=example.org", # FILE:2
"env=HOME", # FILE:7
]
allow_all = false # default
env.TOKEN = "(hidden)" # FILE:9
env."odd key" = "(hidden)" # FILE:9
insecure_core = false # default
database.backend = "sqlite" # default
database.prefix = "chat\u007f\"<db>" # FILE:11
database.key = "(hidden)" # $SIMPLEX_LUA_DATABASE_KEY
database.confirm_migrations = "error" # script`
	if joined := strings.Join(lines, "\n"); joined != want {
		t.Errorf("got\n%s\n\nwant\n%s", joined, want)
	}
}
