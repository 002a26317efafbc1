package security

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// notes is a core that writes down what reaches it and accepts everything.
type notes struct {
	mu   sync.Mutex
	seen []string
	// remote tells that it is another program's.
	remote bool
}

var _ chat.Core = (*notes)(nil)

func (n *notes) note(what ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, strings.Join(what, " "))
}

func (n *notes) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.seen)
}

func (n *notes) Send(_ context.Context, cmd string) ([]byte, error) {
	n.note(cmd)
	return []byte(`{"result":{"type":"cmdOk"}}`), nil
}

func (n *notes) Receive(time.Duration) ([]byte, error) { return nil, nil }

func (n *notes) WriteFile(path string, _ []byte) ([]byte, error) {
	n.note("write", path)
	return nil, errors.ErrUnsupported
}

func (n *notes) ReadFile(path, _, _ string) ([]byte, error) {
	n.note("read", path)
	return nil, errors.ErrUnsupported
}

func (n *notes) EncryptFile(from, to string) ([]byte, error) {
	n.note("encrypt", from, to)
	return nil, errors.ErrUnsupported
}

func (n *notes) DecryptFile(from, _, _, to string) error {
	n.note("decrypt", from, to)
	return errors.ErrUnsupported
}

func (n *notes) Close(context.Context) error { return nil }
func (n *notes) Owned() bool                 { return !n.remote }

// world is where a script is tried: a files folder with one file and links
// that lead out of it, one of them to nothing, and a secret beside it.
type world struct {
	core  *notes
	files string
	// secret is the path of what no script may read.
	secret string
}

const secretText = "the operator's secret"

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{core: &notes{}, files: filepath.Join(dir, "files"), secret: filepath.Join(dir, "secret.txt")}
	for _, err := range []error{
		os.Mkdir(w.files, 0o700),
		os.WriteFile(w.secret, []byte(secretText), 0o600),
		os.WriteFile(filepath.Join(w.files, "mine.txt"), []byte("mine"), 0o600),
		os.Symlink(dir, filepath.Join(w.files, "out")),
		os.Symlink(w.secret, filepath.Join(w.files, "link.txt")),
		os.Symlink(filepath.Join(dir, "none"), filepath.Join(w.files, "none")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// try runs code in on_start and returns what it raised, as "TYPE: MESSAGE", or
// "" where it raised nothing. SECRET, FILES and Lua's own globals are known.
func (w *world) try(t *testing.T, grants permission.Set, code string) string {
	t.Helper()
	var out bytes.Buffer
	script := fmt.Sprintf(`
bot.configure { cpu_limit = 60 }
SECRET, FILES = %s, %s
bot.on_start(function()
  local ok, e = pcall(function() %s
  end)
  print("<<" .. (ok and "" or (type(e) == "table" and e.type .. ": " .. e.message or tostring(e))) .. ">>")
end)`, luaString(w.secret), luaString(w.files), code)
	rt, err := luaapi.Load(t.Context(), luaapi.Options{
		Name: "test", Path: "bot.lua", Source: []byte(script), Generation: 1, Grants: grants, Stdlib: stdlib.FS,
		Print: &out, Log: slog.New(slog.DiscardHandler),
		Getenv: func(string) (string, bool) { return secretText, true },
	})
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	defer rt.Close()
	rt.Attach(luaapi.Session{Core: w.core, UserID: 1, FilesDir: w.files, DataDir: filepath.Dir(w.files)})
	rt.Start(t.Context(), "start")
	printed := out.String()
	from, to := strings.Index(printed, "<<"), strings.LastIndex(printed, ">>")
	if from < 0 || to < 0 {
		t.Fatalf("%.200s: no end: %s", code, printed)
	}
	if strings.Contains(printed, secretText) {
		t.Errorf("%s: the secret came out: %s", code, printed)
	}
	return printed[from+2 : to]
}

// luaString writes any bytes as a literal of Lua.
func luaString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "\\%03d", c)
	}
	return b.String() + `"`
}
