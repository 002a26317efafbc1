package native

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Env is what this package needs to know of the machine. Programs take
// DefaultEnv; tests make their own.
type Env struct {
	GOOS, GOARCH string
	LibsDir      string // $SIMPLEX_LIBS_DIR; empty: not set
	Carried      string // folder of the SQLite libraries that the program carried; empty: none
	Executable   string // path of the running program; empty: do not look beside it
	CacheDir     string // the user's folder for caches; empty: there is none
	HTTP         *http.Client
}

// DefaultEnv returns the Env of this process. Only package cmd should call it.
func DefaultEnv() Env {
	home, _ := os.UserHomeDir()
	env := Env{
		GOOS:     runtime.GOOS,
		GOARCH:   runtime.GOARCH,
		LibsDir:  os.Getenv("SIMPLEX_LIBS_DIR"),
		CacheDir: cacheDir(runtime.GOOS, home, os.Getenv),
		HTTP:     &http.Client{CheckRedirect: stayEncrypted},
	}
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		env.Executable = exe
	}
	return env
}

// cacheDir returns the folder that a system has for caches, or "".
func cacheDir(goos, home string, getenv func(string) string) string {
	under := func(base string, rest ...string) string {
		if base == "" {
			return ""
		}
		return filepath.Join(append([]string{base}, rest...)...)
	}
	switch goos {
	case "darwin":
		return under(home, "Library", "Caches")
	case "windows":
		return getenv("LOCALAPPDATA")
	}
	if dir := getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return dir // the XDG specification tells to ignore a relative path
	}
	return under(home, ".cache")
}

// stayEncrypted refuses a redirect from https to http.
func stayEncrypted(req *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errors.New("stopped after 10 redirects")
	}
	if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return errors.New("redirected from https to " + req.URL.Scheme)
	}
	return nil
}

// Options say which library is wanted, and how it is fetched and started. The
// zero value is the SQLite variant of Version with the usual settings.
type Options struct {
	// Backend is the variant wanted. Zero: BackendSQLite.
	Backend Backend

	// Version is the version to install, without the v. Zero: Version.
	Version string

	// BaseURL replaces the address of the published archives; "/v6.5.1/" and
	// the file name are appended. Zero: the publisher's.
	BaseURL string

	// SHA256 is what the archive's hash must be, in hex. It wins over the
	// pinned and the recorded one. Zero: those two count.
	SHA256 string

	// Progress is told about the download. Zero: nobody is.
	Progress Progress

	// IdleTimeout ends a download that got no byte for so long. Zero: 60 s.
	IdleTimeout time.Duration

	// MaxArchive and MaxUnpacked bound, in bytes, the download and what is
	// unpacked of it. Zero: 1 GiB and 2 GiB.
	MaxArchive, MaxUnpacked int64

	// RTSOptions replace the options of the core's runtime, one word each,
	// without the enclosing +RTS. Zero: those of the platform.
	RTSOptions []string
}

// withDefaults fills in what zero values stand for.
func (o Options) withDefaults() Options {
	if o.Backend == "" {
		o.Backend = BackendSQLite
	}
	if o.Version == "" {
		o.Version = Version
	}
	if o.BaseURL == "" {
		o.BaseURL = releases
	}
	if o.Progress == nil {
		o.Progress = silent{}
	}
	if o.IdleTimeout == 0 {
		o.IdleTimeout = 60 * time.Second
	}
	if o.MaxArchive == 0 {
		o.MaxArchive = 1 << 30
	}
	if o.MaxUnpacked == 0 {
		o.MaxUnpacked = 2 << 30
	}
	return o
}
