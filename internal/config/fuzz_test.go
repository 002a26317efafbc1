package config

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pelletier/go-toml/v2"
)

// FuzzResolve reads any text as a configuration file: it is taken, or refused
// with errors that name a line of it. What is taken can be shown, as TOML.
func FuzzResolve(f *testing.F) {
	for _, seed := range []string{
		"", "[[bot]]\nscript = \"a.lua\"\n", "grace = \"1s\"\n[[bot]]\nscript='a.lua'\nallow=[\"net=x\",\n\"env=Y\"]\n[bot.database]\nkey_file=\"k\"\n",
		"limits = { string_limit = 1_000 }\n[env]\nA = \"\"\"x\ny\"\"\"\n", "[bot]\n[[bot]]\n", "[bot.x]\na=1", "bot = [{}]", "a = [[[1]]]", "x.y.z = 1979-05-27T07:32:00Z",
		"[[bot]]\n[[bot.env]]\n[[bot]]\nname=\"x\"", "\"\" = 1", "env.\"\" = \"x\"", "env = {}\nenv_files = { A = \"b\" }",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bundle := fstest.MapFS{FileName: {Data: []byte(text)}, "main.lua": {}}
		c, err := Resolve(Input{Bundle: bundle, Getenv: environment(), Name: "bundle"})
		if err != nil {
			checkErrors(t, err, 1+strings.Count(text, "\n"))
			return
		}
		var out strings.Builder
		if err := c.Show(&out); err != nil {
			t.Fatal(err)
		}
		var parsed any
		if err := toml.Unmarshal([]byte(out.String()), &parsed); err != nil {
			t.Errorf("what is shown is not TOML: %v\n%s", err, out.String())
		}
	})
}

func checkErrors(t *testing.T, err error, lines int) {
	t.Helper()
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			checkErrors(t, e, lines)
		}
		return
	}
	var e *Error
	if !errors.As(err, &e) || e.File == "" || e.Line < 1 || e.Line > lines {
		t.Errorf("got %#v, want an error with a line up to %d", err, lines)
	}
}
