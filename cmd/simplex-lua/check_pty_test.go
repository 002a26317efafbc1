//go:build !windows

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// TestCheckTerminal checks that people are told where nothing was found, and
// programs that read JSON are not.
func TestCheckTerminal(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "good.lua")
	if err := os.WriteFile(script, []byte("bot.send('@4', 'x')"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"check", script}, "no mistakes found in 1 script"},
		{[]string{"check", script, script}, "no mistakes found in 2 scripts"},
		{[]string{"check", "--json", script}, ""},
	} {
		cmd := process(t, tt.args...)
		terminal, err := pty.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		out, _ := io.ReadAll(terminal) // an error is the terminal's end
		if err := cmd.Wait(); err != nil || strings.TrimSpace(string(out)) != tt.want {
			t.Errorf("%q: %q, %v", tt.args, out, err)
		}
		_ = terminal.Close()
	}
}
