package main

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
)

// TestPlaces looks for bots in the order that --help has, each once, and the same
// for commands that ask running bots and for those that save them.
func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"simplex-lua.toml":               "[[bot]]\nscript = \"a.lua\"\ndata = \"set\"\n",
		"b.data/state.json":              "{}",
		"c.data/state.json":              "{}",
		"state/state.json":               "{}",
		"state/d/state.json":             "{}",
		"state/files/state.json":         "{}", // received
		"state/db/main_chat.db":          "",   // of the bot in state
		"state/e.before-20260101/x.json": "{}",
		"none.data/notes":                "",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("STATE_DIRECTORY", filepath.Join(dir, "state")+":"+filepath.Join(dir, "other"))
	all := []string{"set", "c.data", "state", "state/d", "b.data"}
	for _, tt := range []struct {
		name  string
		data  string
		args  []string
		want  []string
		wrong bool
	}{
		{"all", "", []string{"c.lua"}, all, false},
		{"a folder twice", "", []string{"c.data", "c.lua", "state"}, []string{"set", "c.data", "state", "state/d", "b.data"}, false},
		{"--data", "state", nil, []string{"state", "state/d"}, false},
		{"--data that is not there", "nowhere", nil, nil, true},
	} {
		set := flag.NewFlagSet("x", flag.ContinueOnError)
		set.String("data", tt.data, "")
		set.String("config", "", "")
		found, wrong, err := places(&streams{}, cli.NewContext(nil, set, nil), tt.args, isData)
		if missing := (*host.DataError)(nil); errors.As(err, &missing) != tt.wrong || wrong != nil {
			t.Errorf("%s: got the errors %v, %v", tt.name, err, wrong)
		}
		var got []string
		for _, p := range found {
			rel, _ := filepath.Rel(dir, p.data)
			got = append(got, filepath.ToSlash(rel))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
