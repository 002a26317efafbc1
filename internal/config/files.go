package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// readFiles reads the bundle's file and the operator's.
func (r *resolver) readFiles() error {
	if r.in.Bundle != nil {
		f, err := readFile(r.in.Bundle, FileName, FileName+" of the bundle", "")
		switch {
		case err == nil:
			r.files = append(r.files, f)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	if len(r.in.Args) == 1 {
		if info, err := os.Stat(r.in.Args[0]); err == nil && info.IsDir() {
			r.folder = r.in.Args[0]
		}
	}
	file, must := r.in.File, true
	if file == "" {
		file, _ = r.in.Getenv(EnvFile)
	}
	if file == "" {
		switch {
		case r.in.Bundle != nil:
			return nil
		case len(r.in.Args) > 0 && r.folder == "":
			return r.readBeside()
		}
		file, must = filepath.Join(r.folder, FileName), false
	}
	f, err := readAt(file)
	switch {
	case err == nil:
		r.take(f)
	case must || !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}

func readAt(file string) (*layers, error) {
	dir, name := filepath.Split(file)
	return readFile(os.DirFS(filepath.Clean(dir)), name, file, filepath.Clean(dir))
}

// take makes f the strongest of the files.
func (r *resolver) take(f *layers) {
	r.files = append(r.files, f)
	r.config.Files = append(r.config.Files, f.path)
}

// readBeside reads the file in the folder of scripts that are named, where it has
// a [[bot]] for one of them: without the key that stands there a script would
// make a database that is not encrypted.
func (r *resolver) readBeside() error {
	var tells *layers
	for _, arg := range r.in.Args {
		f, err := readAt(filepath.Join(filepath.Dir(arg), FileName))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if tells == nil && f.isOf(arg) {
			tells = f
		}
	}
	if tells == nil {
		return nil
	}
	for _, arg := range r.in.Args {
		if !sameFile(filepath.Dir(arg), tells.dir) {
			return &Error{Message: tells.path + " has settings for one of the scripts, and " + arg +
				" is in another folder; name one configuration for all with --config, or run them one by one"}
		}
	}
	r.take(tells)
	return nil
}

// isOf tells whether a file on disk has settings for that script: in a [[bot]], or
// without any for the only script of its folder.
func (f *layers) isOf(script string) bool {
	if len(f.bots) == 0 {
		only, err := findScript(os.DirFS(f.dir), f.dir)
		return err == nil && sameFile(filepath.Join(f.dir, only), script)
	}
	return slices.ContainsFunc(f.bots, func(t botTable) bool {
		own, _ := t.get("script")
		return own != "" && sameFile(own, script)
	})
}
