package bottest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// suffix is how the name of a file of tests ends.
const suffix = "_test.lua"

// Find returns the files of tests: those named, and those below the folders
// named, in order of their names; each once. Folders whose name begins with a
// dot, and data folders of bots, are passed over. A path that is neither is an
// error.
func Find(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, err
		case !info.IsDir() && !strings.HasSuffix(path, suffix):
			return nil, fmt.Errorf("%s: files of tests are called NAME%s", path, suffix)
		case !info.IsDir():
			files = append(files, filepath.Clean(path))
			continue
		}
		if err := walk(path, suffix, func(p string, _ fs.DirEntry) error {
			files = append(files, p)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// walk visits the files below a folder whose names end so.
func walk(root, ending string, visit func(path string, d fs.DirEntry) error) error {
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != root && (strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), ".data")):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(p, ending):
			return visit(p, d)
		}
		return nil
	})
}

// Fingerprint changes whenever a Lua file at or below the paths does; folders
// stand for a file's own. It tells a watcher when to run the tests again. It looks
// at all files each time, where host/watch is told of changes by the system: a case
// may load any file below, in more folders than a system lets a program watch.
func Fingerprint(paths []string) (string, error) {
	var b strings.Builder
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			path = filepath.Dir(path)
		}
		err := walk(path, ".lua", func(p string, d fs.DirEntry) error {
			if info, err := d.Info(); err == nil { // one that is gone again is no file
				fmt.Fprintln(&b, p, info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}
