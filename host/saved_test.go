package host

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

func testLog(w *testkit.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// TestSavedScriptIsReloaded is the whole way from a saved file to the swap.
func TestSavedScriptIsReloaded(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "bot.lua")
	save := func(text string) {
		if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("good")
	core := newFakeCore()
	var log testkit.Buffer
	o := testOptions(t, core)
	o.Script, o.Source, o.Watch, o.Settle, o.Log = script, nil, true, 20*time.Millisecond, testLog(&log)
	loaded := make(chan string, 100)
	gens := &generations{make: func(int) (*fakeRuntime, error) {
		text, err := os.ReadFile(script)
		loaded <- string(text)
		if err != nil || strings.HasPrefix(string(text), "bad") {
			return nil, errors.New("bot.lua:1: syntax error near 'bad'")
		}
		rt := newFakeRuntime("bot")
		rt.files = []string{script}
		return rt, nil
	}}
	h := launch(t, o, core, gens.load)
	until := func(text string) {
		t.Helper()
		for got := ""; got != text; {
			select {
			case got = <-loaded:
			case <-time.After(time.Minute):
				t.Fatalf("%q was not loaded", text)
			}
		}
	}
	generation := func(want int) {
		t.Helper()
		testkit.Until(t, fmt.Sprintf("generation %d comes", want), func() bool { s, _ := h.Status(); return s.Generation == want })
	}
	until("good")
	save("good, edited")
	until("good, edited")
	generation(2)
	save("bad")
	until("bad")
	save("good again")
	until("good again")
	generation(3)
	if !strings.Contains(log.String(), "bot.lua:1: syntax error") {
		t.Errorf("the error was not shown: %s", log.String())
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
}
