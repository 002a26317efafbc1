package native

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Location is a folder with the library in it.
type Location struct {
	Dir     string
	Backend Backend
	Source  string // where it was found: "SIMPLEX_LIBS_DIR", "bundle", "executable", "cache" or "download"
}

// Locate returns where the library is, after installing it if it is nowhere.
// It blocks for the download; ctx ends it.
func Locate(ctx context.Context, env Env, opts Options) (Location, error) {
	loc, err := Find(env, opts)
	if errors.Is(err, KindNotFound) {
		return Install(ctx, env, opts)
	}
	return loc, err
}

// Find looks for the library without a network. It looks in env.LibsDir and
// nowhere else if that is set, then for the SQLite variant in env.Carried, then
// beside the executable, then in the cache.
//
// Beside the executable the SQLite variant is looked for in libs/ and in the
// executable's own folder, the PostgreSQL variant in libs/postgres/: the files
// have the same names, and the wrong variant would take a connection string for
// an encryption key.
//
// Errors are a *LoadError of KindLibsDir or KindNotFound, or an *InstallError
// of KindWrongHash when opts.SHA256 is not that of the archive in the cache.
func Find(env Env, opts Options) (Location, error) {
	opts = opts.withDefaults()
	if env.LibsDir != "" {
		loc := Location{absolute(env.LibsDir), opts.Backend, "SIMPLEX_LIBS_DIR"}
		if err := hasLibrary(loc.Dir, env.GOOS); err != nil {
			return Location{}, &LoadError{Kind: KindLibsDir, Path: loc.Dir, Cause: err}
		}
		return loc, nil
	}
	if env.Carried != "" && opts.Backend == BackendSQLite && hasLibrary(env.Carried, env.GOOS) == nil {
		return Location{env.Carried, opts.Backend, "bundle"}, nil
	}
	for _, dir := range besideExecutable(env.Executable, opts.Backend) {
		if hasLibrary(dir, env.GOOS) == nil {
			return Location{dir, opts.Backend, "executable"}, nil
		}
	}
	c, err := cacheFor(env, opts)
	if err == nil && hasLibrary(c.dir, env.GOOS) == nil {
		return Location{c.dir, opts.Backend, "cache"}, c.checkInstalled(opts.SHA256)
	}
	return Location{}, &LoadError{Kind: KindNotFound, Path: libraryName(env.GOOS)}
}

func besideExecutable(exe string, backend Backend) []string {
	if exe == "" {
		return nil
	}
	dir := filepath.Dir(exe)
	if backend == BackendPostgres {
		return []string{filepath.Join(dir, "libs", "postgres")}
	}
	return []string{filepath.Join(dir, "libs"), dir}
}

// hasLibrary returns nil if dir holds the library of a system.
func hasLibrary(dir, goos string) error {
	info, err := os.Stat(filepath.Join(dir, libraryName(goos)))
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return &fs.PathError{Op: "open", Path: filepath.Join(dir, libraryName(goos)), Err: errors.New("not a library file")}
	}
	return nil
}

// absolute returns path as an absolute one, or as it is where that is impossible.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
