package redact

import (
	"errors"
	"regexp"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Mark stands where something was taken out.
const Mark = "…"

// What is taken out of every text. A link of SimpleX has its key behind #, or
// after its scheme; other URLs keep their host.
var (
	links = regexp.MustCompile(`(?i)\b(?:simplex:/|(?:smp|xftp)://)[^\s"'<>]+|\bhttps?://[^\s/"'<>]+/[^\s"'<>]+`)
	login = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@"']*@`)
	// A connection string of Postgres, or an option, with a password in it.
	words = regexp.MustCompile(`(?i)\b(pass(?:word|wd|phrase)?|secret|token|api_?key|encryption_?key|key)(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"',;}]+)`)
	// Long runs of letters and digits are keys; ids and times are shorter.
	long = regexp.MustCompile(`[A-Za-z0-9+/_-]{32,}={0,2}`)
)

// Text replaces links, passwords and keys in s.
func Text(s string) string {
	s = links.ReplaceAllStringFunc(s, func(link string) string {
		bare := strings.TrimRight(link, ".,:;)") // of the sentence around it
		return host(bare) + link[len(bare):]
	})
	s = login.ReplaceAllString(s, "${1}"+Mark+"@")
	s = words.ReplaceAllString(s, "${1}${2}"+Mark)
	return long.ReplaceAllStringFunc(s, func(run string) string {
		if strings.Count(run, "/") > 1 || !strings.ContainsAny(run, "0123456789") {
			return run // a path, or words joined by lines
		}
		return Mark
	})
}

// host keeps a link's scheme and, of web links, its host.
func host(link string) string {
	scheme, rest, _ := strings.Cut(link, ":")
	if strings.HasPrefix(strings.ToLower(scheme), "http") {
		name, _, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "/")
		if _, after, ok := strings.Cut(name, "@"); ok {
			name = after
		}
		return scheme + "://" + name + "/" + Mark
	}
	return scheme + ":" + Mark
}

// Error is what may be told about err: its own redacted text where it has one,
// else its text without the core's own words, without links and keys.
func Error(err error) string {
	text := err.Error()
	var known interface {
		error
		Redacted() string
	}
	if errors.As(err, &known) {
		text = strings.ReplaceAll(text, known.Error(), known.Redacted())
	}
	var refused *chat.CommandError
	if errors.As(err, &refused) && refused.Message != "" {
		text = strings.ReplaceAll(text, refused.Message, Mark)
	}
	return Text(text)
}
