package redact

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// Handler is a log handler that takes out of records what is not for everybody's
// eyes, and hands them on. It is safe for use by several goroutines.
type Handler struct {
	next    slog.Handler
	level   slog.Leveler
	secrets *Secrets
}

// NewHandler returns a handler in front of next. Where level is debug or below,
// only secrets are taken out; nil secrets are none.
func NewHandler(next slog.Handler, level slog.Leveler, secrets *Secrets) *Handler {
	return &Handler{next, level, secrets}
}

// Enabled is next's answer.
func (h *Handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

// Handle hands on a redacted copy of r.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, h.text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.attr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

// WithAttrs redacts the attributes once.
func (h *Handler) WithAttrs(as []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(as))
	for i, a := range as {
		clean[i] = h.attr(a)
	}
	return &Handler{h.next.WithAttrs(clean), h.level, h.secrets}
}

// WithGroup opens a group in next.
func (h *Handler) WithGroup(name string) slog.Handler {
	return &Handler{h.next.WithGroup(name), h.level, h.secrets}
}

func (h *Handler) open() bool { return h.level.Level() <= slog.LevelDebug }

func (h *Handler) text(s string) string {
	if !h.open() {
		s = Text(s)
	}
	return h.secrets.Hide(s)
}

func (h *Handler) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(h.text(v.String()))
	case slog.KindGroup:
		group := slices.Clone(v.Group())
		for i := range group {
			group[i] = h.attr(group[i])
		}
		a.Value = slog.GroupValue(group...)
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			a.Value = slog.StringValue(h.err(err))
		}
	}
	return a
}

func (h *Handler) err(err error) string {
	if h.open() {
		return h.secrets.Hide(err.Error())
	}
	return h.secrets.Hide(Error(err))
}

// Secrets are texts that no log may hold at any level: database keys, tokens.
// The zero value has none; a nil one too.
type Secrets struct {
	mu    sync.RWMutex // guards what follows
	known []string
}

// shortest is how long a text must be to be searched for: shorter ones stand in
// ordinary words.
const shortest = 4

// Add makes s a secret.
func (s *Secrets) Add(secret string) {
	if len(secret) < shortest {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.known, secret) {
		s.known = append(s.known, secret)
	}
}

// Hide returns text without the secrets.
func (s *Secrets) Hide(text string) string {
	if s == nil {
		return text
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, secret := range s.known {
		text = strings.ReplaceAll(text, secret, Mark)
	}
	return text
}
