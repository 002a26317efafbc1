package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestDataFolder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		o    Options
		want string
	}{
		{"beside the script", Options{Script: "/bots/bot.lua"}, "/bots/bot.data"},
		{"no ending", Options{Script: "/bots/bot"}, "/bots/bot.data"},
		{"named", Options{Script: "/bots/bot.lua", Data: "/data", Getenv: env("STATE_DIRECTORY", "/state")}, "/data"},
		{"systemd", Options{Script: "/bots/bot.lua", Getenv: env("STATE_DIRECTORY", "/state")}, "/state"},
		{"systemd, several", Options{Script: "/bots/bot.lua", Getenv: env("STATE_DIRECTORY", "/a:/b")}, "/a"},
		{"systemd, empty", Options{Script: "/bots/bot.lua", Getenv: env("STATE_DIRECTORY", "")}, "/bots/bot.data"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := folderOf(tt.o)
			if err != nil || got != filepath.FromSlash(tt.want) {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
	missing := (*DataError)(nil)
	if _, err := folderOf(Options{Source: []byte{}}); !errors.As(err, &missing) {
		t.Errorf("no script: got %v, want a DataError", err)
	}
}

func TestOpenData(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "deep", "bot.data")
	d, err := openData(Options{Data: root})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{root, d.files(), d.temp()} {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: got %v, %v; want a folder of mode 0700", dir, info, err)
		}
	}
	if left, _ := os.ReadDir(d.temp()); len(left) != 0 {
		t.Errorf("left in tmp: %v", left)
	}
	if _, err := openData(Options{Data: root}); err != nil {
		t.Errorf("again: %v", err)
	}
	d.unmake()
	if _, err := os.Stat(root); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("empty and not needed: got %v, want it to be gone", err)
	}
}

func TestUnmakeKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	d, err := openData(Options{Data: filepath.Join(t.TempDir(), "bot.data")})
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(d.root, "chat_chat.db")
	if err := os.WriteFile(kept, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.unmake()
	if _, err := os.Stat(kept); err != nil {
		t.Error(err)
	}
}

func TestDataFolderInTheWay(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below")} {
		bad := (*DataError)(nil)
		if _, err := openData(Options{Data: path}); !errors.As(err, &bad) || bad.Hint == "" {
			t.Errorf("%s: got %v, want a DataError with a hint", path, err)
		}
	}
}

func TestResolveDatabase(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		db   luaapi.Database
		want Database
	}{
		{"none", luaapi.Database{}, Database{Prefix: "/d/chat"}},
		{"relative", luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: "x/y", EncryptionKey: "k"}}, Database{Prefix: "/d/x/y", Key: "k"}},
		{"absolute", luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: "/x/y"}}, Database{Prefix: "/x/y"}},
		{"only a key", luaapi.Database{SQLite: &luaapi.SQLite{EncryptionKey: "k"}}, Database{Prefix: "/d/chat", Key: "k"}},
		{"postgres", luaapi.Database{Postgres: &luaapi.Postgres{ConnectionString: "c", SchemaPrefix: "s"}}, Database{Postgres: true, Prefix: "s", Connection: "c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want.Confirm = "yesUp"
			got := resolveDatabase(luaapi.Settings{Database: tt.db, ConfirmMigrations: "yesUp"}, "/d")
			if got != tt.want {
				t.Errorf("got %+v %s, want %+v", got, got.Key, tt.want)
			}
		})
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	db := Database{Prefix: "/d/chat", Key: "SECRET", Connection: "SECRET"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, db); strings.Contains(text, "SECRET") {
			t.Errorf("%s: %s", format, text)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{}); err == nil {
		t.Error("no script: got nil, want an error")
	}
	if _, err := New(Options{Script: "bot.lua"}); err == nil {
		t.Error("no core: got nil, want an error")
	}
	for path, want := range map[string]string{"a/squares.lua": "squares", "": "bot", "-": "bot", ".lua": "bot", "x": "x"} {
		if got := scriptName(path); got != want {
			t.Errorf("scriptName(%q): got %s, want %s", path, got, want)
		}
	}
}

// TestLeftovers: what killed processes left half written goes with the next
// start, and nothing else.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	o := testOptions(t, core)
	names := []string{".attempts-1", ".state-2", ".timers-3", "tmp/.probe-4", ".env", "files/.state-5", "mine.txt"}
	for _, name := range names {
		path := filepath.Join(o.Data, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := launch(t, o, core, only(newFakeRuntime("bot")))
	if err := h.end(); err != nil {
		t.Error(err)
	}
	for i, name := range names {
		_, err := os.Stat(filepath.Join(o.Data, name))
		if gone := err != nil; gone != (i < 4) {
			t.Errorf("%s: gone is %t, want %t", name, gone, i < 4)
		}
	}
}
