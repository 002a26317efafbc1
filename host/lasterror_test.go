package host

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestLastErrorAfterAReload: an error of a version that was replaced is no longer
// shown, one of the core is.
func TestLastErrorAfterAReload(t *testing.T) {
	t.Parallel()
	const good = `bot.on_message(function(msg) if msg.text == "fail" then error("broken handler") end end)`
	core := newFakeCore()
	b := launchLua(t, core, good, nil)
	show := func(want string) {
		t.Helper()
		last := b.LastError()
		if (want == "") != last.At.IsZero() || !strings.Contains(last.Text, want) {
			t.Errorf("got %+v, want %q", last, want)
		}
	}
	show("")
	core.receive("@4", "fail")
	testkit.Until(t, "all is marked as read", func() bool { return core.unread() == 0 })
	show("broken handler")
	b.save("local x = = 1")
	b.reloadChanged(t.Context())
	show("the script was not reloaded")
	b.reload(good)
	show("")
	core.emit(`{"error":{"type":"errorAgent","agentError":{"type":"CRITICAL","offerRestart":true,"criticalErr":"no database"}}}`)
	if err := b.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	b.reload(good)
	show("critical")
	if err := b.end(); err != nil {
		t.Error(err)
	}
}

func TestErrorsOfGenerations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		log  func(*slog.Logger)
		kept bool
	}{
		{"nothing", func(*slog.Logger) {}, false},
		{"the host's", func(l *slog.Logger) { l.Error("x", "err", errors.New("y")) }, true},
		{"an older one's", func(l *slog.Logger) { l.With("generation", 2).Error("x") }, false},
		{"about an older one", func(l *slog.Logger) { l.With("a", 1).Error("x", "generation", 2) }, false},
		{"the new one's", func(l *slog.Logger) { l.With("generation", 3).Error("x") }, true},
		{"the host's after an older one's", func(l *slog.Logger) { l.Error("x", "generation", 2); l.Error("y") }, true},
		{"a warning", func(l *slog.Logger) { l.Warn("x") }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var kept keptError
			tt.log(slog.New(errorKeeper{slog.DiscardHandler, &kept, 0}))
			kept.replaced(3)
			if got := !kept.get().At.IsZero(); got != tt.kept {
				t.Errorf("kept: got %t, want %t", got, tt.kept)
			}
		})
	}
}
