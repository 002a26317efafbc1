package sim

import (
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

// formatted is a piece of a text with one format.
type formatted struct {
	Format *format `json:"format,omitempty"`
	Text   string  `json:"text"`
}

// markdown splits a text into its formatted pieces; nil means that it is plain.
// hasLink tells whether it has a link.
func markdown(text string) (pieces []formatted, hasLink bool) {
	if c, ok := wholeCommand(text); ok {
		return []formatted{c}, false
	}
	lines := strings.SplitAfter(text, "\n")
	for _, line := range lines {
		body := strings.TrimSuffix(line, "\n")
		pieces = append(pieces, inline(body)...)
		if len(body) < len(line) {
			pieces = append(pieces, formatted{Text: "\n"})
		}
	}
	pieces = mergePlain(pieces)
	plain := true
	for _, p := range pieces {
		if p.Format != nil {
			plain = false
			hasLink = hasLink || p.Format.Type == "uri" || p.Format.Type == "simplexLink" || p.Format.Type == "hyperLink"
		}
	}
	if plain {
		return nil, false
	}
	return pieces, hasLink
}

// mergePlain merges neighbours without a format.
func mergePlain(in []formatted) []formatted {
	var out []formatted
	for _, p := range in {
		if n := len(out); n > 0 && p.Format == nil && out[n-1].Format == nil {
			out[n-1].Text += p.Text
			continue
		}
		if p.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// wholeCommand is a text that is one command: /word and the rest of the text.
func wholeCommand(text string) (formatted, bool) {
	s := strings.TrimSpace(text)
	if strings.Contains(s, "\n") || len(s) < 2 || s[0] != '/' {
		return formatted{}, false
	}
	cmd := s[1:]
	if strings.HasPrefix(cmd, "'") { // /'role 2'
		end := strings.IndexByte(cmd[1:], '\'')
		if end <= 0 {
			return formatted{}, false
		}
		return formatted{&format{Type: "command", CommandStr: cmd[1 : 1+end]}, text}, 2+end == len(cmd)
	}
	word := firstField(cmd)
	if !commandWord(word) {
		return formatted{}, false
	}
	return formatted{&format{Type: "command", CommandStr: cmd}, text}, true
}

func firstField(s string) string {
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i]
	}
	return s
}

// commandWord tells whether a word can be the name of a command.
func commandWord(w string) bool {
	if w == "" {
		return false
	}
	for _, r := range w {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			return false
		}
	}
	return true
}

// marks are the characters that enclose formatted text.
var marks = map[byte]string{'*': "bold", '_': "italic", '~': "strikeThrough", '`': "snippet", '#': "secret"}

var colors = map[string]string{"1": "red", "2": "green", "3": "blue", "4": "yellow", "5": "cyan", "6": "magenta",
	"r": "red", "g": "green", "b": "blue", "y": "yellow", "c": "cyan", "m": "magenta",
	"red": "red", "green": "green", "blue": "blue", "yellow": "yellow", "cyan": "cyan", "magenta": "magenta"}

// inline splits one line at words.
func inline(s string) []formatted {
	var out []formatted
	start := true
	for s != "" {
		n := strings.IndexFunc(s, func(r rune) bool { return r != ' ' })
		if n < 0 {
			n = len(s)
		}
		if n > 0 {
			out = append(out, formatted{Text: s[:n]})
			s, start = s[n:], true
			continue
		}
		p, used := piece(s)
		if !start || used == 0 {
			used = len(s)
			if i := strings.IndexByte(s, ' '); i > 0 {
				used = i
			}
			p = []formatted{{Text: s[:used]}}
		}
		out = append(out, p...)
		s, start = s[used:], false
	}
	return out
}

// piece reads a formatted piece at the start of a word.
func piece(s string) ([]formatted, int) {
	if name, ok := marks[s[0]]; ok {
		if end := closing(s, s[0], s[0] == '`'); end > 0 {
			return []formatted{{&format{Type: name}, s[1:end]}}, end + 1
		}
		return nil, 0
	}
	switch s[0] {
	case '!':
		color, _, ok := strings.Cut(s[1:], " ")
		if ok && colors[color] != "" {
			if end := closing(s[len(color)+1:], ' ', false, '!'); end > 0 {
				return []formatted{{&format{Type: "colored", Color: colors[color]}, s[len(color)+2 : len(color)+1+end]}}, len(color) + 2 + end
			}
		}
		return nil, 0
	case '@':
		return mentionPiece(s)
	case '/':
		w := strings.TrimRightFunc(firstField(s[1:]), unicode.IsPunct)
		if commandWord(w) && len(w)+1 == len(firstField(s)) || commandWord(w) && trailing(firstField(s)[1+len(w):]) {
			return []formatted{{&format{Type: "command", CommandStr: w}, s[:1+len(w)]}}, 1 + len(w)
		}
		return nil, 0
	}
	if s[0] == '+' || s[0] >= '0' && s[0] <= '9' {
		if m := phone.FindString(s); m != "" {
			if d := countDigits(m); d >= 7 && d <= 22 {
				return []formatted{{&format{Type: "phone"}, m}}, len(m)
			}
		}
	}
	w := firstField(s)
	body := strings.TrimRight(w, ".,;:!?)")
	switch f := wordFormat(body); {
	case f == nil:
		return nil, 0
	case len(body) < len(w):
		return []formatted{{f, body}, {Text: w[len(body):]}}, len(w)
	default:
		return []formatted{{f, body}}, len(w)
	}
}

func trailing(s string) bool { return strings.Trim(s, ".,;:!?)") == "" }

var (
	phone = regexp.MustCompile(`^\+?[0-9][0-9 ().-]*[0-9]`)
	email = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)
	site  = regexp.MustCompile(`^https?://[^\s/?#]+\.?[^\s]*$`)
	bare  = regexp.MustCompile(`^([A-Za-z0-9-]{3,8}\.)?[A-Za-z0-9-]{1,24}\.[A-Za-z]{2,8}$`)
	short = regexp.MustCompile(`^https://([^/]+)/([aigcr])#(.+)$`)
)

func countDigits(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

var linkTypes = map[string]string{"a": "contact", "i": "invitation", "g": "group", "c": "channel", "r": "relay"}

// wordFormat is the format of a whole word.
func wordFormat(w string) *format {
	switch {
	case w == "":
		return nil
	case strings.HasPrefix(w, "simplex:/"):
		return simplexLink(w)
	case site.MatchString(w):
		if m := short.FindStringSubmatch(w); m != nil {
			return &format{Type: "simplexLink", LinkType: linkTypes[m[2]], SMPHosts: []string{m[1]},
				SimplexURI: "simplex:/" + m[2] + "#" + strings.Replace(m[3], "?", "?h="+m[1]+"&", 1)}
		}
		return &format{Type: "uri"}
	case email.MatchString(w):
		return &format{Type: "email"}
	case bare.MatchString(w):
		return &format{Type: "uri"}
	}
	return nil
}

func simplexLink(w string) *format {
	kind := "contact"
	switch {
	case strings.HasPrefix(w, "simplex:/invitation"):
		kind = "invitation"
	case strings.Contains(w, "groupLinkId"):
		kind = "group"
	}
	return &format{Type: "simplexLink", LinkType: kind, SimplexURI: w, SMPHosts: []string{serverHost}}
}

// closing finds the closing mark; the text inside has no space at its ends and
// the mark is the end of a word.
func closing(s string, open byte, code bool, end ...byte) int {
	mark := open
	if len(end) > 0 {
		mark = end[0]
	}
	if len(s) < 3 || s[1] == ' ' || s[1] == mark {
		return 0
	}
	for i := 2; i < len(s); i++ {
		if s[i] != mark || s[i-1] == ' ' && !code {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(s[i+1:]); i+1 == len(s) || unicode.IsSpace(r) || unicode.IsPunct(r) || code {
			return i
		}
	}
	return 0
}

// mentionPiece reads @name or @'name with spaces'.
func mentionPiece(s string) ([]formatted, int) {
	if strings.HasPrefix(s, "@'") {
		if end := strings.IndexByte(s[2:], '\''); end > 0 {
			return []formatted{{&format{Type: "mention", MemberName: s[2 : 2+end]}, s[:3+end]}}, 3 + end
		}
		return nil, 0
	}
	w := firstField(s)
	name := strings.TrimRight(w[1:], ".,;:!?)'\"")
	if name == "" {
		return nil, 0
	}
	return []formatted{{&format{Type: "mention", MemberName: name}, "@" + name}}, 1 + len(name)
}
