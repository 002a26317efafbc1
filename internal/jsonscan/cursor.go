package jsonscan

import (
	"bytes"
	"fmt"
	"strconv"
)

// MaxDepth is how deeply arrays and objects may nest.
const MaxDepth = 200

var tooDeep = "more than " + strconv.Itoa(MaxDepth) + " levels deep"

// Kind is the kind of a value.
type Kind byte

// The kinds of values. None stands for the end of the text and for what is no
// value.
const (
	None Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Error tells where the text stops being JSON, or where it nests too deeply.
type Error struct {
	// Offset is the place in bytes from the beginning.
	Offset int
	// Reason is what is wrong there.
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("at byte %d: %s", e.Offset, e.Reason) }

// Cursor stands before a value of a JSON text. Each method that reads moves it
// behind that value. After the first error it stands still, all methods return
// zero values, and End tells what was wrong.
//
// A Cursor is not safe for use by several goroutines.
type Cursor struct {
	data  []byte
	pos   int
	depth int
	err   *Error
}

// New returns a Cursor before the first value of data, which must not change
// while it is used.
func New(data []byte) *Cursor {
	c := &Cursor{data: data}
	c.space()
	return c
}

// End checks that nothing but white space follows, and returns the first error.
func (c *Cursor) End() error {
	if c.err == nil && c.pos < len(c.data) {
		c.fail("text after the end of the value")
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

// Pos returns where the cursor stands, in bytes from the beginning.
func (c *Cursor) Pos() int { return c.pos }

func (c *Cursor) fail(reason string) {
	if c.err == nil {
		if c.pos >= len(c.data) {
			reason = "the text ends too early"
		}
		c.err = &Error{Offset: c.pos, Reason: reason}
	}
}

// Stop makes the cursor stand still, as after an error.
func (c *Cursor) Stop() { c.fail("stopped") }

// Kind tells of what kind the next value is, by its first byte.
func (c *Cursor) Kind() Kind {
	if c.err != nil || c.pos >= len(c.data) {
		return None
	}
	switch b := c.data[c.pos]; b {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	default:
		if b == '-' || b >= '0' && b <= '9' {
			return Number
		}
	}
	return None
}

// Object reads an object and calls field for each of its fields, in order, with
// the cursor before the field's value; what field does not read is skipped. key
// is valid during the call. A value of another kind is skipped.
func (c *Cursor) Object(field func(key []byte)) {
	if c.Kind() != Object {
		c.Skip()
		return
	}
	if !c.open() {
		return
	}
	defer func() { c.depth-- }()
	if c.byte('}') {
		c.space()
		return
	}
	for c.err == nil {
		key := c.text()
		c.space()
		if !c.byte(':') {
			c.fail(wantColon)
			return
		}
		c.space()
		before := c.pos
		field(key)
		if c.pos == before {
			c.Skip()
		}
		if c.more('}', wantField) {
			return
		}
	}
}

// Array reads an array and calls element for each of its values, as Object does.
func (c *Cursor) Array(element func()) {
	if c.Kind() != Array {
		c.Skip()
		return
	}
	if !c.open() {
		return
	}
	defer func() { c.depth-- }()
	if c.byte(']') {
		c.space()
		return
	}
	for c.err == nil {
		before := c.pos
		element()
		if c.pos == before {
			c.Skip()
		}
		if c.more(']', wantElement) {
			return
		}
	}
}

// open goes behind the bracket that the cursor stands before.
func (c *Cursor) open() bool {
	if c.depth++; c.depth > MaxDepth {
		c.fail(tooDeep)
		c.depth--
		return false
	}
	c.pos++
	c.space()
	return true
}

// more goes to the next field or value; it reports whether there is none.
func (c *Cursor) more(closing byte, want string) (end bool) {
	switch {
	case c.err != nil:
		return true
	case c.byte(','):
		c.space()
		return false
	case c.byte(closing):
		c.space()
		return true
	}
	c.fail(want)
	return true
}

// Raw reads a value and returns its text, a part of the data.
func (c *Cursor) Raw() []byte {
	from := c.pos
	c.skip()
	to := c.pos
	c.space()
	if c.err != nil {
		return nil
	}
	return c.data[from:to:to]
}

// Skip reads a value and returns nothing.
func (c *Cursor) Skip() {
	c.skip()
	c.space()
}

// Same goes behind the next value if that is an object or array with exactly
// this text, which a Cursor has read before, and reports whether it was.
func (c *Cursor) Same(text []byte) bool {
	if c.err != nil || !bytes.HasPrefix(c.data[c.pos:], text) {
		return false
	}
	c.pos += len(text)
	c.space()
	return true
}

// Bool reads true or false; a value of another kind is skipped and false.
func (c *Cursor) Bool() bool {
	v := c.Kind() == Bool && c.data[c.pos] == 't'
	c.Skip()
	return v && c.err == nil
}

// Int reads an integer; a value of another kind, and one that does not fit, is
// skipped and 0.
func (c *Cursor) Int() int64 {
	number := c.Kind() == Number
	raw := c.Raw()
	if !number {
		return 0
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Float reads a number; ok is false for a value of another kind and for one
// that is out of range, both of which are skipped.
func (c *Cursor) Float() (n float64, ok bool) {
	number := c.Kind() == Number
	raw := c.Raw()
	if !number {
		return 0, false
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	return n, err == nil && c.err == nil
}

// String reads a string, without its quotes and escapes; bytes that are not
// UTF-8 and halves of surrogate pairs are replaced by U+FFFD. A value of another
// kind is skipped and "".
func (c *Cursor) String() string {
	if c.Kind() != String {
		c.Skip()
		return ""
	}
	s := c.text()
	c.space()
	return string(s)
}
