package host

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/redact"
)

// LastError is the last error that the bot logged.
type LastError struct {
	At time.Time
	// Text is without texts of messages, names and links.
	Text string
}

// errorKeeper is a log handler that remembers the last error it has seen.
type errorKeeper struct {
	slog.Handler
	last *keptError
}

type keptError struct {
	mu   sync.Mutex // guards what follows
	last LastError
}

func (k *keptError) get() LastError {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last
}

func (k errorKeeper) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		text := redact.Text(r.Message)
		r.Attrs(func(a slog.Attr) bool {
			if err, ok := a.Value.Any().(error); ok {
				text += ": " + redact.Error(err)
			}
			return true
		})
		k.last.mu.Lock()
		k.last.last = LastError{At: r.Time, Text: text}
		k.last.mu.Unlock()
	}
	if !k.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return k.Handler.Handle(ctx, r)
}

// Enabled takes every error.
func (k errorKeeper) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError || k.Handler.Enabled(ctx, l)
}

func (k errorKeeper) WithAttrs(as []slog.Attr) slog.Handler {
	return errorKeeper{k.Handler.WithAttrs(as), k.last}
}

func (k errorKeeper) WithGroup(name string) slog.Handler {
	return errorKeeper{k.Handler.WithGroup(name), k.last}
}
