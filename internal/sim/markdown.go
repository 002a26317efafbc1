package sim

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// format is how a piece of text is shown, or what it is.
type format struct {
	Type       string   `json:"type"`
	Color      string   `json:"color,omitempty"`
	CommandStr string   `json:"commandStr,omitempty"`
	MemberName string   `json:"memberName,omitempty"`
	LinkType   string   `json:"linkType,omitempty"`
	SimplexURI string   `json:"simplexUri,omitempty"`
	SMPHosts   []string `json:"smpHosts,omitempty"`
	LinkURI    string   `json:"linkUri,omitempty"`
	ShowText   string   `json:"showText,omitempty"`
}

// same tells whether two formats, or none, are equal.
func (f *format) same(g *format) bool {
	if f == nil || g == nil {
		return f == g
	}
	return f.Type == g.Type && bytes.Equal(encode(f), encode(g))
}

// formatted is a piece of a text with one format.
type formatted struct {
	Format *format `json:"format,omitempty"`
	Text   string  `json:"text"`
}

// markdown splits a text into its formatted pieces; nil means that it is plain.
// hasLink tells whether it has a link. Formats do not go over the ends of lines.
func markdown(text string) (pieces []formatted, hasLink bool) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) == 1 {
		s := strings.TrimLeft(lines[0], " ")
		_, first := utf8.DecodeRuneInString(s)
		switch {
		case len(s) == first:
			return nil, false
		case s[0] == '/': // the whole message is a command, whatever it says
			return []formatted{{&format{Type: "command", CommandStr: s[1:]}, lines[0]}}, false
		}
	}
	plain := true
	for i, line := range lines {
		if i > 0 {
			pieces = joinPieces(pieces, formatted{Text: "\n"})
		}
		for line != "" {
			ps, used := piece(line)
			line = line[used:]
			pieces = joinPieces(pieces, ps...)
			if f := ps[0].Format; f != nil {
				plain = false
				hasLink = hasLink || f.Type == "uri" || f.Type == "simplexLink" || f.Type == "hyperLink"
			}
		}
	}
	if plain {
		return nil, false
	}
	return pieces, hasLink
}

// joinPieces adds pieces, and makes neighbours of one format one piece.
func joinPieces(pieces []formatted, more ...formatted) []formatted {
	for _, p := range more {
		if n := len(pieces); n > 0 && pieces[n-1].Format.same(p.Format) {
			pieces[n-1].Text += p.Text
		} else if p.Text != "" {
			pieces = append(pieces, p)
		}
	}
	return pieces
}

// piece reads the piece that a text begins with: spaces, something between marks,
// or a word. What the core takes for a mark counts only there.
func piece(s string) (ps []formatted, used int) {
	switch c := s[0]; {
	case c == ' ':
		n := len(s) - len(strings.TrimLeft(s, " "))
		return []formatted{{Text: s[:n]}}, n
	case marks[c] != "":
		return markedPiece(s, marks[c])
	case c == '#':
		return secretPiece(s)
	case c == '!':
		ps, used = coloredPiece(s)
	case c == '@':
		ps, used = namedPiece(s, func(name string) *format { return &format{Type: "mention", MemberName: name} })
	case c == '/':
		ps, used = namedPiece(s, commandFormat)
	case c == '[':
		ps, used = hyperlinkPiece(s)
	case c == '+' || c >= '0' && c <= '9':
		if n := len(phone.FindString(s)); n >= 7 && n <= 22 {
			return []formatted{{&format{Type: "phone"}, s[:n]}}, n
		}
	}
	if used > 0 {
		return ps, used
	}
	if used = strings.IndexByte(s, ' '); used < 0 {
		used = len(s)
	}
	return wordPieces(s[:used]), used
}

// marks are the characters that enclose formatted text.
var marks = [256]string{'*': "bold", '_': "italic", '~': "strikeThrough", '`': "snippet"}

// bare tells whether a text between marks has a space at an end, or is none.
func bare(s string) bool { return s == "" || s[0] == ' ' || s[len(s)-1] == ' ' }

// markedPiece reads *text*: the next mark ends it, wherever it stands. Without
// one, all the rest is plain.
func markedPiece(s, name string) ([]formatted, int) {
	end := strings.IndexByte(s[1:], s[0]) + 1
	switch {
	case end == 0:
		return []formatted{{Text: s}}, len(s)
	case bare(s[1:end]):
		return []formatted{{Text: s[:end+1]}}, end + 1
	}
	return []formatted{{&format{Type: name}, s[1:end]}}, end + 1
}

// secretPiece reads #text#, with any number of # at each end.
func secretPiece(s string) ([]formatted, int) {
	begin := 1 + len(s[1:]) - len(strings.TrimLeft(s[1:], "#"))
	end := strings.IndexByte(s[begin:], '#')
	if end < 0 {
		return []formatted{{Text: s}}, len(s)
	}
	end += begin
	used := len(s) - len(strings.TrimLeft(s[end:], "#"))
	if bare(s[begin:end]) {
		return []formatted{{Text: s[:used]}}, used
	}
	return []formatted{{&format{Type: "secret"}, s[1 : used-1]}}, used
}

// colored is the beginning of a text with a color, or of a small one: !red text!
var colored = regexp.MustCompile(`^!(r|red|1|g|green|2|b|blue|3|y|yellow|4|c|cyan|5|m|magenta|6|-)[ \t]([^ !][^!]*)!`)

var colors = map[byte]string{'r': "red", 'g': "green", 'b': "blue", 'y': "yellow", 'c': "cyan", 'm': "magenta",
	'1': "red", '2': "green", '3': "blue", '4': "yellow", '5': "cyan", '6': "magenta"}

func coloredPiece(s string) ([]formatted, int) {
	m := colored.FindStringSubmatch(s)
	if m == nil || bare(m[2]) {
		return nil, 0
	}
	f := &format{Type: "small"}
	if color := colors[m[1][0]]; color != "" {
		f = &format{Type: "colored", Color: color}
	}
	return []formatted{{f, m[2]}}, len(m[0])
}

// namedPiece reads @name, or @'name with spaces'; /command is of the same form.
func namedPiece(s string, formatOf func(name string) *format) ([]formatted, int) {
	name, quoted := s[1:], strings.HasPrefix(s[1:], "'")
	end, used := 0, 0
	if quoted {
		name = name[1:]
		end = strings.IndexByte(name, '\'')
		used = end + 3
	} else {
		word := firstField(name)
		end = len(strings.TrimRightFunc(word, unicode.IsPunct))
		used = end + 1
	}
	if end <= 0 || name[0] <= ' ' || strings.IndexByte("#@'", name[0]) >= 0 {
		return nil, 0
	}
	f := formatOf(name[:end])
	if f == nil {
		return nil, 0
	}
	ps := []formatted{{f, s[:used]}}
	if !quoted { // punctuation at the end of the word begins nothing
		if rest := firstField(name[end:]); rest != "" {
			return append(ps, formatted{Text: rest}), used + len(rest)
		}
	}
	return ps, used
}

// commandFormat is the format of a command, nil where its first word can't be one.
func commandFormat(command string) *format {
	for _, r := range firstField(command) {
		if !unicode.IsLetter(r) && (r < '0' || r > '9') && r != '_' {
			return nil
		}
	}
	return &format{Type: "command", CommandStr: command}
}

func firstField(s string) string {
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i]
	}
	return s
}

var (
	phone = regexp.MustCompile(`^(\+[0-9]+)?([ .-]?\([0-9]+\))?([ .-]?[0-9]+)*`)
	email = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)
)
