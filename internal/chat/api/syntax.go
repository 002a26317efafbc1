package api

import "strings"

// part is a piece of a syntax: literal text, a value, a part under a
// condition, or one of several parts by a tag.
type part struct {
	lit   string
	param string
	json  bool // the value is written as JSON
	// when is "" for a part that is there if param is given, on or off for a
	// flag; inner is the part itself.
	when  string
	inner []part
	cases []choice
}

// choice is one case of a part by tag; is "*" stands for all others.
type choice struct {
	is    string
	parts []part
}

// parseSyntax reads the notation of doc.go. The tables are generated and
// tested, so a mistake in one is not an error but a panic.
func parseSyntax(s string) []part {
	parts, rest := parseParts(s, "")
	if rest != "" {
		panic("api: syntax " + s)
	}
	return parts
}

// parseParts reads up to one of the characters in end, which it leaves.
func parseParts(s, end string) (parts []part, rest string) {
	for s != "" && !strings.ContainsRune(end, rune(s[0])) {
		switch s[0] {
		case '<':
			name, after, _ := strings.Cut(s[1:], ">")
			name, isJSON := strings.CutSuffix(name, ":json")
			parts, s = append(parts, part{param: name, json: isJSON}), after
		case '[':
			cond, after, _ := strings.Cut(s[1:], "|")
			p := part{}
			p.param, p.when, _ = strings.Cut(cond, "=")
			p.inner, s = parseParts(after, "]")
			parts, s = append(parts, p), s[1:]
		case '{':
			n := strings.IndexAny(s, "|}")
			p := part{param: s[1:n]}
			for s = s[n:]; s[0] == '|'; {
				var c choice
				c.is, s, _ = strings.Cut(s[1:], "=")
				c.parts, s = parseParts(s, "|}")
				p.cases = append(p.cases, c)
			}
			parts, s = append(parts, p), s[1:]
		default:
			n := strings.IndexAny(s, "<[{"+end)
			if n < 0 {
				n = len(s)
			}
			parts, s = append(parts, part{lit: s[:n]}), s[n:]
		}
	}
	return parts, s
}
