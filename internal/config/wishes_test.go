package config

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// TestWishes: what the author of a bundle asks for holds until the operator has
// an allow list; deny takes single entries back.
func TestWishes(t *testing.T) {
	t.Parallel()
	author := fstest.MapFS{"main.lua": {}, FileName: {Data: []byte(`allow = ["net=a.org", "read=/opt"]`)}}
	dir := folder(t, map[string]string{
		"none.toml": `grace = "1s"`, "empty.toml": "allow = []", "own.toml": `allow = ["net=b.org"]`, "wide.toml": `allow = ["net=*"]`,
		"deny.toml": `deny = ["net", "env=HOME", "exec=/bin/sh"]`, "bad.toml": "\ndeny = [\"net=10.0.0.1\"]", "kind.toml": `deny = ["nett"]`,
		"bot.toml": "[[bot]]\nname = \"b\"\nallow = [\"net=c.org\"]",
	})
	for _, tt := range []struct {
		name, file, flags string
		want              string
	}{
		{"as asked", "", "", "env=HOME net=a.org read=/opt"},
		{"another setting", "none.toml", "", "env=HOME net=a.org read=/opt"},
		{"nothing at all", "empty.toml", "", ""},
		{"less", "own.toml", "", "net=b.org"},
		{"of one bot", "bot.toml", "", "net=c.org"},
		{"more, by a flag", "", "allow net=*", "net=*"},
		{"joined", "own.toml", "allow write=/tmp", "net=b.org write=/tmp"},
		{"some taken back", "deny.toml", "", "read=/opt"},
		{"one taken back", "", "deny net=a.org", "env=HOME read=/opt"},
		{"taken back twice", "", "deny read=/opt,read", "env=HOME net=a.org"},
		{"within another", "bad.toml", "", "bad.toml:2: deny net=10.0.0.1: allow has no such entry, and net=a.org stays allowed"},
		{"no kind", "kind.toml", "", `kind.toml:1: deny: nett: want net=HOST`},
		{"all is allowed", "", "allow-all true deny net", "--allow-all allows everything"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := Input{Bundle: author, Name: "b", Allow: []string{"env=HOME"}, Getenv: environment(), Flags: map[string][]string{}}
			if tt.file != "" {
				in.File = filepath.Join(dir, tt.file)
			}
			for words := strings.Fields(tt.flags); len(words) > 0; words = words[2:] {
				in.Flags[words[0]] = strings.Split(words[1], ",")
			}
			c, err := Resolve(in)
			got := fmt.Sprint(err)
			if err == nil {
				got = strings.Join(c.Bots[0].Allow, " ")
				if asked := fmt.Sprint(c.Bots[0].Asked); asked != "[env=HOME net=a.org read=/opt]" {
					t.Errorf("asked: %s", asked)
				}
			}
			if err == nil && got != tt.want || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
