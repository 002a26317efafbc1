package bundle

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program stands for a simplex-lua: an executable whose end is known.
func program(t testing.TB) []byte {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	end, err := imageEnd(f)
	if err != nil {
		t.Skip("macOS carries no scripts in programs: ", err)
	}
	data := make([]byte, end)
	if _, err := io.ReadFull(f, data); err != nil {
		t.Fatal(err)
	}
	return data
}

func spec(runtime []byte, files map[string]string) Spec {
	s := Spec{Name: "bot", Version: "1.2.3", Target: Target{"linux", "amd64"}, Allow: []string{"net=example.org"}}
	if runtime != nil {
		s.Runtime = bytes.NewReader(runtime)
	}
	for name, text := range files {
		s.Sources = append(s.Sources, Source{name, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
	}
	return s
}

func written(t testing.TB, s Spec) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var botFiles = map[string]string{
	"files/main.lua": "print('hi')", "files/lib/a.lua": "return 1", "files/logo.png": "\x89PNG", "libs/libsimplex.so": strings.Repeat("x", 5000),
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	runtime := program(t)
	for _, tt := range []struct {
		name    string
		runtime []byte
	}{{"appended", runtime}, {"beside", nil}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data := written(t, spec(tt.runtime, botFiles))
			if again := written(t, spec(tt.runtime, botFiles)); !bytes.Equal(data, again) {
				t.Error("the same input makes other bytes")
			}
			if !bytes.HasPrefix(data, tt.runtime) {
				t.Error("the program was changed")
			}
			b, err := Open(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Verify(); err != nil {
				t.Error(err)
			}
			m := b.Manifest
			if got := fmt.Sprint(m.Name, m.Version, m.Target, m.Allow, len(m.Entries), m.HasLibs()); got != "bot1.2.3linux/amd64[net=example.org] 4 true" {
				t.Errorf("got %s", got)
			}
			for name, want := range botFiles {
				name, ok := strings.CutPrefix(name, "files/")
				if got, err := fs.ReadFile(b.Files(), name); ok && (err != nil || string(got) != want) {
					t.Errorf("%s: got %q, %v", name, got, err)
				}
			}
			if _, err := fs.Stat(b.Files(), "libsimplex.so"); err == nil {
				t.Error("libraries stand among the files")
			}
		})
	}
}

func TestNoBundle(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("print 'hi'"), "program": program(t), "padded program": append(program(t), "\x00\x00"...)} {
		if _, err := Open(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrNoBundle) {
			t.Errorf("%s: got %v, want ErrNoBundle", name, err)
		}
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	runtime := program(t)
	whole := written(t, spec(runtime, botFiles))
	n, r := len(whole), len(runtime)
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[at] ^= 1; return b }
	}
	for name, change := range map[string]func([]byte) []byte{
		"one byte short":        func(b []byte) []byte { return b[:n-1] },
		"footer gone":           func(b []byte) []byte { return b[:n-footerSize] },
		"cut in the archive":    func(b []byte) []byte { return b[:r+headerSize+100] },
		"cut in the header":     func(b []byte) []byte { return b[:r+5] },
		"line break behind it":  func(b []byte) []byte { return append(b, '\n') },
		"bytes before it":       func(b []byte) []byte { return append([]byte("#"), b...) },
		"a byte of the archive": flip(r + headerSize + 50),
		"a byte of the header":  flip(r + 1),
		"wrong checksum":        flip(n - 1),
		"wrong size":            flip(n - footerSize + len(footerMagic) + 8),
		"newer format":          flip(n - footerSize + len(footerMagic)),
		"the end twice":         func(b []byte) []byte { return append(b, b[r:]...) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := change(bytes.Clone(whole))
			_, err := Open(bytes.NewReader(data), int64(len(data)))
			var bad *DamagedError
			if !errors.As(err, &bad) {
				t.Errorf("got %v, want a DamagedError", err)
			}
		})
	}
	// The program itself is checked by Verify.
	data := flip(r / 2)(bytes.Clone(whole))
	b, err := Open(bytes.NewReader(data), int64(n))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Verify(); !errors.As(err, new(*DamagedError)) {
		t.Errorf("a byte of the program: got %v", err)
	}
}

func TestBadEntries(t *testing.T) {
	t.Parallel()
	hash := strings.Repeat("0", 64)
	for want, entries := range map[string][]Entry{
		"not allowed":     {{"files/../x", 1, hash}},
		"is not allowed":  {{"x", 1, hash}},
		`files/a\\b`:      {{`files/a\b`, 1, hash}},
		"files/c:d":       {{"files/c:d", 1, hash}},
		"/etc/passwd":     {{"/etc/passwd", 1, hash}},
		"in a folder":     {{"libs/a/b.so", 1, hash}},
		"not in order":    {{"files/b", 1, hash}, {"files/a", 1, hash}},
		"no size":         {{"files/a", -1, hash}},
		"and hash":        {{"files/a", 1, "xx"}},
		"more than":       {{"files/a", MaxFile + 1, hash}},
		"are larger than": {{"libs/a", MaxLibs, hash}, {"libs/b", 1, hash}},
	} {
		m := Manifest{Name: "bot", Entries: entries}
		if err := m.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %q", entries, err, want)
		}
	}
	if err := (&Manifest{Name: "bot", Entries: make([]Entry, MaxCount+1)}).check(); err == nil {
		t.Error("too many entries are taken")
	}
	for _, text := range []string{"", "{", `{"name":""}`, `{"name":".."}`, `{"name":"a/b"}`, `{"name":"a","colour":1}`} {
		if _, err := decodeManifest([]byte(text)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

func TestRuntimeSize(t *testing.T) {
	t.Parallel()
	runtime := program(t)
	linux := Target{"linux", "amd64"}
	size := func(data []byte, target Target) (int64, error) {
		return RuntimeSize(bytes.NewReader(data), int64(len(data)), target)
	}
	if n, err := size(runtime, linux); err != nil || n != int64(len(runtime)) {
		t.Errorf("a program: got %d, %v", n, err)
	}
	whole := written(t, spec(runtime, botFiles))
	if n, err := size(whole, linux); err != nil || n != int64(len(runtime)) {
		t.Errorf("a bundle: got %d, %v, want the program in it", n, err)
	}
	if n, err := size([]byte("macho"), Target{"darwin", "arm64"}); err != nil || n != 5 {
		t.Errorf("for macOS: got %d, %v", n, err)
	}
	for name, data := range map[string][]byte{
		"packed": append(bytes.Clone(runtime), "more"...), "text": []byte("text"),
		"cut bundle": whole[:len(whole)-9], "scripts alone": written(t, spec(nil, botFiles)),
	} {
		if n, err := size(data, linux); err == nil {
			t.Errorf("%s: got %d, want an error", name, n)
		}
	}
	if target, err := TargetOf(bytes.NewReader(runtime)); err == nil {
		t.Errorf("a test of another package counts as simplex-lua for %v", target)
	}
	for _, bad := range []string{"", "linux", "linux/", "/amd64", "a/b/c"} {
		if _, err := ParseTarget(bad); err == nil {
			t.Errorf("target %q is taken", bad)
		}
	}
}

func TestOpenProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "bot")
	if err := os.WriteFile(path, []byte("a program of macOS"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenProgram(path); !errors.Is(err, ErrNoBundle) {
		t.Errorf("got %v, want ErrNoBundle", err)
	}
	if err := WriteFile(path+Suffix, 0o644, spec(nil, botFiles), nil); err != nil {
		t.Fatal(err)
	}
	b, err := OpenProgram(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.Path != path+Suffix || b.Close() != nil {
		t.Errorf("got %s", b.Path)
	}
	if err := os.Truncate(path+Suffix, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenProgram(path); !errors.As(err, new(*DamagedError)) || !strings.Contains(err.Error(), path) {
		t.Errorf("cut off: got %v", err)
	}
	if _, err := OpenFile(dir); !errors.Is(err, ErrNoBundle) {
		t.Errorf("a folder: got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteFileFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "bot")
	s := spec(nil, botFiles)
	s.Sources = append(s.Sources, Source{"files/bad", func() (io.ReadCloser, error) { return nil, fs.ErrPermission }})
	if err := WriteFile(path, 0o755, s, nil); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
	s = spec(nil, botFiles)
	s.Sources = append(s.Sources, Source{"files/../x", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }})
	if err := WriteFile(path, 0o755, s, nil); err == nil {
		t.Error("a path that leaves the folder is taken")
	}
	no := errors.New("no")
	if err := WriteFile(path, 0o755, spec(nil, botFiles), func(*Bundle) error { return no }); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestCutProgram: a program that is shorter than its own header says.
func TestCutProgram(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	head := elf.Header64{Type: uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1}
	copy(head.Ident[:], "\x7fELF\x02\x01\x01")
	for _, v := range []any{head, elf.Prog64{Type: uint32(elf.PT_LOAD), Filesz: 1000}} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if !errors.As(err, new(*DamagedError)) || !strings.Contains(err.Error(), "the program alone has 1000") {
		t.Errorf("got %v", err)
	}
}
