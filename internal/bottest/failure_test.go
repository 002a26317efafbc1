package bottest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestFailures wants each failure to say where it is, what was expected, and
// what to do.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ bot, test, want string }{
		"another text": {test: `alice:send("x") alice:expect("text: y")`,
			want: "bot_test.lua:3: alice got another message than expected\n  3 | " + `alice:send("x") alice:expect("text: y")` + "\n- text: y\n+ text: x\n        ^"},
		"several lines":  {test: `alice:send("1\n2\n3") alice:expect("text: 1\nx\n3")`, want: "  text: 1\n- x\n+ 2\n  3"},
		"spaces":         {test: `alice:send("x ") alice:expect("text: x")`, want: "- text: x\n+ text: x·\n         ^"},
		"a pattern":      {test: `alice:send("x") alice:expect({ pattern = "%d" })`, want: `- a text with the pattern "%d"` + "\n+ text: x"},
		"a function":     {test: `alice:send("x") alice:expect(function() return false end)`, want: "- what the function accepts"},
		"nothing came":   {test: `alice:expect("x", { within = 2 })`, want: "alice got no message within 2s of the network's time; expected \"x\"\n  3 | alice:expect(\"x\", { within = 2 })\nbefore that came: \"Hi.\""},
		"no reaction":    {test: `alice:expect_reaction("👍")`, want: "alice got no reaction within 5m"},
		"a message":      {test: `alice:send("x") alice:expect_none()`, want: "\n+ text: x"},
		"bot's error":    {test: `alice:send("fail") alice:expect("x")`, want: "the bot reported: bot.lua:10: asked to"},
		"unasked error":  {test: `alice:send("fail")`, want: "the bot reported: bot.lua:10: asked to"},
		"no error":       {test: `net.bot:expect_error("x")`, want: `the bot reported no error; expected "x"`},
		"another error":  {test: `alice:send("fail") net.bot:expect_error({ contains = "else" })`, want: "another error than expected"},
		"own error":      {test: `error("mine")`, want: "bot_test.lua:3: mine"},
		"assert":         {test: `assert(1 == 2)`, want: "bot_test.lua:3: assertion failed!"},
		"no chat":        {test: `net:user("bob"):send("x")`, want: "bob has no chat with the bot: connect first"},
		"impossible":     {test: `net:group("g", { alice, bot = false }) alice:leave(net:group("h", { alice, bot = false })) alice:in_group(net:group("h2", { alice, bot = false })):send(("x"):rep(20000))`, want: "/_send"},
		"a group left":   {test: `local g = net:group("g", { alice, bot = false }) alice:leave(g) alice:in_group(g):send("x")`, want: "not current member"},
		"no join":        {bot: `bot.on_message(function() end)`, test: `net:group("g", { alice })`, want: "the bot was invited to #g and did not join"},
		"bot's name":     {test: `net:user("Chatty")`, want: "give the person another name"},
		"unknown method": {test: `alice:sent("x")`, want: `alice has no "sent"; did you mean send?`},
		"a dot":          {test: `alice.send("x")`, want: "send is a method: write alice:send(…) with a colon"},
		"unknown option": {test: `alice:expect("x", { whithin = 1 })`, want: "did you mean within?"},
		"no person":      {test: `net:group("g", { "alice" })`, want: "entry 1: want a person"},
		"wrong role":     {test: `net:group("g", { alice, bto = "admin" })`, want: `unknown option "bto"; did you mean bot?`},
		"two kinds":      {test: `alice:expect({ pattern = "x", re = "x" })`, want: "give one of pattern, re and contains"},
		"bad re":         {test: `alice:expect({ re = "(" })`, want: "expect.re: error parsing"},
		"no message":     {test: `net:user("bob"):edit("x")`, want: "edit: there is no message in this chat yet"},
		"no event":       {test: `net:raw({})`, want: "raw: want an event"},
		"no file":        {test: `alice:send_file("none.txt")`, want: "none.txt"},
		"sleep":          {test: `sleep(5)`, want: "a test moves the time with net:advance(5)"},
		"late case":      {test: `sim.case("x", function() end)`, want: "belongs to the top of the file"},
		"no bot":         {test: `bot.send("@1", "x")`, want: "undefined global 'bot'"},
		"set":            {test: `net.bot.name = "x"`, want: "net.bot.name cannot be set"},
		"bad state":      {test: `net.bot.state = print`, want: "the state must be plain data"},
		"broken bot":     {bot: "local = 1", want: "the bot does not start: bot.lua:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bot := c.bot
			if bot == "" {
				bot = strings.Replace(chatty, "\n", "", 1) // the error is in line 10
				bot = "\n" + bot
			}
			dir := folder(t, map[string]string{"bot.lua": bot, "bot_test.lua": `local sim = require "simplex.sim"
sim.case("it", function(net) local alice = net:user("alice"):connect()
` + c.test + "\nend)"})
			results, s := runAll(t, dir, Options{})
			if s.Failed != 1 {
				t.Fatalf("it passed")
			}
			if got := Failure(results[0].Err); !strings.Contains(got, c.want) {
				t.Errorf("got:\n%s\nwant in it:\n%s", got, c.want)
			}
		})
	}
}

// TestBrokenFiles wants a file that does not load to be a failed case.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ test, want string }{
		"syntax":     {`local = 1`, "bot_test.lua:1:"},
		"two alike":  {"local sim = require 'simplex.sim'\nfor i = 1, 2 do sim.case('a', function() end) end", `bot_test.lua:2: sim.case: there are two cases "a"`},
		"no name":    {`require("simplex.sim").case(function() end)`, "sim.case: want a name"},
		"no case":    {`require("simplex.sim").case("x")`, "sim.case: want a function"},
		"bad option": {`require("simplex.sim").case("x", { bto = "y" }, function() end)`, "did you mean bot?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{"bot.lua": "", "bot_test.lua": c.test})
			results, s := runAll(t, dir, Options{})
			if s.Failed != 1 || !strings.Contains(Failure(results[0].Err), c.want) {
				t.Errorf("got %+v, want one failure with %q", results, c.want)
			}
		})
	}
}

// TestTimeouts wants a case that waits for ever to end and to tell what for.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"bot.lua": `bot.configure { cpu_limit = "1h" } bot.on_message(function() while true do end end)`,
		"bot_test.lua": `local sim = require "simplex.sim"
sim.case("busy bot", { timeout = 2 }, function(net) net:user("alice"):connect():send("x") end)
sim.case("busy test", { timeout = 1 }, function(net) while true do pcall(error) end end)`,
	})
	results, _ := runAll(t, dir, Options{Parallel: 1})
	for i, want := range []string{ // a slow machine may not come further than connecting
		`^bot_test\.lua:2: the case took longer than 2s, while the bot handled what alice did \((connect|send)\)`,
		`^bot_test\.lua:3: the case took longer than 1s`,
	} {
		if results[i].Err == nil || !regexp.MustCompile(want).MatchString(Failure(results[i].Err)) {
			t.Errorf("%s: got %v, want %s", results[i].Name, results[i].Err, want)
		}
	}
}

// TestSimIsForTests wants bots to be told that the module is not for them.
func TestSimIsForTests(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"bot.lua": `require "simplex.sim"`, "bot_test.lua": `require("simplex.sim").case("it", function() end)`,
	})
	results, _ := runAll(t, dir, Options{})
	if got := Failure(results[0].Err); !strings.Contains(got, "bot.lua:1: simplex.sim is for tests") {
		t.Errorf("got %s", got)
	}
}

// TestCancel wants Run to end with its context, and nothing to be left.
func TestCancel(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	before := runtime.NumGoroutine()
	dir := folder(t, map[string]string{
		"bot.lua": `bot.on_message(function(msg) sleep(3600) end)`,
		"bot_test.lua": `local sim = require "simplex.sim"
for i = 1, 5 do sim.case("case " .. i, function(net) while true do net:advance(1) end end) end`,
	})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := Run(ctx, Options{Files: []string{filepath.Join(dir, "bot_test.lua")}, Parallel: 2})
	if err == nil {
		t.Error("got no error, want the context's")
	}
	testkit.Until(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before })
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v %v", left, err)
	}
}
