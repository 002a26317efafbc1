package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// operated is a process with bots on a simulated network, as run has it.
type operated struct {
	t      *testing.T
	net    *sim.Network
	dir    string // of the scripts
	data   string // of the bots' data folders
	format string // of the log
	store  string // URL that the bots' stores are on; "" is their files
	log    testkit.Buffer
	op     *operation
	bots   []*host.Supervised
	stop   context.CancelFunc
	ended  chan error
	open   func(name string, db host.Database) (chat.Core, error)
}

// startBots runs a bot for each script, by name, and waits until all are ready.
func startBots(t *testing.T, level slog.Level, metrics string, scripts map[string]string) *operated {
	t.Helper()
	p := prepareBots(t)
	p.start(level, metrics, scripts)
	return p
}

// prepareBots makes the network and the folders.
func prepareBots(t *testing.T) *operated {
	p := &operated{t: t, net: sim.New(sim.Options{}), dir: t.TempDir(), data: t.TempDir(), format: "json"}
	p.open = func(name string, db host.Database) (chat.Core, error) {
		core, _, err := p.net.Open(name, db.Key, db.Confirm)
		return core, err
	}
	return p
}

// start runs the bots, which may have run before.
func (p *operated) start(level slog.Level, metrics string, scripts map[string]string) {
	t := p.t
	t.Helper()
	p.ended = make(chan error, 1)
	log := newLogger(&p.log, level, p.format)
	var bots []host.Bot
	for name, script := range scripts {
		path := filepath.Join(p.dir, name+".lua")
		if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		bots = append(bots, host.Bot{Options: host.Options{
			Name: name, Script: path, Data: filepath.Join(p.data, name), Log: log, Stdlib: stdlib.FS, Grace: -1,
			OpenCore: func(_ context.Context, db host.Database) (chat.Core, error) { return p.open(name, db) },
			Grants:   permission.Set{Net: []string{"127.0.0.1"}}, Store: p.store,
		}})
	}
	var err error
	if p.op, err = operate(operationOptions{log: log, metrics: metrics}, bots); err != nil {
		t.Fatal(err)
	}
	supervisor, err := host.NewSupervisor(bots...)
	if err != nil {
		t.Fatal(err)
	}
	p.bots = supervisor.Bots()
	var ctx context.Context
	ctx, p.stop = context.WithCancel(t.Context())
	p.op.start(ctx, p.bots)
	ended := p.ended
	go func() { ended <- supervisor.Run(ctx) }()
	t.Cleanup(func() { _ = p.end() })
	for _, b := range p.bots {
		p.until(b)
	}
}

// until waits until the bot is ready, or has ended.
func (p *operated) until(b *host.Supervised) {
	p.t.Helper()
	testkit.Until(p.t, "the bot begins", func() bool { return b.Host() != nil || b.State().Phase == host.PhaseEnded })
	if h := b.Host(); h != nil {
		select {
		case <-h.Ready():
			testkit.Until(p.t, "the bot caught up", func() bool {
				s, ok := h.Status()
				return ok && !s.CatchingUp || b.Host() != h
			})
		case <-h.Done():
		}
	}
}

// end stops the bots and returns what the program would say; again, nothing.
func (p *operated) end() error {
	if p.ended == nil {
		return nil
	}
	p.stop()
	err := <-p.ended
	p.ended = nil
	p.op.close()
	return p.op.told(err)
}

// oneProgram lets one command line be read at a time: the flag parser keeps its
// --help in a global.
var oneProgram sync.Mutex

// command runs the program and returns what it wrote, and its exit code.
func (p *operated) command(stdin string, args ...string) (stdout, stderr string, code int) {
	oneProgram.Lock()
	defer oneProgram.Unlock()
	var out, errs testkit.Buffer
	code = run(append([]string{"simplex-lua"}, args...), strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), code
}

const squarerScript = `
bot.configure { profile = { display_name = "Squarer" } }
greeting = "hi"
bot.on_message(function(msg) msg:reply(tonumber(msg.text) ^ 2) end)`

func TestRemoteCommands(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelInfo, "", map[string]string{"squarer": squarerScript, "idle": `bot.configure { create_address = false }`})
	script := filepath.Join(p.dir, "squarer.lua")
	for _, step := range []struct {
		name           string
		stdin          string
		args           []string
		code           int
		stdout, stderr string
		not            string
	}{
		{name: "all", args: []string{"status", "--data", p.data}, stdout: "squarer: running"},
		{name: "both", args: []string{"status", "--data", p.data}, stdout: "idle: running"},
		{name: "address", args: []string{"status", "--data", p.data, "squarer"}, stdout: "address     https://", not: "idle"},
		{name: "one folder", args: []string{"status", "--data", filepath.Join(p.data, "idle")}, stdout: "idle: running", not: "squarer"},
		{name: "by script", args: []string{"status", "--data", p.data, script}, stdout: "squarer: running", not: "idle"},
		{name: "json", args: []string{"status", "--json", "--data", p.data, "squarer"}, stdout: `"bot":"squarer","phase":"running"`},
		{name: "check", args: []string{"status", "--check", "--data", p.data}},
		{name: "unknown", args: []string{"status", "--data", p.data, "nobody"}, code: exitControl, stderr: "no bot nobody runs here, only "},
		{name: "nowhere", args: []string{"status", "--data", filepath.Join(p.data, "none")}, code: exitDatabase, stderr: "cannot be looked into"},
		{name: "nothing there", args: []string{"status", "--data", p.dir}, code: exitControl, stderr: "no bot runs here"},
		{name: "console", stdin: "greeting\nfor i = 1, 2 do\nprint(i)\nend\nx = 7\n\nx + 1\n", args: []string{"console", "--data", p.data, "squarer"}, stdout: "\"hi\"\n1\n2\n8\n"},
		{name: "console error", stdin: "print(1)\nerror('no')\nprint(2)\n", args: []string{"console", "--data", p.data, "squarer"}, code: exitScript, stdout: "1\n", stderr: "console:1: no", not: "2\n"},
		{name: "console incomplete", stdin: "for i = 1, 2 do", args: []string{"console", "--data", p.data, "squarer"}, code: exitScript, stderr: "not complete"},
		{name: "console of two", args: []string{"console", "--data", p.data}, code: exitUsage, stderr: "of which bot?"},
		{name: "reload", args: []string{"reload", "--data", p.data, "squarer"}, stdout: "squarer: reloaded, generation 2"},
		{name: "stop nobody", args: []string{"stop", "--data", p.data}, code: exitUsage, stderr: "which bot?"},
		{name: "stop", args: []string{"stop", "--data", p.data, "squarer"}, stdout: "squarer: stopped"},
		{name: "stopped", args: []string{"status", "--data", p.data, "squarer"}, stdout: "squarer: ended"},
		{name: "the other", args: []string{"status", "--data", p.data, "idle"}, stdout: "idle: running"},
		{name: "check after a stop", args: []string{"status", "--check", "--data", p.data}},
		{name: "console of a stopped one", stdin: "1", args: []string{"console", "--data", p.data, "squarer"}, code: exitScript, stderr: "not running"},
		{name: "stop all", args: []string{"stop", "--all", "--data", p.data}, stdout: "idle: stopped"},
	} {
		stdout, stderr, code := p.command(step.stdin, step.args...)
		if code != step.code || !strings.Contains(stdout, step.stdout) || !strings.Contains(stderr, step.stderr) ||
			step.not != "" && strings.Contains(stdout, step.not) {
			t.Errorf("%s: code %d, want %d\nstdout %s\nstderr %s", step.name, code, step.code, stdout, stderr)
		}
	}
}

// TestBadReload keeps the old version and says what is wrong.
func TestBadReload(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelInfo, "", map[string]string{"squarer": squarerScript})
	if err := os.WriteFile(filepath.Join(p.dir, "squarer.lua"), []byte("bot.configure {\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := p.command("", "reload", "--data", p.data)
	if code != exitScript || !strings.Contains(stderr, "squarer: not reloaded, the old version goes on: squarer.lua:2:") {
		t.Errorf("code %d, %s", code, stderr)
	}
	stdout, _, _ := p.command("", "status", "--data", p.data)
	if !strings.Contains(stdout, "generation  1,") {
		t.Errorf("status: %s", stdout)
	}
}

// TestFailedBot shows a bot that cannot start beside one that runs.
func TestFailedBot(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelInfo, "127.0.0.1:0", map[string]string{"squarer": squarerScript, "broken": `error("no good")`})
	get := func(path string) (int, string) {
		t.Helper()
		c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		r, err := c.Get("http://" + p.op.ops.Address() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		var body bytes.Buffer
		if _, err := body.ReadFrom(r.Body); err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, body.String()
	}
	if code, body := get("/healthz"); code != 200 {
		t.Errorf("healthz: %d %s", code, body)
	}
	if code, body := get("/readyz"); code != 503 || !strings.Contains(body, "broken: failed") {
		t.Errorf("readyz: %d %s", code, body)
	}
	_, body := get("/metrics")
	for _, want := range []string{`simplex_lua_up{bot="broken"} 0`, `simplex_lua_up{bot="squarer"} 1`, `simplex_lua_commands_total{bot="squarer",result="done"}`} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics: no %s", want)
		}
	}
	out, _, _ := p.command("", "status", "--json", "--data", p.data, "squarer")
	var st control.Status
	if err := json.Unmarshal([]byte(out), &st); err != nil || st.Bot != "squarer" || st.CoreVersion == "" {
		t.Errorf("got %s, %v", out, err)
	}
	if out, _, code := p.command("", "status", "--data", p.data, "broken"); code != exitOK || !strings.Contains(out, "broken: failed") || !strings.Contains(out, "last error") {
		t.Errorf("the status of the broken one: %d %s", code, out)
	}
	if _, stderr, code := p.command("", "status", "--check", "--data", p.data); code != exitScript || !strings.Contains(stderr, "broken: it is failed: ") {
		t.Errorf("check: %d %s", code, stderr)
	}
	if out, _, _ := p.command("", "status", "--data", filepath.Join(p.data, "squarer")); strings.Contains(out, "broken") {
		t.Errorf("the status of another folder tells of the broken one: %s", out)
	}
}

// TestAbsentBot has a bot in the configuration whose process does not run.
func TestAbsentBot(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelInfo, "", map[string]string{"squarer": squarerScript})
	file := filepath.Join(p.dir, "simplex-lua.toml")
	text := fmt.Sprintf("[[bot]]\nscript = \"squarer.lua\"\ndata = %q\n[[bot]]\nscript = \"absent.lua\"\ndata = %q\n", filepath.Join(p.data, "squarer"), filepath.Join(p.data, "absent"))
	for path, text := range map[string]string{file: text, filepath.Join(p.dir, "absent.lua"): squarerScript} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		{[]string{"status"}, exitOK, "absent: not running", ""},
		{[]string{"status", "--json"}, exitOK, `"bot":"absent","phase":"not running"`, ""},
		{[]string{"status", "--check"}, exitScript, "", "absent: it is not running"},
		{[]string{"status", "--check", "squarer"}, exitOK, "", ""},
		{[]string{"status", "absent"}, exitControl, "", "no bot absent runs here"},
	} {
		stdout, stderr, code := p.command("", append([]string{step.args[0], "--config", file}, step.args[1:]...)...)
		if code != step.code || !strings.Contains(stdout, step.stdout) || !strings.Contains(stderr, step.stderr) {
			t.Errorf("%s: code %d, want %d\nstdout %s\nstderr %s", step.args, code, step.code, stdout, stderr)
		}
	}
}
