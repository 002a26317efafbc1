package config

import (
	"errors"
	"fmt"
	"strconv"
)

// Error is one mistake in the configuration.
type Error struct {
	// File and Line say where it stands; "" and 0 where it is not in a file.
	File string
	Line int
	// Message says what is wrong.
	Message string
	// Cause is the system's error where there is one.
	Cause error
}

func (e *Error) Error() string {
	s := e.Message
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	switch {
	case e.File == "":
		return s
	case e.Line == 0:
		return e.File + ": " + s
	}
	return e.File + ":" + strconv.Itoa(e.Line) + ": " + s
}

func (e *Error) Unwrap() error { return e.Cause }

// Mistake is an error about the value of a bot's key, with its place.
func (b *Bot) Mistake(name string, cause error) *Error {
	g, _ := b.given.find(name)
	e := &Error{Message: name, Cause: cause}
	if g.source.Kind == FromFile {
		e.File, e.Line = g.source.Name, g.source.Line
	}
	return e
}

// ErrNoBots tells that neither arguments nor a configuration file name a script.
var ErrNoBots = errors.New("which script?")

// maxMistakes is how many are told at once.
const maxMistakes = 50

// mistakes gathers errors, so that one look shows all of a file. Each stands
// there once: what is at the top of the file is looked at for every bot.
type mistakes struct {
	errs []error
	told map[string]bool
}

func (m *mistakes) add(s Source, format string, args ...any) {
	e := &Error{Message: fmt.Sprintf(format, args...)}
	if s.Kind == FromFile {
		e.File, e.Line = s.Name, s.Line
	}
	if text := e.Error(); !m.told[text] && len(m.errs) < maxMistakes {
		if m.told == nil {
			m.told = map[string]bool{}
		}
		m.told[text] = true
		m.errs = append(m.errs, e)
	}
}

func (m *mistakes) err() error { return errors.Join(m.errs...) }
