package luaapi

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// maxMessage is how many bytes the core takes for one message: its text as JSON
// escapes it, and what stands beside it, a quote above all.
const maxMessage = 15488

// splitText cuts a text that is too long for one message into parts: the first
// takes at most first bytes of escaped JSON, the others at most limit. It cuts
// at line ends, else at word ends, and keeps links and marks (*bold*, `code`, a
// block between lines of ```) whole; where all of that is longer than a part,
// it cuts inside, but never inside of what is seen as one character.
//
// Only white space around the cuts is left out: the parts joined are the text.
func splitText(text string, first, limit int) []string {
	s := splitter{text: text, whole: findMarks(text, limit)}
	var parts []string
	room := first
	for from := 0; from < len(text); {
		end, next := s.cut(from, room)
		if part := text[from:end]; strings.ContainsFunc(part, notSpace) {
			parts = append(parts, part)
			room = limit
		}
		from = next
	}
	if parts == nil { // white space only
		end, _ := s.cut(0, limit)
		parts = []string{text[:end]}
	}
	return parts
}

// splitter finds the places to cut at.
type splitter struct {
	text string
	// whole are the pieces to keep together, in order and apart from each other.
	whole []span
}

// span is text[from:to].
type span struct{ from, to int }

// Places to cut at, best first.
const (
	lineEnd     = iota // in the second half of a part
	wordEnd            // in the second half
	earlyLine          // further in front
	earlyWord          // further in front
	lineInWhole        // inside of a piece that had better stay together
	wordInWhole
	kinds
)

// cut decides where the part that begins at from ends, and where the next one
// begins.
func (s *splitter) cut(from, room int) (end, next int) {
	for len(s.whole) > 0 && s.whole[0].to <= from {
		s.whole = s.whole[1:]
	}
	whole := s.whole
	var found [kinds]int // 0 for none: no part ends there
	size, content := 0, false
	for i := from; i < len(s.text); {
		r, n := utf8.DecodeRuneInString(s.text[i:])
		for len(whole) > 0 && whole[0].to <= i {
			whole = whole[1:]
		}
		if space := isSpace(r); space && content {
			inside := len(whole) > 0 && whole[0].from < i
			found[kindOf(r, inside, size > room/2)] = i
		} else if !space {
			content = true
		}
		if size += escapedSize(r, n); size > room {
			return s.end(from, i, found)
		}
		i += n
	}
	return len(s.text), len(s.text)
}

// kindOf says what kind of place it is where the white space r stands.
func kindOf(r rune, inside, late bool) int {
	kind := wordEnd
	if r == '\n' {
		kind = lineEnd
	}
	switch {
	case inside:
		kind += lineInWhole
	case !late:
		kind += earlyLine
	}
	return kind
}

// end picks the best place; full is where the part has no more room.
func (s *splitter) end(from, full int, found [kinds]int) (end, next int) {
	for _, at := range found {
		if at == 0 {
			continue
		}
		end = from + len(strings.TrimRightFunc(s.text[from:at], isSpace))
		// Of the white space goes what stands in front of the next line, which
		// keeps its indent.
		rest := strings.TrimLeftFunc(s.text[end:], isSpace)
		gap := s.text[end : len(s.text)-len(rest)]
		if i := strings.LastIndexByte(gap, '\n'); i >= 0 && rest != "" {
			gap = gap[:i+1]
		}
		return end, end + len(gap)
	}
	end = characterEnd(s.text, from, full)
	return end, end
}

// characterEnd returns the last place up to at where a character as people see
// it ends; at itself where there is none behind from.
func characterEnd(text string, from, at int) int {
	if at == from { // there is no room for anything
		_, n := utf8.DecodeRuneInString(text[at:])
		return at + n
	}
	end := at
	for end > from && !(text[end-1] < utf8.RuneSelf && text[end] < utf8.RuneSelf && text[end] != '\n') {
		end-- // to where a character surely ends
	}
	for state := -1; ; {
		var character string
		character, _, _, state = uniseg.FirstGraphemeClusterInString(text[end:], state)
		if end+len(character) > at {
			break
		}
		end += len(character)
	}
	if end == from { // one character that is longer than a part
		return at
	}
	return end
}

// isSpace tells whether a text may be cut at r.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00a0' && r != '\u2007' && r != '\u202f'
}

func notSpace(r rune) bool { return !isSpace(r) }

// escapedSize is how many bytes a character takes in the core's JSON, n being
// its bytes in UTF-8.
func escapedSize(r rune, n int) int {
	switch {
	case r == '"' || r == '\\' || r == '\n' || r == '\r' || r == '\t':
		return 2
	case r < 0x20:
		return 6
	}
	return n
}

// findMarks returns the pieces of a text that look like one thing although they
// may have white space inside. Marks end on their line, blocks begin and end
// with lines of ```. Nothing longer than limit is found: it is cut anyway.
func findMarks(text string, limit int) []span {
	var found []span
	for from := 0; from < len(text); {
		line := text[from:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		if n := blockLength(text[from:], line, limit); n > 0 {
			found = append(found, span{from, from + n})
			from += n
			continue
		}
		for i := 0; i < len(line); {
			if n := markLength(line[i:], limit); n > 0 && (i == 0 || !isWordByte(line[i-1])) {
				found = append(found, span{from + i, from + i + n})
				i += n
				continue
			}
			i++
		}
		from += len(line) + 1
	}
	return found
}

// blockLength is the length of the block of lines that begins with line, 0 for
// none.
func blockLength(text, line string, limit int) int {
	if !strings.HasPrefix(line, "```") || strings.Contains(line[3:], "```") {
		return 0
	}
	text = text[:min(len(text), len(line)+limit)]
	end := strings.Index(text[len(line):], "\n```")
	if end < 0 {
		return 0
	}
	return len(line) + end + len("\n```")
}

func isWordByte(b byte) bool {
	return b >= utf8.RuneSelf || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

// colors are the names that may stand in !red text!.
var colors = []string{"1", "2", "3", "4", "5", "6", "r", "g", "b", "y", "c", "m", "-",
	"red", "green", "blue", "yellow", "cyan", "magenta"}

// markLength is the length of the mark that s begins with, 0 for none.
func markLength(s string, limit int) int {
	s = s[:min(len(s), limit)]
	switch c := s[0]; c {
	case '`':
		if rest, ok := strings.CutPrefix(s, "```"); ok {
			if i := strings.Index(rest, "```"); i > 0 {
				return i + 6
			}
		}
		return enclosed(s, 1, c)
	case '*', '_', '~', '#':
		return enclosed(s, 1, c)
	case '!':
		if color, _, ok := strings.Cut(s[1:min(len(s), 10)], " "); ok && slices.Contains(colors, color) {
			return enclosed(s, len(color)+2, c)
		}
	case '@', '/': // @'two words'
		if len(s) > 1 && s[1] == '\'' {
			return enclosed(s, 2, '\'')
		}
	case '[': // [text](link)
		if i := strings.IndexByte(s, ']'); i > 0 && strings.HasPrefix(s[i+1:], "(") {
			if n := strings.IndexByte(s[i+1:], ')'); n > 0 {
				return i + 1 + n + 1
			}
		}
	}
	return 0
}

// enclosed is the length of s up to the next end, where what is inside, from
// open on, neither begins nor ends with a space.
func enclosed(s string, open int, end byte) int {
	if open >= len(s) || s[open] == ' ' {
		return 0
	}
	i := strings.IndexByte(s[open:], end)
	if i <= 0 || s[open+i-1] == ' ' {
		return 0
	}
	return open + i + 1
}
