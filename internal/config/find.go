package config

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// mainScript is the script of a folder that has several.
const mainScript = "main.lua"

// findScript returns the script of a folder: main.lua, or the only one there.
// Tests are none.
func findScript(fsys fs.FS, shown string) (string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return "", &Error{Message: "the folder " + shown + " cannot be read", Cause: rootCause(err)}
	}
	var scripts []string
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && path.Ext(name) == ".lua" && !strings.HasSuffix(name, "_test.lua") {
			scripts = append(scripts, name)
		}
	}
	switch {
	case slices.Contains(scripts, mainScript):
		return mainScript, nil
	case len(scripts) == 1:
		return scripts[0], nil
	case len(scripts) == 0:
		return "", &Error{Message: "the folder " + shown + " has no script: no *.lua, and no " + FileName}
	}
	return "", &Error{Message: "the folder " + shown + " has several scripts (" + strings.Join(firstFew(scripts), ", ") +
		"): name one, call it " + mainScript + ", or write a " + FileName}
}

func firstFew(names []string) []string {
	if len(names) > 5 {
		return append(slices.Clone(names[:5]), "…")
	}
	return names
}

// nameOf is the name of a bot whose script is all that is known: that of the
// file, or of the folder where the file is a main.lua.
func nameOf(script string) string {
	script = filepath.ToSlash(script)
	name := strings.TrimSuffix(path.Base(script), path.Ext(script))
	if path.Base(script) == mainScript {
		if abs, err := filepath.Abs(filepath.Dir(filepath.FromSlash(script))); err == nil {
			name = filepath.Base(abs)
		}
	}
	if name == "" || name == "." || name == "/" {
		return "bot"
	}
	return name
}

// rootCause is the system's error without the operation and the path, which the
// message has.
func rootCause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
