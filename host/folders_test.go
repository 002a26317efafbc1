package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDataFolders(t *testing.T) {
	t.Parallel()
	state := func(name string) (string, bool) { return "/var/lib/bots", name == "STATE_DIRECTORY" }
	tests := []struct {
		name string
		bots []Options
		want []string
	}{
		{"one, in systemd's folder", []Options{{Script: "a.lua", Getenv: state}}, []string{"/var/lib/bots"}},
		{"two, below it", []Options{{Script: "a.lua", Getenv: state}, {Name: "x", Script: "b.lua", Getenv: state}},
			[]string{"/var/lib/bots/a", "/var/lib/bots/x"}},
		{"its own", []Options{{Script: "a.lua", Getenv: state}, {Script: "b.lua", Data: "/opt/b", Getenv: state}},
			[]string{"/var/lib/bots/a", "/opt/b"}},
		{"none", []Options{{Script: "a.lua", Ephemeral: true}, {Script: "/opt/b.lua"}}, []string{"", "/opt/b.data"}},
	}
	for _, tt := range tests {
		got, err := DataFolders(tt.bots...)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

// TestDataFoldersThatMoved refuses a place that is not where the bot's data is.
func TestDataFoldersThatMoved(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	keep := func(names ...string) {
		path := filepath.Join(append([]string{root}, names...)...)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("{}"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	keep("alone", "state.json")
	keep("alone", "files", "state.json") // somebody has sent a file of that name
	keep("several", "a", "chat_chat.db")
	in := func(state, name string) Options {
		dir := filepath.Join(root, state)
		return Options{Name: name, Script: "x.lua", Getenv: func(name string) (string, bool) { return dir, name == "STATE_DIRECTORY" }}
	}
	at := func(dir, name string) Options {
		return Options{Name: name, Script: "x.lua", Data: filepath.Join(root, dir)}
	}
	for _, tt := range []struct {
		name string
		bots []Options
		want string // in the error; "" is none
	}{
		{"goes on alone", []Options{in("alone", "a")}, ""},
		{"is called files", []Options{in("alone", "files")}, ""},
		{"gets another beside it", []Options{in("alone", "a"), in("alone", "b")}, "alone: it has the data of a bot that ran alone"},
		{"the other alone in the folder", []Options{at("elsewhere", "a"), in("alone", "b")}, "alone: it has the data of a bot that ran alone"},
		{"go on together", []Options{in("several", "a"), in("several", "b")}, ""},
		{"is left alone", []Options{in("several", "a")}, fmt.Sprintf("data = %q", filepath.Join(root, "several", "a"))},
		{"is left alone and says where", []Options{at("several/a", "a")}, ""},
		{"one in the other", []Options{at("alone", "a"), at("alone/b", "b")}, "lie one in the other"},
		{"side by side", []Options{at("alone", "a"), at("alone.b", "b")}, ""},
	} {
		_, err := DataFolders(tt.bots...)
		if got := fmt.Sprint(err); tt.want == "" && err != nil || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
