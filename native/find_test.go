package native

import (
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// linux is an Env of a machine with nothing on it.
func linux(t testing.TB) Env {
	return Env{GOOS: "linux", GOARCH: "amd64", CacheDir: filepath.Join(t.TempDir(), "cache")}
}

func TestFindOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	env := Env{GOOS: "linux", GOARCH: "amd64", CacheDir: path("cache"), Executable: path("bin/simplex-lua"), Carried: path("carried")}
	cached := "cache/simplex-chat/v" + Version + "/sqlite"

	// Each place found so far is shadowed by the next.
	for _, step := range []struct{ place, source string }{
		{cached, "cache"}, {"bin", "executable"}, {"bin/libs", "executable"}, {"carried", "bundle"}, {"own", "SIMPLEX_LIBS_DIR"},
	} {
		if step.place == "own" {
			env.LibsDir = path("own")
		}
		loc, err := Find(env, Options{})
		if step.place == cached || step.place == "own" {
			if err == nil {
				t.Fatalf("before %s is filled: got %+v", step.place, loc)
			}
		}
		writeFile(t, path(step.place+"/libsimplex.so"), "library")
		loc, err = Find(env, Options{})
		if want := (Location{path(step.place), BackendSQLite, step.source}); loc != want || err != nil {
			t.Errorf("got %+v, %v; want %+v", loc, err, want)
		}
	}

	// The other variant is looked for in places of its own.
	env.LibsDir = ""
	postgres := Options{Backend: BackendPostgres}
	if loc, err := Find(env, postgres); !errors.Is(err, KindNotFound) {
		t.Errorf("PostgreSQL: got %+v, %v; want KindNotFound", loc, err)
	}
	for _, place := range []string{"cache/simplex-chat/v" + Version + "/postgres", "bin/libs/postgres"} {
		writeFile(t, path(place+"/libsimplex.so"), "library")
		if loc, err := Find(env, postgres); loc.Dir != path(place) || err != nil {
			t.Errorf("PostgreSQL: got %+v, %v; want %s", loc, err, place)
		}
	}
}

func TestFindLibsDir(t *testing.T) {
	t.Parallel()
	env := linux(t)
	writeFile(t, filepath.Join(env.CacheDir, "simplex-chat", "v"+Version, "sqlite", "libsimplex.so"), "library")
	empty := t.TempDir()
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "libsimplex.so", "x"), "")
	for _, dir := range []string{empty, folder, filepath.Join(empty, "nosuch")} {
		env.LibsDir = dir
		for name, find := range map[string]func() (Location, error){
			"Find":   func() (Location, error) { return Find(env, Options{}) },
			"Locate": func() (Location, error) { return Locate(t.Context(), env, Options{}) },
		} {
			_, err := find()
			var e *LoadError
			if !errors.As(err, &e) || e.Kind != KindLibsDir || e.Path != dir || !strings.Contains(e.Hint(), "SIMPLEX_LIBS_DIR") {
				t.Errorf("%s in %s: got %v, want KindLibsDir", name, dir, err)
			}
		}
	}
	// A platform that nothing is published for works with a library of one's own.
	writeFile(t, filepath.Join(empty, "libsimplex.so"), "library")
	own := Env{GOOS: "linux", GOARCH: "riscv64", LibsDir: empty}
	if loc, err := Find(own, Options{}); err != nil || loc.Dir != empty {
		t.Errorf("got %+v, %v", loc, err)
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		goos, goarch string
		backend      Backend
		want         string
		kind         Kind
	}{
		{"linux", "amd64", BackendSQLite, "simplex-chat-libs-linux-x86_64.zip", ""},
		{"linux", "arm64", BackendSQLite, "simplex-chat-libs-linux-aarch64.zip", ""},
		{"darwin", "amd64", BackendSQLite, "simplex-chat-libs-macos-x86_64.zip", ""},
		{"darwin", "arm64", BackendSQLite, "simplex-chat-libs-macos-aarch64.zip", ""},
		{"windows", "amd64", BackendSQLite, "simplex-chat-libs-windows-x86_64.zip", ""},
		{"linux", "amd64", BackendPostgres, "simplex-chat-libs-linux-x86_64-postgres.zip", ""},
		{"linux", "arm64", BackendPostgres, "", KindPostgresUnsupported},
		{"darwin", "arm64", BackendPostgres, "", KindPostgresUnsupported},
		{"windows", "arm64", BackendSQLite, "", KindUnsupportedPlatform},
		{"linux", "riscv64", BackendSQLite, "", KindUnsupportedPlatform},
		{"plan9", "amd64", BackendPostgres, "", KindUnsupportedPlatform},
	}
	for _, tt := range tests {
		t.Run(tt.goos+"/"+tt.goarch+" "+string(tt.backend), func(t *testing.T) {
			t.Parallel()
			env := Env{GOOS: tt.goos, GOARCH: tt.goarch, CacheDir: filepath.Join(t.TempDir(), "cache")}
			_, got, err := assetFor(env, tt.backend)
			if tt.kind == "" {
				if got != tt.want || err != nil {
					t.Errorf("got %q, %v; want %q", got, err, tt.want)
				}
				return
			}
			_, err = Install(t.Context(), env, Options{Backend: tt.backend})
			var e *InstallError
			if !errors.As(err, &e) || e.Kind != tt.kind || !strings.Contains(e.Hint(), "linux-x86_64") {
				t.Errorf("got %v, want %q with the supported platforms", err, tt.kind)
			}
		})
	}
}

func TestCacheDir(t *testing.T) {
	t.Parallel()
	tests := []struct {
		goos, home string
		env        map[string]string
		want       string
	}{
		{"linux", "/home/a", nil, "/home/a/.cache"},
		{"linux", "/home/a", map[string]string{"XDG_CACHE_HOME": "/c"}, "/c"},
		{"linux", "/home/a", map[string]string{"XDG_CACHE_HOME": "c"}, "/home/a/.cache"},
		{"linux", "", nil, ""},
		{"darwin", "/Users/a", map[string]string{"XDG_CACHE_HOME": "/c"}, "/Users/a/Library/Caches"},
		{"windows", `C:\a`, map[string]string{"LOCALAPPDATA": `C:\l`}, `C:\l`},
		{"windows", `C:\a`, nil, ""},
	}
	for _, tt := range tests {
		got := cacheDir(tt.goos, tt.home, func(name string) string { return tt.env[name] })
		if filepath.ToSlash(got) != tt.want && got != tt.want {
			t.Errorf("%s, %q, %v: got %q, want %q", tt.goos, tt.home, tt.env, got, tt.want)
		}
	}
	if env := DefaultEnv(); env.GOOS == "" || env.GOARCH == "" || env.Executable == "" || env.HTTP == nil {
		t.Errorf("DefaultEnv: got %+v", env)
	}
}

func TestStayEncrypted(t *testing.T) {
	t.Parallel()
	request := func(scheme string) *http.Request {
		return &http.Request{URL: &url.URL{Scheme: scheme, Host: "example.org"}}
	}
	if err := stayEncrypted(request("https"), []*http.Request{request("https")}); err != nil {
		t.Error(err)
	}
	if err := stayEncrypted(request("http"), []*http.Request{request("https")}); err == nil {
		t.Error("a redirect to http was followed")
	}
	if err := stayEncrypted(request("http"), make([]*http.Request, 10)); err == nil {
		t.Error("an eleventh request was made")
	}
}
