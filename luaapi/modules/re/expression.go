package re

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"unicode/utf8"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

const (
	// maxSize is how many instructions an expression may have: (\w?){1000} is
	// short and has thousands.
	maxSize = 1 << 16
	// maxWork bounds the bytes of a text times the instructions of the
	// expression, which is what one search can take; nothing can cut it.
	maxWork = 1 << 30
)

// expression is a regular expression that can be searched for from the middle of
// a text. It never changes.
type expression struct {
	re   *regexp.Regexp
	size int // instructions
	// later finds what re does behind the text's first character, as its group 1.
	// It is nil where re does not ask what is before a match: then the text before
	// need not be shown to it.
	later *regexp.Regexp
}

// compile makes an expression. The error is one for scripts, without the place.
func compile(text string) (*expression, error) {
	if len(text) > maxPattern {
		return nil, module.Errorf(module.ErrLimit, "the pattern has %d bytes, at most %d are taken", len(text), maxPattern)
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, module.Errorf(module.ErrArgument, "%v", err)
	}
	looksBack := looksBack(parsed)
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, module.Errorf(module.ErrArgument, "%v", err)
	}
	e := &expression{size: len(program.Inst)}
	if e.size > maxSize {
		return nil, module.Errorf(module.ErrLimit, "the pattern stands for %d steps, at most %d are taken; repeat less in it", e.size, maxSize)
	}
	if e.re, err = regexp.Compile(text); err == nil && looksBack {
		e.later, err = regexp.Compile(`\A(?s:.)(?s:.*?)(` + text + `)`)
	}
	if err != nil {
		return nil, module.Errorf(module.ErrArgument, "%v", err)
	}
	return e, nil
}

// looksBack tells whether a match depends on what is before it.
func looksBack(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	for _, sub := range re.Sub {
		if looksBack(sub) {
			return true
		}
	}
	return false
}

// check refuses a text that a search would take too long in.
func (e *expression) check(text string) error {
	if most := min(maxText, maxWork/e.size); len(text) > most {
		return module.Errorf(module.ErrLimit, "the text has %d bytes, at most %d are searched for this pattern", len(text), most)
	}
	return nil
}

// find returns the first match that begins at from or later, as the indexes of
// regexp, or nil. It takes time in proportion to what is behind from.
func (e *expression) find(text string, from int) []int {
	if from == 0 {
		return e.re.FindStringSubmatchIndex(text)
	}
	re, base, groups := e.re, from, 0
	if e.later != nil {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		re, base, groups = e.later, from-size, 1
	}
	at := re.FindStringSubmatchIndex(text[base:])
	if at == nil {
		return nil
	}
	at = at[2*groups:]
	for i := range at {
		if at[i] >= 0 {
			at[i] += base
		}
	}
	return at
}

// begin returns from, or where the next character begins if from is inside of one.
func begin(text string, from int) int {
	for back := 1; back < utf8.UTFMax && back <= from; back++ {
		if _, size := utf8.DecodeRuneInString(text[from-back:]); size > back {
			return from - back + size
		}
	}
	return from
}

// scan goes through the matches that do not overlap, one search at a time, as
// regexp's FindAll: an empty match right behind another one is none.
type scan struct {
	search
	pos  int // where to search on
	last int // the end of the match before, -1 at first
}

func (s search) scan() *scan { return &scan{search: s, last: -1} }

// next returns the next match, or nil.
func (s *scan) next() []int {
	for s.pos <= len(s.text) {
		at := s.find(s.text, s.pos)
		if at == nil {
			break
		}
		second := at[1] == s.pos && at[0] == s.last
		if at[1] > s.pos {
			s.pos = at[1]
		} else {
			_, size := utf8.DecodeRuneInString(s.text[s.pos:])
			s.pos += max(size, 1)
		}
		if s.last = at[1]; !second {
			return at
		}
	}
	s.pos = len(s.text) + 1
	return nil
}

// named puts what a function is called before the message of an error.
func named(what string, err error) error {
	if e, ok := err.(*module.Error); ok {
		return &module.Error{Type: e.Type, Message: fmt.Sprintf("%s: %s", what, e.Message)}
	}
	return err
}
