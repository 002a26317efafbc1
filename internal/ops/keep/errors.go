package keep

import "errors"

// Error tells why something was not saved or not restored. Nothing was
// overwritten.
type Error struct {
	// Path is the file or folder that it is about.
	Path string
	// Problem is what was wrong, Advice what to do about it.
	Problem, Advice string
	Cause           error // may be nil
}

func (e *Error) Error() string {
	s := e.Path + ": " + e.Problem
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Hint says what to do next.
func (e *Error) Hint() string { return e.Advice }

func (e *Error) Unwrap() error { return e.Cause }

// failed makes an Error of what a file system call said.
func failed(path, problem string, err error) error {
	if known := (*Error)(nil); errors.As(err, &known) {
		return err
	}
	e := &Error{Path: path, Problem: problem, Cause: err}
	if IsFull(err) {
		e.Problem, e.Cause = problem+": the disk is full", nil
		e.Advice = "Make room there, or name a place on another disk."
	}
	return e
}

// IsFull tells that the disk was full, or the user's share of it.
func IsFull(err error) bool {
	return errors.Is(err, errNoSpace) || errors.Is(err, errQuota) || errors.Is(err, errTooBig)
}

// IsReadOnly tells that nothing can be written to the disk at all.
func IsReadOnly(err error) bool { return errors.Is(err, errReadOnly) }
