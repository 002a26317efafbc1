package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestTriesThatWaitDoNotCount: a process that dies while a message's handlers
// wait did not die of the message.
func TestTriesThatWaitDoNotCount(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attempts")
	asked := []chat.Item{received(7)}
	for life, tt := range []struct {
		goesOn bool
		want   int
	}{{false, 1}, {false, 1}, {true, 1}, {false, 2}, {true, 2}, {false, 3}} {
		a := openAttempts(path, discard)
		if n := a.begin(asked); n != tt.want {
			t.Errorf("life %d: got try %d, want %d", life, n, tt.want)
		}
		a.rest(asked, true)
		if tt.goesOn {
			a.rest(asked, false)
		}
	}
	a := openAttempts(path, discard)
	a.begin(asked)
	a.handled(asked)
	a.rest(asked, true) // too late
	if n := openAttempts(path, discard).begin(asked); n != 4 {
		t.Errorf("after the end: got try %d, want 4", n)
	}
}

// TestDialogsInTheJournal: an open dialog is no try, until it goes on.
func TestDialogsInTheJournal(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	b := launchLua(t, core, `bot.on_command("form", function(msg)
		msg:ask("name?")
		msg:ask("age?")
		sleep(36000)
	end)`, nil)
	noted := func(tries string) func() bool {
		return func() bool {
			lines, _ := os.ReadFile(filepath.Join(b.data, "attempts"))
			last := ""
			for line := range strings.Lines(string(lines)) {
				if strings.HasPrefix(line, "1 ") {
					last = line
				}
			}
			return strings.HasSuffix(last, " "+tries+"\n")
		}
	}
	core.receive("@4", "/form")
	b.until("the dialog is open", noted("0"))
	core.receive("@4", "Ann")
	b.until("the second question", func() bool { return b.said.has("age?") })
	b.until("it waits again", noted("0"))
	core.receive("@4", "7")
	b.until("it goes on", noted("1"))
	if err := b.end(); err != nil {
		t.Error(err)
	}
}
