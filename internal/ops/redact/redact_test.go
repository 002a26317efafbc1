package redact

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "the bot has ended; the others go on", "the bot has ended; the others go on"},
		{"short link", "see https://smp16.simplex.im/a#lrdvu2d8A1GumSmoKb2krQmtKhWXq-tyGpHuM7aMwsw now", "see https://smp16.simplex.im/… now"},
		{"full link", "simplex:/contact#/?v=2-7&smp=smp%3A%2F%2Fx", "simplex:…"},
		{"server with its key", "smp://abc=@host.example lost", "smp:… lost"},
		{"web address", "get http://example.org/a?token=1: refused", "get http://example.org/…: refused"},
		{"host alone", "https://example.org", "https://example.org"},
		{"login in a web address", "https://me:pw@example.org/x", "https://example.org/…"},
		{"connection string", "postgres://bot:hunter2@db/simplex", "postgres://…@db/simplex"},
		{"words of one", "host=db password=hunter2 dbname=x", "host=db password=… dbname=x"},
		{"option", `encryption_key = "a b", next`, "encryption_key = …, next"},
		{"long key", "no AbCdEfGhIjKlMnOpQrStUvWxYz0123456789= here", "no … here"},
		{"path", "/var/lib/simplex-lua/a-very-long-name-of-a-bot/chat_chat.db", "/var/lib/simplex-lua/a-very-long-name-of-a-bot/chat_chat.db"},
		{"keyword", "the key is wrong", "the key is wrong"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Text(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

type scripted struct{}

func (scripted) Error() string    { return "bot.lua:1: what alice said" }
func (scripted) Redacted() string { return "bot.lua:1: what … said" }

func TestError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("disk full"), "disk full"},
		{fmt.Errorf("reload: %w", scripted{}), "reload: bot.lua:1: what … said"},
		{fmt.Errorf("x: %w", &chat.CommandError{Command: "/_send", Type: "error", Tag: "commandError", Message: "what alice said"}), "x: /_send: the core answered error commandError: …"},
	} {
		if got := Error(tt.err); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	for _, level := range []slog.Level{slog.LevelInfo, slog.LevelDebug} {
		var out strings.Builder
		var secrets Secrets
		secrets.Add("opensesame")
		secrets.Add("")
		log := slog.New(NewHandler(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level}), level, &secrets))
		log = log.With("with", "https://h.example/a#LINK").WithGroup("g")
		log.Info("said https://h.example/a#LINK", "err", scripted{}, "n", 7,
			slog.Group("in", "key", "opensesame", "link", "simplex:/LINK"))
		log.Error("opensesame", "err", fmt.Errorf("opensesame: %w", scripted{}))
		got := out.String()
		if strings.Contains(got, "opensesame") {
			t.Errorf("%v: a key in %s", level, got)
		}
		if open := level == slog.LevelDebug; strings.Contains(got, "LINK") != open || strings.Contains(got, "alice") != open {
			t.Errorf("%v: got %s", level, got)
		}
		if !strings.Contains(got, "g.n=7") {
			t.Errorf("%v: what is harmless is gone: %s", level, got)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("postgres://a:b@c/d password=x simplex:/y#z")
	f.Fuzz(func(t *testing.T, s string) {
		if got := Text("password=hunter2hunter2 " + s); strings.Contains(got, "hunter2hunter2") && !strings.Contains(s, "hunter2hunter2") {
			t.Errorf("got %q", got)
		}
	})
}
