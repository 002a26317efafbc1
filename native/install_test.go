package native

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const assetName = "simplex-chat-libs-linux-x86_64.zip"

// zipOf makes an archive of names and contents in turn, not compressed.
func zipOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func goodZip(t testing.TB) []byte {
	return zipOf(t, "README.md", "about", "libs/libsimplex.so", "library", "libs/libHSbase.so", "base", "libs/sub/x", "x")
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// publisher serves one archive, and counts the requests.
type publisher struct {
	*httptest.Server
	requests atomic.Int32
}

func publish(t testing.TB, handler http.HandlerFunc) *publisher {
	p := &publisher{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests.Add(1)
		handler(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func serve(data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v"+Version+"/"+assetName {
			http.NotFound(w, r)
			return
		}
		w.Write(data)
	}
}

// names lists what is in the version's folder of the cache.
func names(t testing.TB, env Env) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(env.CacheDir, "simplex-chat", "v"+Version))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestInstall(t *testing.T) {
	t.Parallel()
	archive := goodZip(t)
	p := publish(t, serve(archive))
	env := linux(t)
	stale := filepath.Join(env.CacheDir, "simplex-chat", "v"+Version, "sqlite.tmp-dead", "archive.zip")
	writeFile(t, stale, "half")
	var out bytes.Buffer
	opts := Options{BaseURL: p.URL + "/", Progress: NewProgress(&out, false)}

	loc, err := Locate(t.Context(), env, opts)
	dir := filepath.Join(env.CacheDir, "simplex-chat", "v"+Version, "sqlite")
	if want := (Location{dir, BackendSQLite, "download"}); loc != want || err != nil {
		t.Fatalf("got %+v, %v; want %+v", loc, err, want)
	}
	for name, want := range map[string]string{
		"libsimplex.so": "library", "libHSbase.so": "base", "sub/x": "x",
		"../" + assetName + ".sha256": hashOf(archive) + "  " + assetName + "\n",
	} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != want || err != nil {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, want)
		}
	}
	if want := []string{assetName + ".sha256", "sqlite", "sqlite.lock"}; !slices.Equal(names(t, env), want) {
		t.Errorf("the cache has %q, want %q", names(t, env), want)
	}
	if !strings.Contains(out.String(), "downloading "+p.URL) || !strings.Contains(out.String(), "received") {
		t.Errorf("progress: got %q", out.String())
	}

	for name, again := range map[string]func(context.Context, Env, Options) (Location, error){"Locate": Locate, "Install": Install} {
		loc, err := again(t.Context(), env, opts)
		if want := (Location{dir, BackendSQLite, "cache"}); loc != want || err != nil {
			t.Errorf("%s again: got %+v, %v; want %+v", name, loc, err, want)
		}
	}
	if n := p.requests.Load(); n != 1 {
		t.Errorf("%d downloads, want 1", n)
	}
}

func TestInstallFailures(t *testing.T) {
	t.Parallel()
	good := goodZip(t)
	damaged := bytes.Replace(good, []byte("library"), []byte("Library"), 1) // of another CRC
	tests := []struct {
		name    string
		handler http.HandlerFunc
		change  func(*Env, *Options)
		kind    Kind
		text    string // in the error
		hint    string // in the hint
	}{
		{"404", http.NotFound, nil, KindDownload, "404 Not Found", "SIMPLEX_LIBS_DIR"},
		{"404 on linux-aarch64", http.NotFound, func(e *Env, _ *Options) { e.GOARCH = "arm64" },
			KindDownload, "linux-aarch64", "Not every version is published for linux-aarch64"},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, nil, KindDownload, "500", "network"},
		{"cut off, length known", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(good)))
			w.Write(good[:len(good)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, nil, KindDownload, "cut off", "network"},
		{"cut off, length unknown", func(w http.ResponseWriter, _ *http.Request) {
			w.Write(good[:len(good)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, nil, KindDownload, "cut off", "network"},
		{"stalls", func(w http.ResponseWriter, r *http.Request) {
			w.Write(good[:10])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, func(_ *Env, o *Options) { o.IdleTimeout = 30 * time.Millisecond }, KindDownload, "no byte came for 30ms", "network"},
		{"never answers", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			func(_ *Env, o *Options) { o.IdleTimeout = 30 * time.Millisecond }, KindDownload, "no byte came", "network"},
		{"no server", serve(good), func(_ *Env, o *Options) { o.BaseURL = "http://127.0.0.1:1" }, KindDownload, "127.0.0.1:1", "network"},
		{"no address", serve(good), func(_ *Env, o *Options) { o.BaseURL = "http://%zz" }, KindDownload, "%zz", "network"},
		{"a web page", serve([]byte("<html>please log in</html>")), nil, KindWrongArchive, "zip", "proxy"},
		{"empty", serve(nil), nil, KindWrongArchive, "zip", "proxy"},
		{"without the library", serve(zipOf(t, "libs/other.so", "x", "libsimplex.so", "x")), nil, KindWrongArchive, "libs/libsimplex.so", "proxy"},
		{"damaged", serve(damaged), nil, KindWrongArchive, "checksum", "proxy"},
		{"climbs out", serve(zipOf(t, "libs/libsimplex.so", "x", "libs/../../evil", "x")), nil, KindWrongArchive, "not allowed", "proxy"},
		{"too large", serve(good), func(_ *Env, o *Options) { o.MaxArchive = 100 }, KindWrongArchive, "more than 100", "proxy"},
		{"unpacks too large", serve(good), func(_ *Env, o *Options) { o.MaxUnpacked = 10 }, KindWrongArchive, "too large", "proxy"},
		{"wrong hash", serve(good), func(_ *Env, o *Options) { o.SHA256 = strings.Repeat("a", 64) }, KindWrongHash, hashOf(good), "--libs-sha256"},
		{"cache below a file", serve(good), func(e *Env, _ *Options) {
			writeFile(t, e.CacheDir, "a file")
		}, KindCacheNotWritable, "cache", "writable"},
		{"no cache", serve(good), func(e *Env, _ *Options) { e.CacheDir = "" }, KindCacheNotWritable, "HOME", "SIMPLEX_LIBS_DIR"},
		{"left half done", serve(good), func(e *Env, _ *Options) {
			writeFile(t, filepath.Join(e.CacheDir, "simplex-chat", "v"+Version, "sqlite", "libHSbase.so"), "x")
		}, KindHalfDone, "libsimplex.so", "Remove"},
		{"a file in its place", serve(good), func(e *Env, _ *Options) {
			writeFile(t, filepath.Join(e.CacheDir, "simplex-chat", "v"+Version, "sqlite"), "x")
		}, KindHalfDone, "sqlite", "Remove"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := publish(t, tt.handler)
			env, opts := linux(t), Options{BaseURL: p.URL}
			if tt.change != nil {
				tt.change(&env, &opts)
			}
			_, err := Install(t.Context(), env, opts)
			var e *InstallError
			if !errors.As(err, &e) || !errors.Is(err, tt.kind) {
				t.Fatalf("got %v, want kind %q", err, tt.kind)
			}
			if !strings.Contains(err.Error(), tt.text) || !strings.Contains(e.Hint(), tt.hint) {
				t.Errorf("got %q with hint %q, want %q and %q in them", err, e.Hint(), tt.text, tt.hint)
			}
			if tt.kind == KindDownload && !strings.Contains(err.Error(), opts.BaseURL+"/v"+Version+"/simplex-chat-libs-") {
				t.Errorf("%q does not name the address", err)
			}
			if _, err := Find(env, opts); err == nil {
				t.Error("after it the library is found")
			}
			if tt.kind == KindCacheNotWritable {
				return // there is no folder to look into
			}
			for _, name := range names(t, env) {
				if strings.Contains(name, "tmp") || strings.Contains(name, "evil") || strings.Contains(name, "sha256") {
					t.Errorf("it left %s behind", name)
				}
			}
		})
	}
}

func TestInstallCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p := publish(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("PK"))
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	if _, err := Install(ctx, linux(t), Options{BaseURL: p.URL}); !errors.Is(err, context.Canceled) || !errors.Is(err, KindDownload) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestHashes(t *testing.T) {
	t.Parallel()
	first, second := goodZip(t), zipOf(t, "libs/libsimplex.so", "changed")
	env := linux(t)
	install := func(archive []byte, sha256 string) error {
		_, err := Install(t.Context(), env, Options{BaseURL: publish(t, serve(archive)).URL, SHA256: sha256})
		return err
	}
	remove := func() {
		if err := os.RemoveAll(filepath.Join(env.CacheDir, "simplex-chat", "v"+Version, "sqlite")); err != nil {
			t.Fatal(err)
		}
	}
	if err := install(first, ""); err != nil {
		t.Fatal(err)
	}
	if err := install(nil, hashOf(second)); !errors.Is(err, KindWrongHash) {
		t.Errorf("installed, another hash wanted: got %v", err)
	}
	if _, err := Find(env, Options{SHA256: hashOf(second)}); !errors.Is(err, KindWrongHash) {
		t.Errorf("found, another hash wanted: got %v", err)
	}
	if _, err := Find(env, Options{SHA256: strings.ToUpper(hashOf(first))}); err != nil {
		t.Errorf("found, its hash wanted: got %v", err)
	}
	remove()
	if err := install(second, ""); !errors.Is(err, KindWrongHash) || !strings.Contains(err.Error(), hashOf(first)) {
		t.Errorf("another archive than the first time: got %v", err)
	}
	if err := install(first, ""); err != nil {
		t.Errorf("the same as the first time: got %v", err)
	}
	remove()
	if err := install(second, hashOf(second)); err != nil {
		t.Errorf("another archive with its hash given: got %v", err)
	}
	remove()
	if err := install(second, ""); err != nil {
		t.Errorf("the same again: got %v", err)
	}
	// Somebody else has filled the cache: nothing is known of its archive.
	env = linux(t)
	writeFile(t, filepath.Join(env.CacheDir, "simplex-chat", "v"+Version, "sqlite", "libsimplex.so"), "x")
	if _, err := Find(env, Options{}); err != nil {
		t.Error(err)
	}
	var e *InstallError
	if _, err := Find(env, Options{SHA256: hashOf(first)}); !errors.As(err, &e) || !strings.Contains(e.Hint(), "Remove") {
		t.Errorf("unknown archive, hash wanted: got %v", err)
	}
}
