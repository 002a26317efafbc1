package syntax

import (
	"strconv"
	"strings"
)

// Ref names a chat in a command: @4, #2, *1, #2(_support), #2(_support:5).
type Ref struct {
	// Type is '@' for a contact, '#' for a group, '*' for private notes and
	// ':' for a connection that is not a contact yet. 0 stands for no chat.
	Type byte
	// ID is the contact, group, notes folder or connection.
	ID int64
	// Support is set for a support chat of the group, and Member is the member
	// it belongs to: 0 means the user's own.
	Support bool
	Member  int64
	// AsGroup is set where the post is made in the name of the group.
	AsGroup bool
}

// String writes the reference as commands do.
func (r Ref) String() string {
	if r.Type == 0 {
		return ""
	}
	s := string(rune(r.Type)) + strconv.FormatInt(r.ID, 10)
	switch {
	case r.Support && r.Member != 0:
		s += "(_support:" + strconv.FormatInt(r.Member, 10) + ")"
	case r.Support:
		s += "(_support)"
	}
	if r.AsGroup {
		s += "(as_group=on)"
	}
	return s
}

const (
	supportOpen = "(_support"
	asGroupOpen = "(as_group="
)

// readRef reads a reference at the start of s and returns its length.
func readRef(s string) (Ref, int, bool) {
	if s == "" || strings.IndexByte("@#*:", s[0]) < 0 {
		return Ref{}, 0, false
	}
	d := digits(s[1:])
	if d == 0 {
		return Ref{}, 0, false
	}
	n := 1 + d
	r := Ref{Type: s[0], ID: wrap(s[1:n])}
	if r.Type != '#' {
		return r, n, true
	}
	if rest, ok := strings.CutPrefix(s[n:], supportOpen); ok {
		m := len(supportOpen)
		if strings.HasPrefix(rest, ":") {
			d := digits(rest[1:])
			if d == 0 {
				return Ref{}, 0, false
			}
			r.Member = wrap(rest[1 : 1+d])
			rest, m = rest[1+d:], m+1+d
		}
		if !strings.HasPrefix(rest, ")") {
			return Ref{}, 0, false
		}
		r.Support = true
		n += m + 1
	}
	if rest, ok := strings.CutPrefix(s[n:], asGroupOpen); ok {
		for _, word := range []string{"on", "off"} {
			if strings.HasPrefix(rest, word+")") {
				r.AsGroup = word == "on"
				return r, n + len(asGroupOpen) + len(word) + 1, true
			}
		}
		return Ref{}, 0, false
	}
	return r, n, true
}

// Page says which part of a list is asked for.
type Page struct {
	// Mode is "count" for the last ones, or "before", "after", "around" From,
	// or "initial" for those around the first unread. "" stands for no page.
	Mode string
	// From is an item's id, or a time in lists of chats.
	From  string
	Count int64
}

// ID returns From as a number.
func (p Page) ID() int64 { return wrap(p.From) }

func readPage(s string) Page {
	mode, value, _ := strings.Cut(s, "=")
	from, count, two := strings.Cut(value, " count=")
	if !two {
		from, count = "", value
	}
	return Page{Mode: mode, From: from, Count: wrap(count)}
}

// pageLen returns the length of the page at the start of s, 0 if there is none.
func pageLen(s string) int {
	for _, mode := range []string{"count=", "initial="} {
		if rest, ok := strings.CutPrefix(s, mode); ok {
			if d := digits(rest); d > 0 {
				return len(mode) + d
			}
			return 0
		}
	}
	for _, mode := range []string{"before=", "after=", "around="} {
		rest, ok := strings.CutPrefix(s, mode)
		if !ok {
			continue
		}
		from := strings.IndexByte(rest, ' ')
		if from <= 0 {
			return 0
		}
		tail, ok := strings.CutPrefix(rest[from:], " count=")
		if d := digits(tail); ok && d > 0 {
			return len(mode) + from + len(" count=") + d
		}
		return 0
	}
	return 0
}

// digits returns how many decimal digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
