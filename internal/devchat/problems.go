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
// they happen in the chat. Everything else goes on to the log; of the script it
// is also what it tells at the level info, unless not even warnings are wanted.
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
	return level >= slog.LevelError || l.wanted(ctx, level)
}

func (l *problemLog) wanted(ctx context.Context, level slog.Level) bool {
	return l.Handler.Enabled(ctx, level) || l.script && level >= slog.LevelInfo && l.Handler.Enabled(ctx, slog.LevelWarn)
}

// Handle shows an error of the script, or hands the record on, with the time of
// the session.
func (l *problemLog) Handle(ctx context.Context, r slog.Record) error {
	now := l.session.clock.Now()
	if p, ok := readProblem(r); ok && l.script && r.Level >= slog.LevelError {
		l.session.later(func() { l.session.problem(p, now) })
		return nil
	}
	if !l.wanted(ctx, r.Level) {
		return nil
	}
	r.Time = now
	return l.Handler.Handle(ctx, r)
}

// WithAttrs notices the loggers of scripts: they know their generation. That and
// the name of the bot are left out, for there is only one.
func (l *problemLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := &problemLog{l.Handler, l.session, l.script}
	var kept []slog.Attr
	for _, a := range attrs {
		switch a.Key {
		case "generation":
			n.script = true
		case "bot":
		default:
			kept = append(kept, a)
		}
	}
	n.Handler = l.Handler.WithAttrs(kept)
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
