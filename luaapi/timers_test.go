package luaapi

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// world is what generations and processes of one bot share.
type world struct {
	clock *handClock
	core  *fakeCore
	book  *TimerBook
	path  string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		clock: &handClock{now: time.Date(2030, 1, 2, 3, 0, 0, 0, time.UTC)}, core: &fakeCore{},
		path: filepath.Join(t.TempDir(), "timers.json"),
	}
	w.book = OpenTimerBook(w.path, nil)
	return w
}

// load loads a generation and does not start it.
func (w *world) load(t *testing.T, n int, script string) *clockBot {
	t.Helper()
	b := &bot{core: w.core, logs: &testkit.Buffer{}}
	var err error
	b.Runtime, err = Load(t.Context(), Options{
		Lab: Lab{Clock: w.clock}, Name: "test", Path: "bot.lua", Source: []byte(script), Generation: n, Print: b.logs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	b.Attach(Session{Core: w.core, UserID: 1, Timers: w.book})
	return &clockBot{b, w.clock}
}

// start starts a process.
func (w *world) start(t *testing.T, script string) *clockBot {
	t.Helper()
	b := w.load(t, 1, script)
	b.Start(t.Context(), "start")
	return b
}

// restart ends the process of b and starts one after a while.
func (w *world) restart(t *testing.T, b *clockBot, off time.Duration, script string) *clockBot {
	t.Helper()
	b.Close()
	b.wait(t, off)
	w.book = OpenTimerBook(w.path, nil)
	return w.start(t, script)
}

// reload lets another version take over.
func (w *world) reload(t *testing.T, old *clockBot, script string) *clockBot {
	t.Helper()
	b := w.load(t, old.opts.Generation+1, script)
	err := old.HandOver(func(state json.RawMessage) error { return b.Adopt(t.Context(), state, 1) })
	if err != nil {
		t.Fatal(err)
	}
	b.Start(t.Context(), "reload")
	b.rest(t)
	return b
}

func TestTimersAreHandedOver(t *testing.T) {
	t.Parallel()
	const every = `bot.every("10m", function() bot.send("@4", "V" .. os.date("!%M")) end)`
	tests := []struct {
		name, before, after string
		// run is how long the first version runs, want what comes in the hour after it.
		run        time.Duration
		then, want string
	}{
		{"every keeps its phase", every, "-- moved\n" + every, 25 * time.Minute, "V10 V20", "V30 V40 V50 V00 V10 V20"},
		{"every with another period begins anew", every, strings.Replace(every, "10m", "20m", 1), 25 * time.Minute, "V10 V20", "V45 V05 V25"},
		{"two that are alike keep theirs", every + "\n" + every, every + "\n" + every, 5 * time.Minute, "",
			"V10 V10 V20 V20 V30 V30 V40 V40 V50 V50 V00 V00"},
		{"named, in another form", strings.Replace(every, " end)", ` end, { name = "x" })`, 1),
			"local function f() bot.send('@4', 'N' .. os.date('!%M')) end\nbot.every(600, f, { name = 'x' })", 55 * time.Minute, "V10 V20 V30 V40 V50", "N00 N10 N20 N30 N40 N50"},
		{"cron", `bot.cron("30 * * * *", function() bot.send("@4", "old") end)`, `bot.cron("30 * * * *", function() bot.send("@4", "new") end)`, 30 * time.Minute, "old", "new"},
		{"after goes on", `bot.after("30m", function() bot.send("@4", "old") end)`, `bot.after("30m", function() bot.send("@4", "new " .. os.date("!%M")) end)`, 20 * time.Minute, "", "new 30"},
		{"after in on_start goes on", `bot.on_start(function() bot.after("30m", function() bot.send("@4", "old") end, { name = "x" }) end)`,
			`bot.on_start(function() bot.after("30m", function() bot.send("@4", "new " .. os.date("!%M")) end, { name = "x" }) end)`, 20 * time.Minute, "", "new 30"},
		{"after in on_start does not come twice", `bot.on_start(function() bot.after("10m", function() bot.send("@4", "old") end, { name = "x" }) end)`,
			`bot.on_start(function() bot.after("10m", function() bot.send("@4", "new") end, { name = "x" }) end)`, 20 * time.Minute, "old", ""},
		{"after does not come twice", `bot.after("10m", function() bot.send("@4", "old") end)`, `bot.after("10m", function() bot.send("@4", "new") end)`, 20 * time.Minute, "old", ""},
		{"removed", every, "", 5 * time.Minute, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.start(t, tt.before)
			b.want(t, "before", b.wait(t, tt.run), tt.then)
			b = w.reload(t, b, tt.after)
			b.want(t, "after", b.wait(t, time.Hour), tt.want)
		})
	}
}

// TestTimersAfterAFailedReload run on in the version that goes on.
func TestTimersAfterAFailedReload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.start(t, `bot.every("10m", function() bot.send("@4", "old") end)`)
	bad := w.load(t, 2, `bot.on_reload(function() error("no") end) bot.every("10m", function() bot.send("@4", "new") end)`)
	if err := b.HandOver(func(state json.RawMessage) error { return bad.Adopt(t.Context(), state, 1) }); err == nil {
		t.Fatal("want an error of on_reload")
	}
	bad.Close()
	b.want(t, "goes on", b.wait(t, 20*time.Minute), "old old")
}

// TestOldVersionsTimers: what a handler has set once still runs in its own
// version; a run that is under way is not repeated by the next version.
func TestOldVersionsTimers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const script = `
		bot.on_message(function(msg) bot.after("5m", function() msg:reply("NAME reminds") end) end)
		bot.every("10m", function() bot.send("@4", "NAME begins") sleep("15m") bot.send("@4", "NAME ends") end)`
	old := w.start(t, strings.ReplaceAll(script, "NAME", "old"))
	old.want(t, "first run", old.wait(t, 10*time.Minute), "old begins")
	old.hear(t, "@4", "remind me")
	b := w.reload(t, old, strings.ReplaceAll(script, "NAME", "new"))
	drained := make(chan error, 1)
	go func() { drained <- old.Drain(t.Context()) }()
	got := ""
	for range 3 {
		got += b.wait(t, 5*time.Minute) + ", "
		old.rest(t)
		b.rest(t)
		got += strings.Join(w.core.texts(), " ") + ", "
	}
	if got = strings.Join(strings.FieldsFunc(got, func(r rune) bool { return r == ',' }), ""); strings.Join(strings.Fields(got), " ") != "old reminds old ends" {
		t.Errorf("while the old version drains: got %q", got)
	}
	if err := <-drained; err != nil {
		t.Errorf("Drain: %v", err)
	}
	b.want(t, "the next run", b.wait(t, 5*time.Minute), "new begins")
}

func TestNamedTimersOverARestart(t *testing.T) {
	t.Parallel()
	const (
		say   = `function() bot.send("@4", os.date("!%H:%M")) end`
		every = `bot.every("1h", ` + say + `, { name = "hourly" })`
		after = `bot.after("1h", ` + say + `, { name = "later" })`
		daily = `bot.cron("0 9 * * *", ` + say + `, { name = "daily" })`
	)
	catchUp := func(s string) string { return strings.Replace(s, ` })`, `, catch_up = true })`, 1) }
	inStart := func(s string) string { return "bot.on_start(function() " + s + " end)" }
	tests := []struct {
		name, script string
		// run, off and on are how long the bot runs, is off, and runs again.
		run, off, on time.Duration
		then, want   string
	}{
		{"every keeps its phase", every, 90 * time.Minute, 10 * time.Minute, time.Hour, "04:00", "05:00"},
		{"every leaves out what it missed", every, 90 * time.Minute, 3 * time.Hour, time.Hour, "04:00", "08:00"},
		{"every catches up once", catchUp(every), 90 * time.Minute, 3 * time.Hour, time.Hour, "04:00", "07:30 08:00"},
		{"every has nothing to catch up", catchUp(every), 90 * time.Minute, time.Minute, time.Hour, "04:00", "05:00"},
		{"without a name it begins anew", strings.Replace(every, `name = "hourly"`, "", 1), 90 * time.Minute, 10 * time.Minute, time.Hour, "04:00", "05:40"},
		{"after goes on", after, 30 * time.Minute, 10 * time.Minute, time.Hour, "", "04:00"},
		{"after comes once", after, 90 * time.Minute, 10 * time.Minute, 3 * time.Hour, "04:00", ""},
		{"after was missed", after, 30 * time.Minute, 2 * time.Hour, 3 * time.Hour, "", ""},
		{"after catches up", catchUp(after), 30 * time.Minute, 2 * time.Hour, 3 * time.Hour, "", "05:30"},
		{"after in on_start goes on", inStart(after), 30 * time.Minute, 10 * time.Minute, time.Hour, "", "04:00"},
		{"after in on_start comes once", inStart(after), 90 * time.Minute, 10 * time.Minute, 3 * time.Hour, "04:00", ""},
		{"after in on_start catches up", inStart(catchUp(after)), 30 * time.Minute, 2 * time.Hour, 3 * time.Hour, "", "05:30"},
		{"every in on_start keeps its phase", inStart(every), 90 * time.Minute, 10 * time.Minute, time.Hour, "04:00", "05:00"},
		{"at once comes once", strings.Replace(after, "1h", "0s", 1), time.Hour, 10 * time.Minute, time.Hour, "03:00", ""},
		{"cron does not come twice", daily, 6 * time.Hour, 10 * time.Second, time.Hour, "09:00", ""},
		{"cron was missed", daily, time.Hour, 6 * time.Hour, 24 * time.Hour, "", "09:00"},
		{"cron catches up", catchUp(daily), time.Hour, 6 * time.Hour, 24 * time.Hour, "", "10:00 09:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.start(t, tt.script)
			b.rest(t)
			b.want(t, "first process", b.wait(t, tt.run), tt.then)
			b = w.restart(t, b, tt.off, tt.script)
			b.rest(t)
			b.want(t, "second process", b.wait(t, tt.on), tt.want)
		})
	}
}

// TestNamedTimersInHandlers: a name stands for one timer, the last that was set.
func TestNamedTimersInHandlers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.start(t, `bot.on_message(function(msg)
		bot.after(msg.text, function() msg:reply(msg.text) end, { name = "only one" })
	end)`)
	b.hear(t, "@4", "10m")
	b.hear(t, "@4", "20m")
	b.want(t, "the last", b.wait(t, time.Hour), "20m")
	b.hear(t, "@4", "20m")
	b.want(t, "again", b.wait(t, time.Hour), "20m")
}

// TestTimersThatNobodyResumes are not written down: a script may give each a name
// of its own. One that takes the place of a timer at the top stays, as that does.
func TestTimersThatNobodyResumes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const script = `
		bot.after("1h", function() bot.send("@9", "silence") end, { name = "silence" })
		bot.on_message(function(msg)
			bot.after("10m", function() msg:reply("remind") end, { name = "remind " .. msg.item_id })
			bot.after("1h", function() bot.send("@9", "silence") end, { name = "silence" })
		end)`
	b := w.start(t, script)
	b.wait(t, 30*time.Minute)
	b.hear(t, "@4", "x")
	b.hear(t, "@4", "x")
	b.want(t, "reminders", b.wait(t, 20*time.Minute), "remind remind")
	data, err := os.ReadFile(w.path)
	if err != nil || strings.Contains(string(data), "remind") || !strings.Contains(string(data), "silence") {
		t.Errorf("got %s, %v; want only the timer at the top", data, err)
	}
	b = w.restart(t, b, 20*time.Minute, script) // 70 min after the start, 40 after the last message
	b.want(t, "put off by the handler", b.wait(t, 30*time.Minute), "silence")
}

func TestTimerMistakes(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		`bot.every("1h", print, { name = "a" }) bot.after("1h", print, { name = "a" })`: `the name "a" is taken, by every at bot.lua:1`,
		`bot.every("1h", print, { catch_up = true })`:                                   "catch_up needs a name",
		`bot.every("20ms", print, { name = "a" })`:                                      "at least 1s",
		`bot.every(0, print)`:                                     "at least 10ms",
		`bot.after(1, print, { nmae = "a" })`:                     `did you mean name?`,
		`bot.cron("0 9 * *", print)`:                              "is no time table",
		`bot.cron("0 9 30 2 *", print)`:                           "never comes",
		`bot.cron("@every 1h", print)`:                            "use bot.every",
		`bot.cron("TZ=UTC 0 9 * * *", print)`:                     "a zone is an option",
		`bot.cron("0 9 * * *", print, { zone = "Europe/Berln" })`: "no time zone",
		`bot.cron(9, print)`:                                      "want a time table",
		`bot.configure { state_version = 0 }`:                     "want 1 or more",
		`bot.trigger("x")`:                                        "not started",
	} {
		if _, err := load(t, script); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want …%s…", script, err, want)
		}
	}
}

func TestPending(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.start(t, `bot.after("1h", print) bot.every("1h", print) bot.cron("@daily", print)
		bot.on_message(function(msg) msg:ask("Well?") end)`)
	b.hear(t, "@4", "x")
	if got, want := b.Pending(), (Pending{Timers: 1, Repeating: 2, Waiting: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	b.wait(t, 2*time.Hour)
	if got, want := b.Pending(), (Pending{Repeating: 2}); got != want {
		t.Errorf("after two hours: got %+v, want %+v", got, want)
	}
}

// TestTimersOnAFullDisk: timers that cannot be noted run all the same, and the
// log says so once.
func TestTimersOnAFullDisk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var log testkit.Buffer
	w.book = OpenTimerBook(filepath.Join(t.TempDir(), "gone", "timers.json"), slog.New(slog.NewTextHandler(&log, nil)))
	b := w.start(t, `bot.every("10m", function() bot.send("@4", "tick") end, { name = "x" })`)
	b.want(t, "goes on", b.wait(t, 30*time.Minute), "tick tick tick")
	if n := strings.Count(log.String(), "named timers cannot be noted"); n != 1 {
		t.Errorf("said %d times, want once:\n%s", n, log.String())
	}
}

// TestDamagedTimers begin anew.
func TestDamagedTimers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "{", `{"timers":{"x":null}}`, `{"timers":{"x":{"spec":"other","due":"2020-01-01T00:00:00Z"}}}`, `{"timers":[]}`} {
		w := newWorld(t)
		if err := os.WriteFile(w.path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w.book = OpenTimerBook(w.path, nil)
		b := w.start(t, `bot.every("10m", function() bot.send("@4", "tick") end, { name = "x", catch_up = true })`)
		b.want(t, text, b.wait(t, 20*time.Minute), "tick tick")
	}
}
