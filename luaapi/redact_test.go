package luaapi

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// loadAt is load with a log at level info, as bots have it.
func loadAt(t *testing.T, script string, showTexts bool) *bot {
	t.Helper()
	b := &bot{core: &fakeCore{}, logs: &testkit.Buffer{}}
	rt, err := Load(t.Context(), Options{
		Name: "test", Path: "bot.lua", Source: []byte(script), Generation: 1, ShowTexts: showTexts,
		Log: slog.New(slog.NewTextHandler(b.logs, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	b.Runtime = rt
	b.Attach(Session{Core: b.core, UserID: 1, FilesDir: t.TempDir()})
	b.Start(t.Context(), "start")
	return b
}

// TestNumbersOfLoadErrors: an index that is not in the script may be shown, for
// nobody has written anything yet. What a script words itself may be anything.
func TestNumbersOfLoadErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, script, want string }{
		{"index", `local c = {} for w in ("a b c"):gmatch "%a" do c[#c + 1] = { keyword = w, label = #c == 2 or "x" } end
			bot.configure { commands = c }`, "configure.commands[3].label"},
		{"seven digits", `bot.configure { ["n" .. 123456 * 10] = 1 }`, `"…"`},
		{"in a name", `bot.configure { ["n" .. 123 * 100 + 45] = 1 }`, `"…"`},
		{"raised", `error("code " .. 123456 * 1 + 1)`, "bot.lua:1: code …"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(t.Context(), Options{Name: "test", Path: "bot.lua", Source: []byte(tt.script), Generation: 1})
			var se *ScriptError
			if !errors.As(err, &se) {
				t.Fatal(err)
			}
			if got := se.Redacted(); !strings.Contains(got, tt.want) || strings.Contains(got, "12345") {
				t.Errorf("got %s, want it to hold %q", got, tt.want)
			}
		})
	}
}

// TestRedactedErrors keeps what a person wrote out of the log, in every kind of
// error that can quote it.
func TestRedactedErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, handler, want string }{
		{"port of a permission", `require("http").get("https://api.example.org/x")`, "allow it with --allow net=api.example.org:443"},
		{"port of a person's host", `require("http").get("https://" .. msg.text:match("%a+") .. ":4711/")`, "--allow net=…"},
		{"raised", `error("no such city: " .. msg.text)`, "bot.lua:1: no such city: …"},
		{"raised table", `error({ type = "parse", message = "cannot read " .. msg.text })`, "bot.lua:1: cannot read …"},
		{"raised data", `error({ found = msg.text })`, `raised a table without a message: {\"found\":\"…`},
		{"with its letters changed", `error(msg.text:upper())`, "bot.lua:1: …"},
		{"name", `error("who is " .. msg.sender.name)`, "bot.lua:1: who is …"},
		{"number", `error("code 123456" .. #msg.text)`, "bot.lua:1: code …"},
		{"index", `return msg.text.x.y`, "bot.lua:1: attempt to index field 'x' (a nil value)"},
		{"what to use instead", `os.exit(msg.text)`, `attempt to call field 'exit' (a nil value): bot.stop() ends the bot`},
		{"arithmetic", `return 1 + msg.text`, "bot.lua:1: attempt to perform arithmetic on"},
		{"unknown field", `return msg[msg.text]`, "bot.lua:1: "},
		{"undefined global", `return _G[msg.text]`, "bot.lua:1: undefined global '…'"},
		{"option key", `msg:reply("x", { [msg.text] = 1 })`, `unknown option \"…`},
		{"option value", `msg:reply("x", { ttl = msg.text })`, `got the string \"…`},
		{"chat", `bot.send(msg.text, "x")`, "bot.lua:1: send: "},
		{"json", `json.decode(msg.text)`, "bot.lua:1: json.decode: "},
		{"require", `require(msg.text)`, "bot.lua:1: require: "},
		{"ask", `msg:ask("?", { timeout = msg.text })`, "ask"},
		{"refused", `bot.send("@4", msg.text)`, "the core answered"},
		{"api", `bot.api.call(msg.text, {})`, "bot.lua:1: "},
		{"core gone", `bot.send("@5", "x")`, "bot.lua:1: "},
		{"key of the script", `local api_key = "Hunter2Secret" error(api_key)`, "bot.lua:1: …"},
		{"likely key", `error("Hunter2Secretly")`, "bot.lua:1: …"},
		{"words of a module", `require("sql").open(":memory:"):exec("BEGIN")`, "transactions are made with db:transaction("},
		{"type", `error({ type = msg.text, message = "x" })`, "type=…"},
		{"literal in the line", `local key = "Hunter2Secret" error(1)`, `key = \"…\"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := loadAt(t, "bot.on_message(function(msg) "+tt.handler+" end)", false)
			b.core.answer = func(cmd string) (string, bool) {
				return `{"error":{"type":"errorAgent","agentError":{"type":"CMD","message":"refused Xyzzyplugh grault"}}}`, strings.HasPrefix(cmd, "/_send @4 ") && strings.Contains(cmd, "Xyzzy")
			}
			b.core.gone = map[string]error{"/_send @5": errors.New("lost Xyzzyplugh")}
			b.say("@4", "Xyzzyplugh grault+1")
			log := b.logs.String()
			for _, planted := range []string{"Xyzzyplugh", "XYZZYPLUGH", "grault", "GRAULT", "alice", "123456", "Hunter2"} {
				if strings.Contains(log, planted) {
					t.Errorf("the log holds %q: %s", planted, log)
				}
			}
			if !strings.Contains(log, tt.want) {
				t.Errorf("got %s, want it to hold %q", log, tt.want)
			}
		})
	}
}

// TestShowTexts logs errors as they are where there are no people.
func TestShowTexts(t *testing.T) {
	t.Parallel()
	b := loadAt(t, `bot.on_message(function(msg) error("no such city: " .. msg.text) end)`, true)
	b.say("@4", "Xyzzyplugh")
	if log := b.logs.String(); !strings.Contains(log, "bot.lua:1: no such city: Xyzzyplugh") {
		t.Errorf("got %s", log)
	}
}

// TestOurNamesInErrors: what an error of ours suggests is no secret; what people
// wrote is one, also if an example of the docs has that word.
func TestOurNamesInErrors(t *testing.T) {
	t.Parallel()
	types := fstest.MapFS{"meta/bot.lua": {Data: []byte("---@field welcome? string|table\n" +
		"---@field catch_up? { first_run?: boolean }\n---@field chat_type \"direct\"|\"group\"\n---Says \"Quuxbert\".\n")}}
	for script, want := range map[string]string{
		`bot.configure { welcom = "x" }`:                       `did you mean welcome?`,
		`bot.configure { catch_up = { first_rn = true } }`:     `did you mean first_run?`,
		`bot.configure { commands = { { keywrd = "x" } } }`:    `unknown option "keywrd"`,
		`bot.configure { ["Quux" .. "bert"] = 1 }`:             `unknown option "…"`,
		`error("it is " .. ("first_run"):sub(1, 9) .. "x", 0)`: `it is …`,
	} {
		_, err := Load(t.Context(), Options{Name: "test", Path: "bot.lua", Source: []byte(script), Stdlib: types})
		se, ok := err.(*ScriptError)
		if !ok || !strings.Contains(se.Redacted(), want) {
			t.Errorf("%s: got %v, redacted %q, want %q", script, err, se.Redacted(), want)
		}
	}
}

// TestRedactedLoadError holds a key that a script joins to its error while loading.
func TestRedactedLoadError(t *testing.T) {
	t.Parallel()
	_, err := Load(t.Context(), Options{Name: "test", Path: "bot.lua", Source: []byte(`error("bad token " .. ("Xyz"):rep(3))`)})
	se, ok := err.(*ScriptError)
	if !ok || se.Redacted() != "bot.lua:1: bad token …" {
		t.Errorf("got %v, redacted %q", err, se.Redacted())
	}
}

// TestSourceOfLoadErrors: while nobody has written anything, the log shows the
// line of the script with all but what looks like a key.
func TestSourceOfLoadErrors(t *testing.T) {
	t.Parallel()
	for script, want := range map[string][2]string{
		`bot.configure { profile = "Anna's bot", welcome = 5 }`:       {`got the string "Anna's bot"`, `profile = "Anna's bot", welcome = 5`},
		`local token = "Hunter" x = "Hunter2Secret" error("it's")`:    {"bot.lua:1: it's", `token = "…" x = "…" error("it's")`},
		"local x = \u201ca\u201d":                                     {"near '\u201c'", "local x = \u201ca\u201d"},
		`x = "Hunter2Secret" "` + strings.Repeat("Hunter2", 60) + `"`: {"near '\"…\"'", `x = "…" "…`},
	} {
		_, err := Load(t.Context(), Options{Name: "test", Path: "bot.lua", Source: []byte(script)})
		var se *ScriptError
		if !errors.As(err, &se) {
			t.Fatalf("%s: got %v", script, err)
		}
		text := se.Redacted() + "\n" + se.RedactedSource()
		if !strings.Contains(se.Redacted(), want[0]) || !strings.Contains(se.RedactedSource(), want[1]) || strings.Contains(text, "Hunter") {
			t.Errorf("%s: got %s, want %q", script, text, want)
		}
	}
}
