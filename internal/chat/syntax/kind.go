package syntax

import (
	"encoding/json"
	"strings"
)

// kind is what a parameter looks like and what it stands for.
type kind uint8

const (
	kindEnum     kind = iota // one of the words of the pattern
	kindInt                  // decimal digits
	kindInts                 // 1,2,3
	kindOnOff                // on or off
	kindRef                  // @4 #2 *1 :7, with a support chat of a group
	kindSendRef              // @4 #2: a chat that messages can be sent to
	kindRole                 // a member's role that commands may give
	kindPage                 // count=10, before=5 count=10, initial=3 …
	kindWord                 // up to the next space
	kindName                 // a chat as people name it: @alice, #team, alice; not in quotes
	kindLink                 // a word: a link to connect to, or what was meant as one
	kindURL                  // a word that begins as a link does
	kindHost                 // a word: the address of a server
	kindHosts                // the rest of the line: words, addresses of servers and others
	kindPath                 // the rest of the line: a file on this machine
	kindKey                  // a word: the key of a database or of a file
	kindText                 // the rest of the line
	kindJSON                 // the rest of the line: any JSON
	kindObject               // the rest of the line: a JSON object
	kindObjects              // the rest of the line: a JSON array of objects that is not empty
	kindData                 // the rest of the line: an object of the user's own data
	kindPassword             // a word, or the rest of the line as a JSON string: a password
)

// kinds are the names that patterns use.
var kinds = map[string]kind{
	"int": kindInt, "ints": kindInts, "onoff": kindOnOff, "ref": kindRef, "sendref": kindSendRef,
	"role": kindRole, "page": kindPage, "word": kindWord, "link": kindLink, "url": kindURL,
	"name": kindName, "host": kindHost, "hosts": kindHosts, "path": kindPath, "key": kindKey, "text": kindText, "json": kindJSON,
	"object": kindObject, "objects": kindObjects, "data": kindData, "password": kindPassword,
}

// roles that the core's parser knows; relay and author occur only in results.
var roles = []string{"owner", "admin", "moderator", "member", "observer"}

// read returns the length of the value at the start of s.
func (k kind) read(s string, words []string) (int, bool) {
	switch k {
	case kindEnum:
		return word(s, words)
	case kindRole:
		return word(s, roles)
	case kindOnOff:
		return word(s, onOff)
	case kindInt:
		n := digits(s)
		return n, n > 0
	case kindInts:
		return ints(s)
	case kindRef, kindSendRef:
		return k.ref(s)
	case kindPage:
		n := pageLen(s)
		return n, n > 0
	case kindName:
		n := nameLen(s)
		return n, n > 0
	case kindWord, kindLink, kindURL, kindHost, kindKey:
		if k == kindURL && !strings.HasPrefix(s, "simplex:") && !strings.HasPrefix(s, "http") {
			return 0, false
		}
		spaces := " \t\r\n"
		if k != kindWord {
			spaces += "\v\f"
		}
		n := strings.IndexAny(s, spaces)
		if n < 0 {
			n = len(s)
		}
		if k != kindWord && strings.IndexByte(s[:n], 0xa0) >= 0 {
			return 0, false // a space to the core, which looks at bytes: more would follow
		}
		return n, n > 0
	case kindText, kindPath, kindHosts:
		return len(s), s != ""
	case kindPassword:
		if k.json(s) {
			return len(s), true
		}
		return kindWord.read(s, nil)
	default:
		return len(s), k.json(s)
	}
}

var onOff = []string{"on", "off"}

func (k kind) ref(s string) (int, bool) {
	r, n, ok := readRef(s)
	if !ok || r.AsGroup && k != kindSendRef {
		return 0, false
	}
	return n, k == kindRef || r.Type == '@' || r.Type == '#'
}

func (k kind) json(s string) bool {
	if !json.Valid([]byte(s)) {
		return false
	}
	s = strings.TrimLeft(s, " \t\r\n")
	switch k {
	case kindObject, kindData:
		return s[0] == '{'
	case kindObjects:
		return s[0] == '[' && strings.HasPrefix(strings.TrimLeft(s[1:], " \t\r\n"), "{")
	case kindPassword:
		return s[0] == '"'
	}
	return true
}

// word finds the longest of the words that s begins with.
func word(s string, words []string) (int, bool) {
	best := 0
	for _, w := range words {
		if len(w) > best && strings.HasPrefix(s, w) {
			best = len(w)
		}
	}
	return best, best > 0
}

// nameLen is the length of a chat's name, which may begin with its type. What
// the core would read as a space, a comma or a quote must not be in it, so that
// the name ends for both of us at the same place.
func nameLen(s string) int {
	start := 0
	if s != "" && strings.IndexByte("@#*:", s[0]) >= 0 {
		start = 1
	}
	n := start
	for n < len(s) && s[n] > ' ' {
		if strings.IndexByte("@#',\xa0", s[n]) >= 0 {
			return 0
		}
		n++
	}
	if n == start {
		return 0
	}
	return n
}

func ints(s string) (int, bool) {
	n := 0
	for {
		d := digits(s[n:])
		if d == 0 {
			return 0, false
		}
		n += d
		if n == len(s) || s[n] != ',' {
			return n, true
		}
		n++
	}
}
