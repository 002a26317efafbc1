package bottest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

var _ slog.Handler = (*journal)(nil)

// journal keeps what the bot logs. Errors are what its handlers raised; a test
// takes those that it expects.
type journal struct {
	*entries
	attrs string
	// script tells that the records are the script's; of the host's own, only
	// warnings and errors say anything about a test.
	script bool
}

type entries struct {
	mu     sync.Mutex // guards the fields below
	lines  []string
	errors []string
}

func newJournal() *journal { return &journal{entries: &entries{}} }

// Enabled takes the script's records from info on, the host's from warn on.
func (j *journal) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn || j.script && level >= slog.LevelInfo
}

// Handle keeps one record.
func (j *journal) Handle(_ context.Context, r slog.Record) error {
	fields := j.attrs
	source, closed := "", false
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "type": // handlers that a restart cuts are nobody's mistake
			closed = a.Value.String() == luaapi.ErrClosed
			fields += " " + a.String()
		case "traceback":
		case "source":
			source = a.Value.String()
		default:
			fields += " " + a.String()
		}
		return true
	})
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf("%-5s %s%s", r.Level, r.Message, fields))
	if r.Level >= slog.LevelError && !closed {
		text := r.Message
		if source != "" {
			text += "\n    " + source
		}
		j.errors = append(j.errors, text)
	}
	return nil
}

// WithAttrs leaves out who logs: it is always the bot.
func (j *journal) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := *j
	for _, a := range attrs {
		switch a.Key {
		case "bot":
		case "generation":
			n.script = true
		default:
			n.attrs += " " + a.String()
		}
	}
	return &n
}

// WithGroup leaves groups out.
func (j *journal) WithGroup(string) slog.Handler { return j }

// Write takes what the script prints.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

func (j *journal) takeError() (text string, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.errors) == 0 {
		return "", false
	}
	text, j.errors = j.errors[0], j.errors[1:]
	return text, true
}

func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines
}
