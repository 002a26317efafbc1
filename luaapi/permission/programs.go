package permission

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Programs are the programs that a script may run, found once: what a name in
// PATH leads to later changes nothing. It never changes, so it is safe for use by
// several goroutines.
type Programs struct {
	all     bool
	allowed map[string]program // by each name that a script may give
}

// program is an allowed program, or why it cannot be run.
type program struct {
	path string
	err  error
}

// Programs looks the entries of Exec up: a name in PATH, a path as it is, both
// through symbolic links.
func (p Set) Programs() Programs {
	found := Programs{all: p.All, allowed: map[string]program{}}
	for _, entry := range p.Exec {
		at, err := findProgram(entry)
		pr := program{err: err}
		if err == nil {
			pr.path, pr.err = filepath.EvalSymlinks(at)
			found.allowed[at] = pr
		}
		found.allowed[entry] = pr
	}
	// The name of a program that is allowed by its path, where it leads there.
	for _, entry := range p.Exec {
		name := filepath.Base(entry)
		if _, known := found.allowed[name]; known || !filepath.IsAbs(entry) {
			continue
		}
		if at, err := findProgram(name); err == nil && at == filepath.Clean(entry) {
			found.allowed[name] = found.allowed[entry]
		}
	}
	return found
}

// Find returns the file of a program, with no symbolic link in its path. The
// name is an absolute path, or one to look up in PATH. The error is an *Error
// where the script may not run it. What a program is called decides, not only
// which file it is, for some files are many programs.
func (p Programs) Find(name string) (string, error) {
	if pr, ok := p.allowed[name]; ok {
		if pr.err != nil {
			return "", fmt.Errorf("exec=%s is allowed, but %w", name, pr.err)
		}
		return pr.path, nil
	}
	if err := checkProgram(name); err != nil {
		return "", deny("", "exec: %q: %v", name, err)
	}
	if !p.all {
		return "", deny("allow it with --allow exec="+name, "the script may not run %s", name)
	}
	at, err := findProgram(name)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(at)
}

// findProgram returns the absolute path of a program.
func findProgram(name string) (string, error) {
	if err := checkProgram(name); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	at, err := exec.LookPath(name)
	switch {
	case err == nil && !filepath.IsAbs(at), errors.Is(err, exec.ErrDot):
		return "", fmt.Errorf("%s is found in a relative folder of PATH only", name)
	case err != nil:
		return "", fmt.Errorf("there is no program %s", name)
	}
	return filepath.Clean(at), nil
}

// checkProgram refuses what is neither an absolute path nor a plain name.
func checkProgram(name string) error {
	switch {
	case name == "" || strings.ContainsRune(name, 0) || name == "." || name == "..":
		return errors.New("not the name of a program")
	case !filepath.IsAbs(name) && strings.ContainsAny(name, `/\`):
		return errors.New("want an absolute path, or a name that is looked up in PATH")
	}
	return nil
}
