package tests

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// exitBundle is the exit code for what is wrong with a bundle.
const exitBundle = 8

// author has a folder with scripts, and makes bundles of it.
type author struct {
	t       *testing.T
	program string
	dir     string
	env     []string
}

func newAuthor(t *testing.T, files map[string]string) *author {
	t.Helper()
	program, _ := built(t)
	a := &author{t: t, program: program, dir: t.TempDir()}
	a.env = append(os.Environ(), "SIMPLEX_LIBS_DIR=", "HOME="+a.dir, "XDG_STATE_HOME="+a.path("state"), "XDG_CACHE_HOME="+a.path("cache"))
	for name, text := range files {
		path := a.path(name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func (a *author) path(name string) string { return filepath.Join(a.dir, filepath.FromSlash(name)) }

// run runs a program with these lines as its standard input, and returns its exit
// code with all that it wrote.
func (a *author) run(program, stdin string, args ...string) (code int, out string) {
	a.t.Helper()
	cmd := exec.CommandContext(a.t.Context(), program, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = a.dir, a.env, strings.NewReader(stdin)
	b, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		a.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(b)
}

// must fails unless the program ends well and writes all of want.
func (a *author) must(program, stdin string, args []string, want ...string) {
	a.t.Helper()
	code, out := a.run(program, stdin, args...)
	for _, w := range want {
		if !strings.Contains(out, w) {
			a.t.Errorf("%v: there is no %q in\n%s", args, w, out)
		}
	}
	if code != 0 {
		a.t.Fatalf("%v: exit code %d\n%s", args, code, out)
	}
}

// folderBot is a bot of a folder: a module, a file beside it, and a test.
var folderBot = map[string]string{
	"squares/main.lua": `
local square = require "lib.square"
bot.configure { profile = { display_name = "Squarer" }, welcome = "Send a number." }
bot.on_message({ content_type = "text" }, function(msg)
  local answer = square(msg.text)
  if answer then msg:reply(answer) end
end)
bot.on_start(function()
  log.info("greeting is " .. require("fs").read(os.getenv "SIMPLEX_LUA_FOLDER" .. "/greeting.txt"))
end)
`,
	"squares/lib/square.lua": `
return function(text)
  local n = tonumber(text)
  return n and ("%.14g * %.14g = %.14g"):format(n, n, n * n)
end
`,
	"squares/greeting.txt": "hello there",
	"squares/main_test.lua": `
local sim = require "simplex.sim"
sim.case("squares", function(net)
  local alice = net:user("alice"):connect()
  alice:send("7")
  alice:expect("7 * 7 = 49", { skip = true })
end)
`,
}

// TestBundleOnTheSimulator is what an author tries first.
func TestBundleOnTheSimulator(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, folderBot)
	a.must(a.program, "", []string{"bundle", "squares", "-o", "squaring", "--allow", "env=HOME"}, "4 files", "env=HOME")
	bundle := a.path("squaring")
	a.must(bundle, "7\n", []string{"dev"}, "7 * 7 = 49", "Send a number.")
	a.must(bundle, "", []string{"test", "-v"}, "ok   main_test.lua: squares (", "\nmain.lua: 2 of 2 handlers ran\n", "1 passed, 0 failed")
	a.must(bundle, "", []string{"check"})
	a.must(bundle, "", []string{"config", "show"}, `name = "squares"`, filepath.Join("state", "simplex-lua", "squares"), `"env=HOME"`)
	a.must(bundle, "", []string{"config", "show", "--deny", "env=HOME"}, `deny = [`)
	a.must(bundle, "", []string{"bundle", "ls"}, "files/lib/square.lua", "squares asks for the permissions env=HOME", "linux/")
	a.must(bundle, "", []string{"--help"}, "squaring bundle ls")
	a.must(bundle, "", []string{"service", "install", "--print"}, "ExecStart="+bundle+"\n", "StateDirectory=squares\n")

	// The same input makes the same bytes, also in the hands of the bundle.
	a.must(bundle, "", []string{"bundle", "squares", "-o", "again", "--allow", "env=HOME"})
	first, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(a.path("again")); err != nil || !bytes.Equal(first, again) {
		t.Errorf("a bundle made by a bundle differs: %d and %d bytes, %v", len(first), len(again), err)
	}
	if code, out := a.run(bundle, "", "run", "other.lua"); code != 2 || !strings.Contains(out, "carries the scripts of squares") {
		t.Errorf("another script: exit code %d, %s", code, out)
	}
	if code, out := a.run(bundle, "", "status"); code != 7 {
		t.Errorf("status: exit code %d, %s", code, out)
	}
}

func TestDamagedBundle(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, folderBot)
	a.must(a.program, "", []string{"bundle", "squares", "-o", "squaring"})
	whole, err := os.ReadFile(a.path("squaring"))
	if err != nil {
		t.Fatal(err)
	}
	n := len(whole)
	for name, change := range map[string]func([]byte) []byte{
		"cut off":      func(b []byte) []byte { return b[:n-50] },
		"a byte added": func(b []byte) []byte { return append(b, 0) },
		"a byte wrong": func(b []byte) []byte { b[n-300] ^= 1; return b },
		"a wrong hash": func(b []byte) []byte { b[n-1] ^= 1; return b },
	} {
		bad := a.path("bad-" + name)
		if err := os.WriteFile(bad, change(bytes.Clone(whole)), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{nil, {"dev"}, {"version"}} {
			if code, out := a.run(bad, "", args...); code != exitBundle || !strings.Contains(out, "is damaged") {
				t.Errorf("%s, %v: exit code %d, %s", name, args, code, out)
			}
		}
		if code, out := a.run(a.program, "", "bundle", "ls", bad); code != exitBundle || !strings.Contains(out, bad) {
			t.Errorf("%s, ls: exit code %d, %s", name, code, out)
		}
		if code, out := a.run(a.program, "", "bundle", "squares", "-o", "x", "--runtime", bad); code != exitBundle {
			t.Errorf("%s, as runtime: exit code %d, %s", name, code, out)
		}
	}
	if code, out := a.run(a.program, "", "bundle", "ls", a.program); code != exitBundle || !strings.Contains(out, "is no bundle") {
		t.Errorf("no bundle: exit code %d, %s", code, out)
	}
}

// TestBundleBeside: a program that carries nothing finds the scripts beside it.
func TestBundleBeside(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, folderBot)
	a.must(a.program, "", []string{"bundle", "squares", "-o", "squaring"})
	runtime, err := os.Stat(a.program)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Link(a.program, a.path("alone")); err != nil {
		t.Skip("no hard links here: ", err)
	}
	whole, err := os.ReadFile(a.path("squaring"))
	if err != nil {
		t.Fatal(err)
	}
	// As it is, the footer tells of a program before the scripts.
	if err := os.WriteFile(a.path("alone.bundle"), whole[runtime.Size():], 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := a.run(a.path("alone"), "", "dev"); code != exitBundle {
		t.Errorf("the part of another file: exit code %d, %s", code, out)
	}
	if err := os.WriteFile(a.path("alone.bundle"), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	a.must(a.path("alone"), "7\n", []string{"dev"}, "7 * 7 = 49")
}

// TestBundleRuns starts it on a core: with no arguments, through a symbolic
// link, out of a folder that cannot be written, with libraries of its own.
func TestBundleRuns(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, folderBot)
	b := newBot(t, "", "CORE_ITEMS", "40", "CORE_CHATS", "4")
	a.must(a.program, "", []string{"bundle", "squares", "-o", "squaring", "--with-libs", b.libs, "--allow", "net=example.org"}, "net=example.org")
	dist, link := a.path("dist"), a.path("link")
	err := errors.Join(os.Mkdir(dist, 0o700), os.Rename(a.path("squaring"), filepath.Join(dist, "squaring")),
		os.Chmod(dist, 0o500), os.Symlink(filepath.Join(dist, "squaring"), link))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dist, 0o700) }) // so that it can be removed
	b.program, b.data = link, a.path("state/simplex-lua/squares")
	b.set("SIMPLEX_LIBS_DIR", "", "XDG_STATE_HOME", a.path("state"), "XDG_CACHE_HOME", a.path("cache"), "SIMPLEX_LUA_LOG_FORMAT", "json")
	b.launch()
	b.until("all are answered and marked", stubCounters.done)
	b.untilLogged("greeting is hello there", 1)
	b.untilLogged("asks for the permissions net=example.org, and gets net=example.org", 1)
	a.must(link, "", []string{"status"}, "squares")
	a.must(link, "", []string{"reload"})
	b.untilLogged("greeting is hello there", 1)
	b.stop()
	b.checkOnce()

	// The second start unpacks nothing, and does not tell again what is asked for;
	// the operator allows less now.
	libs, err := filepath.Glob(a.path("cache/simplex-lua/libs/*/libsimplex.so"))
	if err != nil || len(libs) != 1 {
		t.Fatalf("libraries: got %v, %v", libs, err)
	}
	before, err := os.Stat(libs[0])
	if err != nil {
		t.Fatal(err)
	}
	b.launch("--deny", "net")
	b.untilStarted()
	b.stop()
	if after, err := os.Stat(libs[0]); err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("the libraries were written again: %v", err)
	}
	if n := strings.Count(b.logs(), "asks for the permissions"); n != 1 {
		t.Errorf("what is asked for was told %d times", n)
	}
}

// TestBundlesRace: two bots of a new bundle start at once.
func TestBundlesRace(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, folderBot)
	one, two := newBot(t, "", "CORE_ITEMS", "10"), newBot(t, "", "CORE_ITEMS", "10")
	a.must(a.program, "", []string{"bundle", "squares", "-o", "squaring", "--with-libs", one.libs})
	for _, b := range []*bot{one, two} {
		b.program = a.path("squaring")
		b.set("SIMPLEX_LIBS_DIR", "", "XDG_CACHE_HOME", a.path("cache"), "SIMPLEX_LUA_LOG_FORMAT", "json")
		b.launch("--data", b.data)
	}
	for _, b := range []*bot{one, two} {
		b.until("all are answered and marked", stubCounters.done)
		b.stop()
		b.checkOnce()
	}
}
