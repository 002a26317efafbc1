package permission

import (
	"path/filepath"
	"slices"
	"strings"
)

// Path makes the path of a file absolute, relative ones below filesDir, and
// refuses with an *Error one that a script may not read, or write. Symbolic
// links are followed for as much of the path as exists.
func (p Set) Path(path, filesDir string, write bool) (string, error) {
	list, kind := p.Read, "read"
	if write {
		list, kind = p.Write, "write"
	}
	if !p.All && !underAny(path, filesDir, append([]string{filesDir}, list...)) {
		return "", deny("allow it with --allow "+kind+"="+path, "%s is outside the bot's files folder", path)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filesDir, path)
	}
	return path, nil
}

// underAny tells whether a path, relative to base, is one of the allowed paths
// or below one. Symbolic links are followed for as much of the path as exists.
func underAny(path, base string, allowed []string) bool {
	if path == "" || strings.ContainsRune(path, 0) || slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "..") {
		return false // the system follows a link before it goes up, which cleaning the path would hide
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(base, path)
	}
	path = resolved(path)
	for _, a := range allowed {
		if a == "" {
			continue
		}
		abs, err := filepath.Abs(a)
		if err != nil {
			continue
		}
		rel, err := filepath.Rel(resolved(abs), path)
		if err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// resolved follows the symbolic links in the part of the path that exists.
func resolved(path string) string {
	path = filepath.Clean(path)
	rest := ""
	for {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(path)
		if parent == path {
			return filepath.Join(path, rest)
		}
		rest = filepath.Join(filepath.Base(path), rest)
		path = parent
	}
}
