package store_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// child does, in a process of its own, what the test that started it wants: it
// runs a script on the folder DIR and passes on what the script prints.
func child(script string) bool {
	if script == "" {
		return false
	}
	if err := run(os.Stdout, options(os.Getenv("STORE_TEST_DIR"), script)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

func childCommand(dir, script string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_CHILD="+script, "STORE_TEST_DIR="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// TestKilled: what was acknowledged is there after kill -9.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	acknowledged := 0
	for range 3 {
		// The file is opened once for all lines: what is printed was written before.
		cmd := childCommand(dir, `local store = require "store"
			for i = 1, 1e6 do
				store.set("key " .. i, i)
				print(store.incr("n"))
			end`)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 20 && lines.Scan(); n++ {
			acknowledged = number(t, lines.Text())
		}
		cmd.Process.Kill()
		for lines.Scan() { // what it wrote before it died
			acknowledged = number(t, lines.Text())
		}
		io.Copy(io.Discard, out)
		cmd.Wait()
	}
	got, err := eval(dir, `local store = require "store" print(store.get("n")) assert(store.get("key 20") == 20)`)
	if err != nil {
		t.Fatal(err)
	}
	if n := number(t, strings.TrimSpace(got)); acknowledged < 60 || n < acknowledged || n > acknowledged+3 {
		t.Errorf("acknowledged %d increments, found %d", acknowledged, n)
	}
}

func number(t *testing.T, line string) int {
	t.Helper()
	n, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const increments = `local store = require "store"
	for i = 1, 50 do
		store.incr("n")
		store.update("t", function(t)
			t = t or { n = 0 }
			t.n = t.n + 1
			return t
		end)
	end`

// TestProcesses: processes with one file lose nothing of each other.
func TestProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := childCommand(dir, increments).Run(); err != nil {
				t.Errorf("child: %v", err)
			}
		})
	}
	wg.Wait()
	checkCount(t, dir, 150)
}

// TestGenerations: scripts of one process share the open file, as two
// generations of a script do during a reload.
func TestGenerations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := eval(dir, increments); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	checkCount(t, dir, 200)
}

func checkCount(t *testing.T, dir string, want int) {
	t.Helper()
	got, err := eval(dir, `local store = require "store" print(store.get("n"), store.get("t").n)`)
	if want := fmt.Sprintf("%d\t%d\n", want, want); err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}
