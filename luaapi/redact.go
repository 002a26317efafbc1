package luaapi

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// What a script raises may quote what people wrote to it, or a key: error("no
// such city: " .. msg.text). Logs above debug show of it only the words that
// stand in the script itself or in Lua's own messages. While it is loaded nobody
// has written anything yet: then our own messages keep their short numbers too,
// as the index of an entry or a port.

// vocabulary are the words that may be shown.
type vocabulary struct {
	mu      sync.Mutex // guards what follows
	sources [][]byte   // not read yet
	words   map[string]struct{}
	types   fs.FS               // type files of the API, nil for none or when they are read
	names   map[string]struct{} // in them
}

// add makes the words of a source known. They are read when the first error comes.
func (v *vocabulary) add(source []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sources = append(v.sources, source)
}

// knows tells whether a word may be shown, with mu held; of our own messages,
// where own says so.
func (v *vocabulary) knows(word string, own bool) bool {
	if v.words == nil {
		v.words = map[string]struct{}{}
		learn(v.words, luaWords)
	}
	for _, src := range v.sources {
		learn(v.words, assigned.ReplaceAllString(string(src), "$1 "))
	}
	v.sources = nil
	_, ok := v.words[word]
	if !ok && own {
		_, ok = words()[word]
	}
	if !ok && own {
		if v.types != nil {
			v.names, v.types = apiNames(v.types), nil
		}
		_, ok = v.names[word]
	}
	return ok
}

// apiNames are the names of functions, fields and values in the type files: our
// messages suggest them, and they tell nothing of anybody.
func apiNames(types fs.FS) map[string]struct{} {
	names := map[string]struct{}{}
	files, _ := fs.Glob(types, "meta/*.lua") // the pattern is right
	for _, file := range files {
		text, err := fs.ReadFile(types, file)
		if err != nil {
			continue // then its names show as … only
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "function ") || strings.HasPrefix(line, "---@") || strings.HasPrefix(line, "---|") {
				learn(names, strings.Join(declared.FindAllString(line, -1), " "))
			}
		}
	}
	return names
}

// words are those of our own messages.
var words = sync.OnceValue(func() map[string]struct{} {
	m := map[string]struct{}{}
	learn(m, ourWords)
	return m
})

func learn(words map[string]struct{}, text string) {
	for _, w := range wordRuns.FindAllString(text, -1) {
		if !likeKey(w) {
			words[strings.Clone(w)] = struct{}{}
		}
	}
}

// likeKey tells words of a script that may well be a key from those of a
// language or a name.
func likeKey(w string) bool {
	return len(w) > 32 || len(w) >= 8 && strings.ContainsAny(w, "0123456789") && strings.IndexFunc(w, unicode.IsLetter) >= 0
}

var (
	// declared are in a line of a type file a function, a field, and its values.
	declared  = regexp.MustCompile(`^(?:---@(?:field|param)|function) [\w.:]+|"\w+"|\w+\?:`)
	wordRuns  = regexp.MustCompile(`[\p{L}\p{N}_]+`)
	refusals  = regexp.MustCompile(`^/\S+(?: [a-z_]+)?: the core answered \w+(?: \w+)?`)
	omissions = regexp.MustCompile(`…(?:[^\p{L}\p{N}_"]*…)+`)
	// assigned are literals that a script gives the name of a key.
	assigned = regexp.MustCompile(`(?i)(\w*(?:key|token|secret|pass|credential|connection)\w*)"?\]?\s*=\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[\[[^\]]*\]\])`)
	// quotesString is a message of the compiler about a string.
	quotesString = regexp.MustCompile(`near '(?:"|'|\[)`)
	shortNumber  = regexp.MustCompile(`^[0-9]{1,6}$`)
	// literals may be cut at the end of the line.
	literals = regexp.MustCompile(`"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)`)
)

// clean returns text with … for each word that is not known and more does not let
// through; own is for messages of ours.
func (v *vocabulary) clean(text string, own bool, more func(before, word string) bool) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var b strings.Builder
	end, shown := 0, false
	for _, at := range wordRuns.FindAllStringIndex(text, -1) {
		word, between := text[at[0]:at[1]], text[end:at[0]]
		if !shown {
			between = "…" + between
		}
		shown = v.knows(word, own) || own && more != nil && more(between, word)
		b.WriteString(text[end:at[0]])
		if end = at[1]; shown {
			b.WriteString(word)
		} else {
			b.WriteString("…")
		}
	}
	b.WriteString(text[end:])
	text = strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '…' {
			return '…' // signs and pictures are texts too
		}
		return r
	}, b.String())
	return omissions.ReplaceAllString(text, "…")
}

// ours tells which types of errors this program words.
func ours(typ string) bool {
	switch typ {
	case ErrArgument, ErrChat, ErrCommand, ErrDelivery, ErrPermission, ErrTimeout, ErrLimit, ErrNotStarted, ErrPoison, ErrClosed:
		return true
	}
	return false
}

// redact returns se's message with nothing in it that may come from outside of
// the script.
func (rt *Runtime) redact(se *ScriptError) string {
	if reason := refusals.FindString(se.Message); se.Type == ErrChat && reason != "" {
		return reason // without the core's own text
	}
	if aboutCode(se) {
		return se.Message
	}
	return rt.vocabulary.clean(se.Message, ours(se.Type), func(before, word string) bool {
		switch {
		case shortNumber.MatchString(word):
			return rt.loading || before == ":" && se.Type == ErrPermission // a port
		case word == "s" || word == "t":
			return before == "'" // the script's, can't
		}
		return false
	})
}

// Redacted is Where with only such words that stand in the script, in Lua's
// messages or in this program's: none of what people wrote.
func (e *ScriptError) Redacted() string {
	message := e.redacted
	if message == "" {
		message = "…"
	}
	if e.File == "" {
		return message
	}
	return placeOf(e.File, e.Line) + message
}

// RedactedSource is the line of the script without its literals, which may be
// keys. Of a script that does not load, only those words of them are missing that
// look like one.
func (e *ScriptError) RedactedSource() string {
	if e.redactedSource != "" {
		return e.redactedSource
	}
	return literals.ReplaceAllString(e.Source, `"…"`)
}

// redactSource is RedactedSource of a line that did not load.
func (rt *Runtime) redactSource(line string) string {
	return literals.ReplaceAllStringFunc(line, func(literal string) string { return rt.vocabulary.clean(literal, true, nil) })
}

// aboutCode tells whether a message is about the script's own code, and quotes no
// string of it.
func aboutCode(se *ScriptError) bool {
	var syntax *lua51.SyntaxError
	return errors.As(se.Cause, &syntax) && se.Type == ErrScript && !quotesString.MatchString(se.Message)
}

// logged is what the log says of an error: its text, its type and the source
// line to show with it.
func (rt *Runtime) logged(se *ScriptError) (text, typ, source string) {
	if rt.opts.ShowTexts || rt.log.Enabled(context.Background(), slog.LevelDebug) {
		return se.Where(), se.Type, se.Source
	}
	typ = se.Type
	if !ours(typ) {
		typ = rt.vocabulary.clean(typ, true, nil)
	}
	return se.Redacted(), typ, se.RedactedSource()
}

// meter returns what counts the runs of a handler, nil where nobody counts.
func (rt *Runtime) meter(handler string) func(took time.Duration, failed bool) {
	if rt.opts.Meter == nil {
		return nil
	}
	return rt.opts.Meter(handler)
}
