package devchat

import (
	"context"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var _ slog.Handler = (*problemLog)(nil)

// problemLog takes the errors of the script out of the log, to be shown where
// they happen in the chat. Everything else goes on to the log.
type problemLog struct {
	slog.Handler
	session *Session
	script  bool // the records are of the script, not of the host
}

func newProblemLog(log *slog.Logger, s *Session) *slog.Logger {
	return slog.New(&problemLog{Handler: log.Handler(), session: s})
}

// Enabled takes the errors of scripts whatever the level of the log.
func (l *problemLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError || l.Handler.Enabled(ctx, level)
}

// Handle shows an error of the script, or hands the record on.
func (l *problemLog) Handle(ctx context.Context, r slog.Record) error {
	if p, ok := readProblem(r); ok && l.script && r.Level >= slog.LevelError {
		at := l.session.clock.Now()
		l.session.later(func() { l.session.problem(p, at) })
		return nil
	}
	if !l.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs notices the loggers of scripts: they know their generation.
func (l *problemLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := &problemLog{l.Handler.WithAttrs(attrs), l.session, l.script}
	for _, a := range attrs {
		n.script = n.script || a.Key == "generation"
	}
	return n
}

// WithGroup is for slog.
func (l *problemLog) WithGroup(name string) slog.Handler {
	return &problemLog{l.Handler.WithGroup(name), l.session, l.script}
}

// place is where in the script something happened.
var place = regexp.MustCompile(`^[^\s:][^:\n]*:(\d+): `)

// readProblem reads what the runtime logs about an error. What the script logs
// itself has no type.
func readProblem(r slog.Record) (p Problem, ok bool) {
	p.Text = r.Message
	if m := place.FindStringSubmatch(p.Text); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
	}
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "type":
			ok = true
		case "source":
			p.Code = a.Value.String()
		}
		return true
	})
	return p, ok
}

// problem shows an error of a handler, and records that it is expected.
func (s *Session) problem(p Problem, at time.Time) {
	s.screen.Problem(p)
	text, _, _ := strings.Cut(place.ReplaceAllString(p.Text, ""), "\n")
	s.record.problem(text, at)
}
