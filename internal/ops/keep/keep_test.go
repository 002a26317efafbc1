package keep

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/gofrs/flock"
)

// folder makes a data folder with these files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var someFiles = map[string]string{
	"chat_chat.db": "chats", "chat_agent.db": "keys", "state.json": "{}", "store.db": "values", "store.db-wal": "more",
	"files/a/picture.jpg": strings.Repeat("x", 100_000), "files/empty": "",
}

// content reads a folder back.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := walk(dir, func(name, path string, _ os.FileInfo) error {
		text, err := os.ReadFile(path)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			return false
		}
	}
	return true
}

func archived(t *testing.T, data string, key age.Recipient) string {
	t.Helper()
	entries, err := Stopped(data)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "bot.backup")
	m := Manifest{Made: time.Unix(1_700_000_000, 0).UTC(), Bot: "bot", Program: "test", Database: HasDatabase(entries, "")}
	if _, err := Create(t.Context(), file, key, m, entries); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		to   age.Recipient
		from age.Identity
	}{{"plain", nil, nil}, {"encrypted", pair.Recipient(), pair}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data := folder(t, someFiles)
			for _, name := range []string{"chat.lock", "tmp/half", ".hidden", "store.db-shm", "chat_chat.db.bak", "chat_agent.db.bak", "chat_chat.db.exported", "chat_chat.db.exported-journal"} {
				_ = os.MkdirAll(filepath.Join(data, "tmp"), 0o700)
				if err := os.WriteFile(filepath.Join(data, name), []byte("passing"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			file := archived(t, data, tt.to)
			if m, err := Check(t.Context(), file, tt.from); err != nil || m.Database != SQLite || len(m.Files) != len(someFiles) {
				t.Errorf("Check: got %+v, %v", m, err)
			}
			to := filepath.Join(t.TempDir(), "new", "data")
			_, aside, err := Restore(t.Context(), RestoreOptions{Archive: file, Key: tt.from, Data: to})
			if err != nil || aside != "" {
				t.Fatal(aside, err)
			}
			if got := content(t, to); !same(got, someFiles) {
				t.Errorf("got %d files, want %d", len(got), len(someFiles))
			}
			if left, _ := os.ReadDir(filepath.Dir(to)); len(left) != 1 {
				t.Errorf("beside the folder is something left: %v", left)
			}
		})
	}
}

// TestLinkedFolder takes a data folder that is a link, as systemd makes it for a
// service with DynamicUser.
func TestLinkedFolder(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "simplex-lua")
	if err := os.Symlink(folder(t, someFiles), link); err != nil {
		t.Skip("no links can be made here:", err)
	}
	for _, data := range []string{link, link + string(filepath.Separator)} {
		m, err := Check(t.Context(), archived(t, data, nil), nil)
		if err != nil || m.Database != SQLite || len(m.Files) != len(someFiles) {
			t.Errorf("%s: got %+v, %v", data, m, err)
		}
		dir := t.TempDir()
		if err := CopyState(t.Context(), data, "chat", dir); err != nil {
			t.Fatal(err)
		}
		if got := content(t, filepath.Join(dir, stateName)); len(got) != len(someFiles)-2 {
			t.Errorf("%s: copied are %d files, want all but the chat database", data, len(got))
		}
	}
}

func TestRestoreKeepsTheOld(t *testing.T) {
	t.Parallel()
	file := archived(t, folder(t, someFiles), nil)
	old := map[string]string{"chat_chat.db": "older"}
	data := folder(t, old)
	_, _, err := Restore(t.Context(), RestoreOptions{Archive: file, Data: data})
	if known := (*Error)(nil); !errors.As(err, &known) || !strings.Contains(known.Advice, "--force") || !same(content(t, data), old) {
		t.Errorf("without force: got %v", err)
	}
	lock := flock.New(filepath.Join(data, "chat.lock"))
	if _, err := lock.TryLock(); err != nil {
		t.Fatal(err)
	}
	_, _, err = Restore(t.Context(), RestoreOptions{Archive: file, Data: data, Force: true})
	if !errors.Is(err, ErrRunning) || !same(content(t, data), old) {
		t.Errorf("with a running bot: got %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	_, aside, err := Restore(t.Context(), RestoreOptions{Archive: file, Data: data, Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if !same(content(t, data), someFiles) || !same(content(t, aside), old) {
		t.Error("the new is not in its place, or the old was not kept")
	}
}

func TestRestoreAfterKills(t *testing.T) {
	t.Parallel()
	file := archived(t, folder(t, someFiles), nil)
	for _, tt := range []struct{ name, left, kept string }{
		{"a part", stagingMark, ""},
		{"the old folder", "chat_chat.db", "kept"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(data+stagingEnding, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(data+stagingEnding, tt.left), []byte("left"), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, _, err := Restore(t.Context(), RestoreOptions{Archive: file, Data: data}); err != nil {
				t.Fatal(err)
			}
			aside, _ := filepath.Glob(data + ".before-*")
			if !same(content(t, data), someFiles) || (len(aside) == 1) != (tt.kept != "") {
				t.Errorf("kept: %v", aside)
			}
		})
	}
}

func TestDamagedArchives(t *testing.T) {
	t.Parallel()
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	data := folder(t, someFiles)
	plain, err := os.ReadFile(archived(t, data, nil))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := os.ReadFile(archived(t, data, pair.Recipient()))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		text []byte
		key  age.Identity
		want string
	}{
		{"empty", nil, nil, "cut off"},
		{"no archive", bytes.Repeat([]byte("nonsense"), 1000), nil, "no whole backup"},
		{"cut in a file", plain[:len(plain)/2], nil, "cut off"},
		{"cut before the manifest", plain[:bytes.LastIndex(plain, []byte(manifestName))], nil, "cut off"},
		{"a byte changed", bytes.Replace(plain, []byte("xxxx"), []byte("xxyx"), 1), nil, "is damaged"},
		{"a name changed", bytes.Replace(plain, []byte("data/state.json"), []byte("data/../te.json"), 1), nil, "no whole backup"},
		{"without key", sealed, nil, "is encrypted"},
		{"wrong key", sealed, other, "does not open"},
		{"encrypted and cut", sealed[:len(sealed)-100], pair, "no whole backup"},
		{"encrypted and changed", append(slices.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1), pair, "no whole backup"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, "file")
			if err := os.WriteFile(file, tt.text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, _, err := Restore(t.Context(), RestoreOptions{Archive: file, Key: tt.key, Data: filepath.Join(dir, "data")})
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("got %v, want %q and the file", err, tt.want)
			}
			if left, _ := os.ReadDir(dir); len(left) != 1 {
				t.Errorf("something was left: %v", left)
			}
		})
	}
}

func TestCreateReplacesNothing(t *testing.T) {
	t.Parallel()
	data := folder(t, someFiles)
	file := archived(t, data, nil)
	before, _ := os.ReadFile(file)
	entries, err := Stopped(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(t.Context(), file, nil, Manifest{}, entries); err == nil {
		t.Error("an archive was replaced")
	}
	broken := append(entries, Entry{"x", 5, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("abc")), nil }})
	if _, err := Create(t.Context(), file+"2", nil, Manifest{}, broken); err == nil {
		t.Error("a file that became shorter was no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Create(ctx, file+"3", nil, Manifest{}, entries); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	missing := filepath.Join(filepath.Dir(file), "missing") + string(filepath.Separator)
	var known *Error
	if _, err := Create(t.Context(), missing, nil, Manifest{}, entries); !errors.As(err, &known) || known.Problem != "there is no such folder" || known.Path+string(filepath.Separator) != missing {
		t.Errorf("a folder that is missing: got %v", err)
	}
	after, _ := os.ReadFile(file)
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 || !bytes.Equal(before, after) {
		t.Errorf("left: %v", left)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format":1,"files":[{"name":"a/b","size":1,"sha256":"` + strings.Repeat("0", 64) + `"}]}`))
	f.Add([]byte(`{"format":1,"files":[{"name":"../b"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseManifest(text)
		if err != nil {
			return
		}
		for _, file := range m.Files {
			if !filepath.IsLocal(filepath.FromSlash(file.Name)) {
				t.Errorf("%q leaves the folder", file.Name)
			}
		}
	})
}

func TestDatabaseFiles(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"a_chat.db": "1", "a_agent.db": "2", "a_agent.db-wal": "3", "a_agent.db-shm": "4", "a.lock": "5", "ab_chat.db": "6", "a_notes": "7", "files/a_chat.db": "8",
		"a_chat.db.bak": "9", "a_agent.db.exported-wal": "10", "ab_chat.db.bak": "11",
	})
	list, err := DatabaseFiles(filepath.Join(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.Name)
	}
	if want := []string{"a_agent.db", "a_agent.db-wal", "a_chat.db"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
