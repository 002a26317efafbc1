package host

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/redact"
)

// LastError is the last error that the bot logged. One about a version of the
// script that was replaced since is none.
type LastError struct {
	At time.Time
	// Text is without texts of messages, names and links.
	Text string
}

// errorKeeper is a log handler that remembers the last error it has seen.
type errorKeeper struct {
	slog.Handler
	last *keptError
	// generation is that of the script whose log it is, 0 for the host's.
	generation int64
}

type keptError struct {
	mu   sync.Mutex // guards what follows
	last LastError
	// generation is that of the script which the error is about, 0 for none.
	generation int64
}

// replaced forgets the error where it is about a generation of the script before
// that one: a newer one runs.
func (k *keptError) replaced(by int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.generation > 0 && k.generation < int64(by) {
		k.last, k.generation = LastError{}, 0
	}
}

func (k *keptError) get() LastError {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last
}

func (k errorKeeper) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		text, generation := redact.Text(r.Message), k.generation
		r.Attrs(func(a slog.Attr) bool {
			generation = max(generation, generationOf(a))
			if err, ok := a.Value.Any().(error); ok {
				text += ": " + redact.Error(err)
			}
			return true
		})
		k.last.mu.Lock()
		k.last.last, k.last.generation = LastError{At: r.Time, Text: text}, generation
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
	next := errorKeeper{k.Handler.WithAttrs(as), k.last, k.generation}
	for _, a := range as {
		next.generation = max(next.generation, generationOf(a))
	}
	return next
}

func (k errorKeeper) WithGroup(name string) slog.Handler {
	return errorKeeper{k.Handler.WithGroup(name), k.last, k.generation}
}

// generationOf reads the attribute that every line about a generation has, 0 for
// others.
func generationOf(a slog.Attr) int64 {
	if a.Key == "generation" && a.Value.Kind() == slog.KindInt64 {
		return a.Value.Int64()
	}
	return 0
}
