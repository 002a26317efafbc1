package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFlood hands the program 20,000 messages as fast as it takes them, more
// than its lanes hold.
func TestFlood(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"direct", "group"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := newBot(t, squarer, "CORE_ITEMS", "20000", "CORE_KIND", kind)
			b.start()
			b.until("all are answered and marked", stubCounters.done)
			b.stop()
			b.checkOnce()
		})
	}
}

// TestConversation holds the commands of a first and a second start against the
// official bot's, with ours at their places.
func TestConversation(t *testing.T) {
	t.Parallel()
	trace := filepath.Join(t.TempDir(), "trace")
	b := newBot(t, squarer, "CORE_ITEMS", "3", "CORE_CHATS", "3", "CORE_KIND", "mixed", "CORE_TRACE", trace)
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	first := []string{
		"/v", "/set file paths", "/user", "/_create user", "/_get chats", "/_start", "/_show_address 1",
		"/_address 1", "/_show_address 1", "/_address_settings", "/_profile", "/_groups",
	}
	compareTrace(t, trace, first)

	// What is as it should be is not sent again.
	if err := os.Remove(trace); err != nil {
		t.Fatal(err)
	}
	b.start()
	b.until("the second start", func(c stubCounters) bool { return c.Starts == 2 })
	b.untilLogged("the bot's address", 2)
	b.stop()
	compareTrace(t, trace, []string{"/v", "/set file paths", "/user", "/_get chats", "/_start", "/_show_address 1"})
	b.checkOnce()
}

var messages = regexp.MustCompile(`^/(_send|_read chat items|_groups|_stop) ?.*`)

// compareTrace requires that the traced commands begin with those of want, where
// messages, marks and lists of groups may stand between the later ones.
func compareTrace(t *testing.T, path string, want []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); !messages.MatchString(line) {
			got = append(got, line)
		}
	}
	at := 0
	for _, w := range want {
		if messages.MatchString(w) {
			if !strings.Contains(string(text), w) {
				t.Errorf("no %s in\n%s", w, text)
			}
			continue
		}
		if at >= len(got) || !strings.HasPrefix(got[at], w) {
			t.Fatalf("command %d: want %s, got\n%s", at, w, strings.Join(got, "\n"))
		}
		at++
	}
	if at != len(got) {
		t.Errorf("more commands than wanted: %q", got[at:])
	}
}
