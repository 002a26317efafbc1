package chat

import (
	"strings"
	"unicode"
)

// Command is a slash command that somebody sent to the bot: "/role alice admin".
type Command struct {
	// Keyword is the word after the slash, as written; handlers compare it without case.
	Keyword string
	// Args is what follows it, without the spaces around; it may have several lines.
	Args string
	// Argv is Args split at white space; a part in double quotes is one.
	Argv []string
}

// ParseCommand returns the command at the start of the item's text. Where the
// core gave marks, only what it marked as a command counts; the text itself
// decides only where there are none.
func (it *Item) ParseCommand() (Command, bool) {
	if it.Formatted && it.Command == "" {
		return Command{}, false
	}
	cmd, ok := ParseCommand(it.Text)
	if !ok && it.Command != "" {
		return ParseCommand("/" + it.Command)
	}
	return cmd, ok
}

// ParseCommand reads "/word rest" or "/'word rest'", with white space around
// it. "https://x/y", "1/2", "/a/b" and "/" are no commands.
func ParseCommand(text string) (Command, bool) {
	body, ok := strings.CutPrefix(strings.TrimSpace(text), "/")
	if !ok {
		return Command{}, false
	}
	if quoted, ok := strings.CutPrefix(body, "'"); ok {
		inner, after, closed := strings.Cut(quoted, "'")
		if !closed {
			return Command{}, false
		}
		body = inner + " " + after
	}
	end := strings.IndexFunc(body, func(r rune) bool { return !isKeywordRune(r) })
	if end < 0 {
		end = len(body)
	}
	keyword, rest := body[:end], body[end:]
	if keyword == "" || rest != "" && strings.TrimLeftFunc(rest, unicode.IsSpace) == rest {
		return Command{}, false
	}
	args := strings.TrimSpace(rest)
	return Command{Keyword: keyword, Args: args, Argv: splitArgs(args)}, true
}

func isKeywordRune(r rune) bool {
	return r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// splitArgs splits at white space; "two words" in double quotes stay together,
// and a quote that is never closed is an ordinary letter.
func splitArgs(s string) []string {
	var argv []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimLeftFunc(s, unicode.IsSpace) {
		if s[0] == '"' {
			inner, after, closed := strings.Cut(s[1:], `"`)
			if closed && (after == "" || unicode.IsSpace(rune(after[0]))) {
				argv, s = append(argv, inner), after
				continue
			}
		}
		end := strings.IndexFunc(s, unicode.IsSpace)
		if end < 0 {
			end = len(s)
		}
		argv, s = append(argv, s[:end]), s[end:]
	}
	return argv
}
