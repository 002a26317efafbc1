package native

import (
	"path/filepath"
	"sync"
)

// Library is the loaded chat core. A process has at most one; it stays until
// the process ends. It is safe for use by several goroutines.
type Library struct {
	path    string
	backend Backend
	fn      functions
}

// process is what this process has loaded.
var process struct {
	mu      sync.Mutex // guards the fields below, and makes Open run alone
	library *Library
	failed  error // the runtime was started and something failed: no second try
}

// Open loads the library in dir and starts the core's runtime, with
// opts.RTSOptions. It uses opts.Backend and no other option. It blocks for some
// tens of milliseconds.
//
// A second Open of the same library and backend returns the same Library; one
// of another is a *LoadError of KindSecondLibrary. A library that cannot be
// used is a *LoadError too; unless its runtime was started, another may be
// tried.
func Open(dir string, opts Options) (*Library, error) {
	opts = opts.withDefaults()
	path, err := filepath.EvalSymlinks(filepath.Join(absolute(dir), libraryFile))
	if err != nil {
		return nil, &LoadError{Kind: KindNotFound, Path: filepath.Join(dir, libraryFile), Cause: err}
	}
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.failed != nil {
		return nil, process.failed
	}
	if l := process.library; l != nil {
		if l.path != path || l.backend != opts.Backend {
			return nil, &LoadError{Kind: KindSecondLibrary,
				Path: describe(path, opts.Backend), Loaded: describe(l.path, l.backend)}
		}
		return l, nil
	}
	l := &Library{path: path, backend: opts.Backend}
	img, err := openImage(path)
	if err != nil {
		return nil, &LoadError{Kind: KindNotLoadable, Path: path, Cause: err}
	}
	if err := l.fn.bind(img); err != nil {
		return nil, err
	}
	if err := l.fn.startRuntime(img, opts.RTSOptions); err != nil {
		process.failed = &LoadError{Kind: KindNotStarted, Path: path, Cause: err}
		return nil, process.failed
	}
	process.library = l
	return l, nil
}

// Loaded returns the process's Library, or nil before Open has succeeded.
func Loaded() *Library {
	process.mu.Lock()
	defer process.mu.Unlock()
	return process.library
}

// Path returns the library's file, absolute and without symbolic links.
func (l *Library) Path() string { return l.path }

// Backend returns the database that controllers of this library use.
func (l *Library) Backend() Backend { return l.backend }

func describe(path string, backend Backend) string { return path + " (" + string(backend) + ")" }
