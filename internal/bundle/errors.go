package bundle

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoBundle tells that a file is no bundle.
var ErrNoBundle = errors.New("it is no bundle")

// ErrSignature tells that a signature is not that of the file and the key.
var ErrSignature = errors.New("the signature is not one of this file by this key")

// DamagedError tells that a bundle is not as it was made.
type DamagedError struct {
	// Path is the file, "" where it has none; Problem what is wrong with it.
	Path, Problem string
}

func (e *DamagedError) Error() string {
	if e.Path == "" {
		return "the bundle is damaged: " + e.Problem
	}
	return "the bundle " + e.Path + " is damaged: " + e.Problem
}

// Hint says what to do.
func (e *DamagedError) Hint() string {
	return "Get the file again from where it came, and compare its size and hash; nothing of it was run."
}

// UnpackError tells that what a bundle carries could not be put on disk.
type UnpackError struct {
	// Dir is where to, "" where no place is known.
	Dir   string
	Cause error
}

func (e *UnpackError) Error() string {
	if e.Dir == "" {
		return "unpack the bundle: no folder for caches is known"
	}
	return fmt.Sprintf("unpack the bundle to %s: %v", e.Dir, e.Cause)
}

func (e *UnpackError) Unwrap() error { return e.Cause }

// Hint says what to do.
func (e *UnpackError) Hint() string {
	return "Name a folder that can be written, and has room, with XDG_CACHE_HOME."
}

func damaged(format string, args ...any) error {
	return &DamagedError{Problem: fmt.Sprintf(format, args...)}
}

// SecretsError tells what must not stand in a bundle.
type SecretsError struct{ Secrets []Secret }

// Secret is a file that is or holds a secret.
type Secret struct {
	// Name is the file's path in the folder; Why says what is in it, with the line.
	Name, Why string
}

func (e *SecretsError) Error() string {
	var b strings.Builder
	b.WriteString("whoever has the bundle can read what is in it, and these look like secrets:")
	for _, s := range e.Secrets {
		fmt.Fprintf(&b, "\n  %s: %s", s.Name, s.Why)
	}
	return b.String()
}

// Hint says what to do.
func (e *SecretsError) Hint() string {
	return "Leave a file out with --exclude NAME, or take it all the same with --force-include NAME. What the bot needs to know it gets from the\noperator: os.getenv with --allow env=NAME, or env_files of the configuration."
}
