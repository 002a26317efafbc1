package native

import (
	"errors"
	"fmt"
	"io/fs"
)

// Kind classes the errors of this package. It is an error itself, so that
// errors.Is(err, native.KindWrongHash) tells what went wrong.
type Kind string

// Error returns the kind as a phrase.
func (k Kind) Error() string { return string(k) }

var (
	// ErrNUL refuses a text with a NUL byte: C would end it there.
	ErrNUL = errors.New("text contains a NUL byte")

	// ErrNoResult reports that the core returned NULL where a text belongs.
	ErrNoResult = errors.New("the core returned no result")

	// ErrReceiving refuses a second Receive while one is under way.
	ErrReceiving = errors.New("another Receive is under way")

	errClosed = fmt.Errorf("chat controller: %w", fs.ErrClosed)
)

// hinted joins the parts of a message that are there: what, where, why.
func hinted(kind Kind, place string, cause error) string {
	s := string(kind)
	if place != "" {
		s += ": " + place
	}
	if cause != nil {
		s += ": " + cause.Error()
	}
	return s
}
