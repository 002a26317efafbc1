package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Selection says which files of a folder go into a bundle.
type Selection struct {
	// Only are the files to take, as paths in the folder; nil: all but those whose
	// name begins with a dot.
	Only []string
	// Exclude and Force name files: by path, by last name, or with * in either.
	// Exclude leaves them out; Force takes them though they look like secrets.
	Exclude, Force []string
	// Replace are texts of files that stand in place of those of the folder.
	Replace map[string][]byte
	// Without are paths on disk that are left out, as of the bundle itself.
	Without []string
}

// Collect reads the files of a folder. Secrets in it are a *SecretsError, all
// at once. Nothing outside the folder is read, also not through links.
func Collect(dir string, sel Selection) (map[string][]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	c := &collector{root: root, sel: sel, files: map[string][]byte{}, used: map[string]bool{}}
	for _, p := range sel.Without {
		if abs, err := filepath.Abs(p); err == nil {
			c.without = append(c.without, abs)
		}
	}
	if c.dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if sel.Only != nil {
		for _, name := range sel.Only {
			if err := c.file(name); err != nil {
				return nil, err
			}
		}
	} else if err := fs.WalkDir(root.FS(), ".", c.visit); err != nil {
		return nil, err
	}
	for name, data := range sel.Replace {
		if err := c.take(name, data); err != nil {
			return nil, err
		}
	}
	for _, p := range slices.Concat(sel.Exclude, sel.Force) {
		if !c.used[p] {
			return nil, fmt.Errorf("no file is called %s in %s", p, dir)
		}
	}
	if len(c.secrets) > 0 {
		return nil, &SecretsError{c.secrets}
	}
	return c.files, nil
}

type collector struct {
	root    *os.Root
	dir     string // absolute
	sel     Selection
	without []string // absolute
	files   map[string][]byte
	total   int
	secrets []Secret
	used    map[string]bool // entries of Exclude and Force that named something
}

func (c *collector) visit(name string, d fs.DirEntry, err error) error {
	if err != nil || name == "." {
		return err
	}
	skip := func() error {
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	if c.names(c.sel.Exclude, name) || slices.Contains(c.without, filepath.Join(c.dir, filepath.FromSlash(name))) {
		return skip()
	}
	if why := secretName(path.Base(name), d.IsDir()); why != "" && !c.names(c.sel.Force, name) {
		c.secrets = append(c.secrets, Secret{name, why})
		return skip()
	}
	if strings.HasPrefix(path.Base(name), ".") && !c.names(c.sel.Force, name) {
		return skip()
	}
	if d.IsDir() {
		return nil
	}
	return c.file(name)
}

// names tells whether one of the patterns is about the file.
func (c *collector) names(patterns []string, name string) bool {
	found := false
	for _, p := range patterns {
		clean := strings.TrimSuffix(filepath.ToSlash(p), "/")
		whole, _ := path.Match(clean, name)
		last, _ := path.Match(clean, path.Base(name))
		if whole || last {
			c.used[p], found = true, true
		}
	}
	return found
}

// file reads one file.
func (c *collector) file(name string) error {
	if _, replaced := c.sel.Replace[name]; replaced {
		return nil
	}
	f, err := c.root.Open(filepath.FromSlash(name))
	if err != nil {
		return fmt.Errorf("%s: %w", name, plain(err))
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, plain(err))
	case info.IsDir():
		return fmt.Errorf("%s: it is a link to a folder; put the folder itself there, or leave it out with --exclude %s", name, name)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: it is no plain file; leave it out with --exclude %s", name, name)
	case info.Size() > MaxFile:
		return fmt.Errorf("%s: it has %d bytes, more than %d; leave it out with --exclude %s", name, info.Size(), MaxFile, name)
	}
	if err := checkName(filesFolder + name); err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return fmt.Errorf("%s: %w", name, plain(err))
	}
	return c.take(name, data)
}

// take puts a file into the bundle, unless it is secret.
func (c *collector) take(name string, data []byte) error {
	if c.total += len(data); len(c.files) >= MaxCount || c.total > MaxFiles {
		return fmt.Errorf("the folder has more than %d files, or more than %d bytes; leave some out with --exclude NAME", MaxCount, MaxFiles)
	}
	if why := secretContent(data); why != "" && !c.names(c.sel.Force, name) {
		c.secrets = append(c.secrets, Secret{name, why})
	}
	c.files[name] = data
	return nil
}

// plain is an error without the operation and the path, which the message has.
func plain(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Sources are the files as they stand in a bundle.
func Sources(files map[string][]byte) (list []Source) {
	for name, data := range files {
		list = append(list, Source{filesFolder + name, func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		}})
	}
	return list
}

// LibSources are the plain files of a folder of libraries, which are read when
// the bundle is written.
func LibSources(dir string) (list []Source, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		file := filepath.Join(dir, e.Name())
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
			continue // a folder, or a link to nowhere
		}
		list = append(list, Source{libsFolder + e.Name(), func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	return list, nil
}
