package permission

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Path makes the path of a file absolute, relative ones below filesDir, and
// refuses with an *Error one that a script may not read, or write. Symbolic
// links are followed for as much of the path as exists; one that leads to
// nothing is refused, since writing there would make what it names. So are, for
// writing, the names of files that SQLite keeps beside a database and believes.
func (p Set) Path(path, filesDir string, write bool) (string, error) {
	list, kind := p.Read, "read"
	if write {
		list, kind = p.Write, "write"
	}
	if !p.All {
		inside, link := underAny(path, filesDir, append([]string{filesDir}, list...))
		switch {
		case write && sidecar(path):
			return "", deny("", "%s: SQLite would take a file of this name for a part of a database", path)
		case link != "":
			return "", deny("", "%s: %s is a symbolic link that leads to nothing", path, filepath.Base(link))
		case !inside:
			return "", deny("allow it with --allow "+kind+"="+path, "%s is outside the bot's files folder", path)
		}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filesDir, path)
	}
	return path, nil
}

// sidecar tells whether SQLite looks at a file of this name beside a database:
// a journal in it is carried out, and may name a file to delete.
func sidecar(path string) bool {
	name := strings.ToLower(strings.TrimRight(filepath.ToSlash(path), "/. "))
	for _, end := range []string{"-journal", "-wal", "-shm"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// underAny tells whether a path, relative to base, is one of the allowed paths
// or below one, and which link in it leads to nothing.
func underAny(path, base string, allowed []string) (inside bool, dangling string) {
	if path == "" || strings.ContainsRune(path, 0) || slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "..") {
		return false, "" // the system follows a link before it goes up, which cleaning the path would hide
	}
	if !filepath.IsAbs(path) {
		if base == "" {
			return false, ""
		}
		path = filepath.Join(base, path)
	}
	path, dangling = resolved(path)
	if dangling != "" {
		return false, dangling
	}
	for _, a := range allowed {
		if a == "" {
			continue
		}
		abs, err := filepath.Abs(a)
		if err != nil {
			continue
		}
		at, broken := resolved(abs)
		rel, err := filepath.Rel(at, path)
		if broken == "" && err == nil && filepath.IsLocal(rel) {
			return true, ""
		}
	}
	return false, ""
}

// resolved follows the symbolic links in the part of the path that exists. Of a
// link to what does not exist it returns the path.
func resolved(path string) (real, dangling string) {
	path = filepath.Clean(path)
	rest := ""
	for {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Join(real, rest), ""
		}
		if st, err := os.Lstat(path); err == nil && st.Mode()&os.ModeSymlink != 0 {
			return "", path
		}
		parent := filepath.Dir(path)
		if parent == path {
			return filepath.Join(path, rest), ""
		}
		rest = filepath.Join(filepath.Base(path), rest)
		path = parent
	}
}
