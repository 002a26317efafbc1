//go:build unix

package exec_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, modtest.Options{Grants: []string{
		"exec=sh", "exec=/bin/sh", "exec=cat", "exec=env", "exec=head", "env=LANG",
	}})
}

// Without a permission nothing runs.
func TestNotAllowed(t *testing.T) {
	t.Parallel()
	_, err := modtest.Eval(t, modtest.Options{}, `require("exec").run { "sh" }`)
	if err == nil || !strings.Contains(err.Error(), "--allow exec=sh") {
		t.Errorf("got %v", err)
	}
}

// With the handler ends the program, and what it has started.
func TestCut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pids := filepath.Join(dir, "pids")
	go func() { // ends with the script
		for ctx.Err() == nil {
			if text, _ := os.ReadFile(pids); strings.Count(string(text), "\n") == 2 {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	_, err := luaapi.Load(ctx, luaapi.Options{
		Name: "test", Path: "test.lua", NoBot: true, Grants: permission.Set{All: true},
		Session: luaapi.Session{FilesDir: dir, DataDir: dir},
		Source: []byte(`require("exec").run({ "sh", "-c",
			"sleep 300 & echo $! > new; echo $$ >> new; mv new pids; wait" }, { timeout = "10m" })`),
	})
	if err == nil {
		t.Fatal("the script was not cut")
	}
	text, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(line)
		if err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, fmt.Sprintf("process %d ended", pid), func() bool { return !alive(pid) })
	}
}

// alive tells whether a process runs; a dead one that nobody has waited for does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(stat), ") Z ")
}
