package luaapi

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

// maxSource is how large a script or module may be, in bytes.
const maxSource = 8 << 20

// readMain returns the script's text and its name in messages.
func (rt *Runtime) readMain() (text []byte, name string, err error) {
	path := rt.opts.Path
	name = filepath.Base(path)
	if text = rt.opts.Source; text == nil {
		if text, err = readScript(path); err != nil {
			return nil, "", rt.loadError(path, err)
		}
	}
	src := source{name: name, text: text}
	if rt.opts.Source == nil {
		if src.path, err = filepath.Abs(path); err != nil {
			return nil, "", rt.loadError(path, err)
		}
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.sources = append(rt.sources, src)
	rt.vocabulary.add(src.text)
	rt.vocabulary.types = rt.opts.Stdlib
	return text, name, nil
}

func (rt *Runtime) loadError(path string, err error) error {
	return &ScriptError{
		Script: rt.opts.Name, File: path, Type: ErrScript, Message: err.Error(), Cause: err,
		redacted: err.Error(), // nobody has written anything to the script yet
	}
}

func readScript(path string) ([]byte, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("no such file; %w", errNoScript)
	case err != nil:
		return nil, errors.Unwrap(err)
	}
	defer f.Close()
	return readLimited(f)
}

var errNoScript = errors.New("give the path of a .lua file")

func readLimited(f fs.File) ([]byte, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		return nil, fmt.Errorf("it is a folder; %w", errNoScript)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSource+1))
	if err == nil && len(text) > maxSource {
		err = fmt.Errorf("it is larger than %d MiB, too large for a script", maxSource>>20)
	}
	return text, err
}

// stdlibPrefix stands before the names of the executable's modules in tracebacks.
const stdlibPrefix = "stdlib/"

// inStdlib tells whether a chunk is a module of the executable, whose callers
// an error concerns.
func inStdlib(chunk string) bool { return strings.HasPrefix(chunk, stdlibPrefix) }

// findModule looks a module up: first in the executable, then below the
// script's folder, as name.lua and name/init.lua with dots for folders. It
// never reaches outside that folder, also not through symbolic links.
func (rt *Runtime) findModule(name string) (source, error) {
	if !isModuleName(name) {
		return source{}, fmt.Errorf("%q is no module name: want words of letters, digits and _ joined by dots", name)
	}
	base := strings.ReplaceAll(name, ".", "/")
	candidates := []string{base + ".lua", base + "/init.lua"}
	if rt.opts.Stdlib != nil && !strings.HasPrefix(base, "meta/") {
		for _, c := range candidates {
			if text, err := fs.ReadFile(rt.opts.Stdlib, c); err == nil {
				return source{name: stdlibPrefix + c, text: text}, nil
			}
		}
	}
	folder, onDisk := rt.opts.Folder, ""
	if folder == nil && rt.opts.Path != "" {
		onDisk = filepath.Dir(rt.opts.Path)
		root, err := os.OpenRoot(onDisk)
		if err != nil {
			return source{}, err
		}
		defer root.Close()
		folder = root.FS()
	}
	for _, c := range candidates {
		if folder == nil {
			break
		}
		text, err := readIn(folder, c)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return source{}, fmt.Errorf("%s: %w", c, err)
		}
		src := source{name: c, text: text}
		if onDisk != "" {
			src.path, err = filepath.Abs(filepath.Join(onDisk, filepath.FromSlash(c)))
		}
		return src, err
	}
	return source{}, fmt.Errorf("no module %q%s; looked for a module of simplex-lua and for %s below the script's folder",
		name, nearest.Hint(name, rt.moduleNames()), strings.Join(candidates, " and "))
}

func readIn(folder fs.FS, name string) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readLimited(f)
}

func isModuleName(name string) bool {
	for _, part := range strings.Split(name, ".") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			return false
		}
	}
	return len(name) <= 200
}

// moduleNames are the modules of the executable.
func (rt *Runtime) moduleNames() []string {
	var names []string
	for _, m := range modules {
		names = append(names, m.Name)
	}
	if rt.opts.Stdlib != nil {
		_ = fs.WalkDir(rt.opts.Stdlib, ".", func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(p, ".lua") && !strings.HasPrefix(p, "meta/") {
				names = append(names, strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(p, ".lua"), "/init"), "/", "."))
			}
			return nil
		})
	}
	return names
}
