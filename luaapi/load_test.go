package luaapi

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each mistake is a *ScriptError that names the line and says what is wrong.
func TestLoadErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, script string
		line         int
		want         string
	}{
		{"syntax", "local x = 1\nlocal y = = 2", 2, "near"},
		{"error at load", "\n\nerror('broken')", 3, "broken"},
		{"error without a place", "error({code=1})", 1, "a table without a message"},
		{"nil raised", "\nerror(nil)", 2, "nil"},
		{"error table raised", "error({message='m', type='x'})", 1, "m"},
		{"undefined global", "local a\nbott.on_message(a)", 2, "did you mean 'bot'"},
		{"unknown name of bot", "bot.on_mesage(1)", 1, "did you mean on_message?"},
		{"unknown option", "bot.configure{ welcom = 'x' }", 1, "did you mean welcome?"},
		{"unknown option inside", "bot.configure{ profile = { displayname = 'x' } }", 1, `configure.profile: unknown option "displayname"; did you mean display_name?`},
		{"wrong kind of option", "bot.configure{ auto_accept = 'yes' }", 1, "configure.auto_accept: want true or false"},
		{"no CPU limit", "bot.configure{ cpu_limit = 0 }", 1, "configure.cpu_limit: want a duration above 0"},
		{"no time for handlers", "bot.configure{ handler_timeout = '0s' }", 1, "configure.handler_timeout: want a duration above 0"},
		{"no name", "bot.configure{ profile = { display_name = ' ' } }", 1, `configure.profile.display_name: want a name, got " "`},
		{"picture that is a file", "bot.configure{ profile = { image = 'logo.png' } }", 1, `configure.profile.image: want a picture as data:image/…`},
		{"less than a tick", "bot.configure{ cpu_limit = 1e-12 }", 1, "configure.cpu_limit: want a duration above 0"},
		{"wrong duration", "bot.configure{ cpu_limit = '5x' }", 1, "configure.cpu_limit"},
		{"wrong choice", "bot.configure{ ordering = 'x' }", 1, "chat, global"},
		{"two databases", "bot.configure{ db = { sqlite = {}, postgres = {} } }", 1, "not both"},
		{"welcome that is no content", "bot.configure{ welcome = { text = 'x' } }", 1, "needs a type"},
		{"list with a hole", "bot.configure{ commands = { {keyword='a'}, x = {} } }", 1, "want a list"},
		{"unknown filter", "bot.on_message({ contenttype = 'text' }, print)", 1, "did you mean content_type?"},
		{"filter of the wrong kind", "bot.on_message({ group_id = 'x' }, print)", 1, "on_message.group_id: want a whole number"},
		{"chat that there is not", "bot.on_message({ chat_type = 'dm' }, print)", 1, `on_message.chat_type: want one of [direct group local], got the string "dm"`},
		{"role that there is not", "bot.on_message({ from_role = { 'owner', 'boss' } }, print)", 1, `on_message.from_role: want one of [relay`},
		{"empty list", "bot.on_message({ text = {} }, print)", 1, "empty"},
		{"args on messages", "bot.on_message({ args = 'x' }, print)", 1, "only on_command"},
		{"handler that is none", "bot.on_message('x', 5)", 1, "on_message: want a table"},
		{"handler that is a number", "bot.on_message({}, 5)", 1, "must be a function, got the number 5"},
		{"no handler", "bot.on_message(nil)", 1, "must be a function, got nil"},
		{"hook without a function", "bot.on_start('x')", 1, "on_start: the handler must be a function"},
		{"keyword with a space", "bot.on_command('a b', print)", 1, "no keyword"},
		{"bad regular expression", "bot.re'('", 1, "missing closing )"},
		{"colon instead of dot", "bot:on_message(print)", 1, "with a dot"},
		{"sending while loading", "bot.send('@4', 'x')", 1, "put it in bot.on_start"},
		{"sleeping while loading", "sleep(1)", 1, "put it in bot.on_start"},
		{"asking while loading", "bot.wait_for('x')", 1, "put it in bot.on_start"},
		{"missing module", "require 'nothing'", 1, `no module "nothing"`},
		{"module with a path", "require '../x'", 1, "no module name"},
		{"period too short", "bot.every(0, print)", 1, "at least"},
		{"state with a function", "bot.state = { f = print }", 1, "plain data"},
		{"changing bot", "bot.send = 1", 1, "cannot be set"},
		{"info is a copy", "bot.info.name = 'x'", 1, "cannot be changed"},
		{"endless loop", "while true do end", 1, "cpu_limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(t.Context(), Options{Name: "test", Path: "bot.lua", Source: []byte(tt.script), CPULimit: time.Second})
			var se *ScriptError
			if !errors.As(err, &se) {
				t.Fatalf("got %v, want a ScriptError", err)
			}
			if se.File != "bot.lua" || se.Line != tt.line || !strings.Contains(se.Message, tt.want) {
				t.Errorf("got %s:%d: %q, want bot.lua:%d: …%s…", se.File, se.Line, se.Message, tt.line, tt.want)
			}
			if se.Line > 0 && se.Source == "" {
				t.Error("the error shows no source line")
			}
		})
	}
}

func TestLoadFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	outside := filepath.Join(t.TempDir(), "secret.lua")
	if err := os.WriteFile(outside, []byte("return 1"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.lua")); err != nil {
		t.Fatal(err)
	}
	write("mod.lua", "local M = {}\nfunction M.f() error('in module') end\nreturn M")
	write("sub/init.lua", "return { name = ... }")
	write("loop.lua", "return require 'loop'")
	write("bad.lua", "\nreturn = 1")
	tests := []struct {
		name, path string
		want       string // "" for success
		files      int
	}{
		{"plain", write("plain.lua", "bot.on_message(print)"), "", 1},
		{"byte order mark and CRLF", write("bom.lua", "\xef\xbb\xbfbot.on_message(function()\r\nend)\r\n"), "", 1},
		{"shebang", write("sh.lua", "#!/usr/bin/env simplex-lua\nbot.on_message(print)"), "", 1},
		{"empty", write("empty.lua", ""), "", 1},
		{"one line of 1 MB", write("long.lua", "local s = '"+strings.Repeat("x", 1<<20)+"'"), "", 1},
		{"modules", write("mods.lua", "local m, s = require 'mod', require 'sub'; assert(m == require 'mod' and s.name == 'sub'); assert(require 'json' == json)"), "", 3},
		{"error in a module", write("moderr.lua", "require 'mod'.f()"), "mod.lua:2: in module\n  2 | function M.f() error('in module') end", 0},
		{"module that requires itself", write("self.lua", "require 'loop'"), "requires itself", 0},
		{"syntax error in a module", write("badmod.lua", "\n\nrequire 'bad'"), "bad.lua:2: unexpected symbol near '='\n  2 | return = 1", 0},
		{"syntax error in a module that is caught", write("caught.lua", "local ok, err = pcall(require, 'bad') assert(tostring(err) == \"bad.lua:2: unexpected symbol near '='\", err)"), "", 2},
		{"link out of the folder", write("escape.lua", "require 'link'"), "link.lua", 0},
		{"missing", filepath.Join(dir, "none.lua"), "none.lua: no such file", 0},
		{"folder", dir, "it is a folder", 0},
		{"bytecode", write("code.lua", "\x1bLua"), "code.lua", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rt, err := Load(t.Context(), Options{Name: "test", Path: tt.path})
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("got %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer rt.Close()
			if got := rt.Files(); len(got) != tt.files || got[0] != tt.path {
				t.Errorf("Files: got %q, want %d", got, tt.files)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	b, err := load(t, `bot.configure {
		profile = { display_name = "D", full_name = "F", short_descr = "S" },
		db = { sqlite = { file_prefix = "p", encryption_key = "k" } },
		welcome = { type = "text", text = "W" },
		commands = { { keyword = "a", label = "A", params = "<x>" }, { label = "M", commands = { { keyword = "b", label = "B" } } } },
		auto_accept = false, cpu_limit = 2.5, handler_timeout = "5m", drain_timeout = "1d",
	}
	assert(bot.config.cpu_limit == 2.5 and bot.config.display_name == "D" and bot.config.auto_accept == false)
	assert(bot.info.name == "test" and bot.info.generation == 1)`)
	if err != nil {
		t.Fatal(err)
	}
	s := b.Settings()
	if s.Profile.DisplayName != "D" || s.Database.SQLite.EncryptionKey != "k" || string(s.Welcome) != `{"text":"W","type":"text"}` ||
		len(s.Commands) != 2 || s.Commands[1].Commands[0].Keyword != "b" || s.AutoAccept || !s.CreateAddress ||
		s.CPULimit != 2500*time.Millisecond || s.HandlerTimeout != 5*time.Minute || s.DrainTimeout != 24*time.Hour {
		t.Errorf("got %+v", s)
	}
}

func TestHooksAndState(t *testing.T) {
	t.Parallel()
	old := start(t, `bot.state = { n = 1, list = {} }
		bot.on_message(function(m) bot.state.n = bot.state.n + 1 end)`)
	old.say("@4", "x")
	state, err := old.State()
	if err != nil || string(state) != `{"list":{},"n":2}` {
		t.Fatalf("State: got %s, %v", state, err)
	}
	b, err := load(t, `bot.state = { n = 0 }
		bot.on_reload(function(s) assert(s.n == 2); bot.state.n = s.n * 10 end)
		bot.on_start(function(reason) bot.send("@4", reason .. bot.state.n) end)
		bot.on_stop(function(reason) bot.send("@4", "stop " .. reason) end)
		bot.spawn(function() bot.send("@4", "spawned") end)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Adopt(t.Context(), state, 1); err != nil {
		t.Fatal(err)
	}
	b.Attach(Session{Core: b.core, UserID: 1})
	b.Start(t.Context(), "reload")
	if err := b.calls.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Stop(t.Context(), "stop")
	if got := strings.Join(b.core.texts(), ","); got != "reload20,spawned,stop stop" {
		t.Errorf("got %q", got)
	}

	failing, err := load(t, `bot.on_reload(function() bot.send("@4", "x") end)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := failing.Adopt(t.Context(), state, 1); err == nil || !strings.Contains(err.Error(), "on_reload may not wait") {
		t.Errorf("Adopt: got %v", err)
	}
}

// A handler that hangs is cut, wherever it hangs, and the next one runs.
func TestLimits(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.configure{ cpu_limit = 0.3, handler_timeout = 1 }
		bot.on_error(function(e) bot.send("@9", e.type .. " " .. e.message:match("[%w_]+_%w+ exceeded") .. " in " .. e.handler) end)
		bot.on_command("loop", function() while true do end end)
		bot.on_command("pcall", function() while true do pcall(function() while true do end end) end end)
		bot.on_command("sleep", function() sleep(60) end)
		bot.on_command("pcallsleep", function() while true do pcall(sleep, 60) end end)
		bot.on_message(function(m) m:reply("alive") end)`)
	for cmd, want := range map[string]string{
		"/loop":       "limit cpu_limit exceeded in on_command at bot.lua:3",
		"/pcall":      "limit cpu_limit exceeded in on_command at bot.lua:4",
		"/sleep":      "limit handler_timeout exceeded in on_command at bot.lua:5",
		"/pcallsleep": "limit handler_timeout exceeded in on_command at bot.lua:6",
	} {
		if got := strings.Join(b.say("@4", cmd), ","); got != want {
			t.Errorf("%s: got %q, want %q\n%s", cmd, got, want, b.logs)
		}
		if got := strings.Join(b.say("@4", "x"), ","); got != "alive" {
			t.Fatalf("after %s: got %q", cmd, got)
		}
	}
}

// Handlers that wait are cut when the runtime closes, and Close waits for them.
func TestDrainAndClose(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message({text="ask"}, function(m) m:ask("?") end)
		bot.on_message({text="quick"}, function(m) m:reply("q") end)`)
	ended := make(chan struct{})
	b.Dispatch(textEvent("@4", 1, "ask"), func() { close(ended) })
	if b.Busy() != 0 {
		t.Errorf("Busy: got %d while a handler only asks, want 0", b.Busy())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if err := b.Drain(ctx); err == nil || !strings.Contains(err.Error(), "1 handlers") {
		t.Errorf("Drain: got %v", err)
	}
	<-ended
	b.Close()
	b.Close()
	done := false
	b.Dispatch(textEvent("@4", 2, "quick"), func() { done = true })
	if done || len(b.core.texts()) != 1 {
		t.Error("a closed runtime must neither run handlers nor count the event as done")
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.on_message(function(m)
		local ok, e = pcall(bot.api.send_chat_cmd, m.text)
		bot.send("@9", ok and "ok" or e.type)
	end)`)
	for cmd, want := range map[string]string{
		"/_contacts 1": "ok", "/_members #2": "ok", "/_get chats 1 count=5": "ok",
		"/_start": "permission", "/_stop": "permission", "/_db export {}": "permission", "/sql chat select 1": "permission",
		"/_delete user 1 del_smp=on": "permission", "/set file paths {}": "permission", "/_network {}": "permission",
		"/freceive 1 /etc/passwd": "permission", "/freceive 1 ../x": "permission", "nonsense": "permission", "/x": "permission",
		`/_send @4 json [{"msgContent":{"type":"file","text":""},"mentions":{},"fileSource":{"filePath":"/etc/passwd"}}]`: "permission",
		" /_stop": "permission", "/_stop\n": "permission", "/list remote hosts": "permission",
	} {
		if got := b.say("@4", cmd); len(got) == 0 || got[len(got)-1] != want {
			t.Errorf("%s: got %q, want %s", cmd, got, want)
		}
	}
}
