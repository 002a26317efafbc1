package luaapi

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	const configure = "bot.configure { state_version = 2 }\n"
	tests := []struct {
		name, script, state string
		version             int
		want                string // the state, or
		err                 string
	}{
		{"the same version", configure, `{"n":1}`, 2, `{"n":1}`, ""},
		{"an older one", configure + `bot.on_migrate(function(s, v) return { count = s.n, from = v } end)`, `{"n":1}`, 1, `{"count":1,"from":1}`, ""},
		{"a newer one", `bot.on_migrate(function(s, v) return { n = s.count, from = v } end)`, `{"count":1}`, 2, `{"from":2,"n":1}`, ""},
		{"several handlers", configure + `bot.on_migrate(function(s) s.a = 1 return s end) bot.on_migrate(function(s) s.b = 2 return s end)`, `{}`, 1, `{"a":1,"b":2}`, ""},
		{"before on_reload", configure + `bot.on_migrate(function() return "new" end) bot.on_reload(function(s) assert(s == "new") end)`, `"old"`, 1, `"new"`, ""},
		{"no state", configure, `null`, 1, `null`, ""},
		{"the first state", configure + `bot.state = { players = {} } bot.on_migrate(function(s) return { players = s } end)`, `null`, 1, `{"players":{}}`, ""},
		{"the first state and no handler", configure + `bot.state = { n = 1 } bot.on_reload(function(s) assert(s.n == 1) end)`, `null`, 1, `{"n":1}`, ""},
		{"no handler", configure, `{"n":1}`, 1, "", "has the version 1 and this script wants 2"},
		{"an error", configure + `bot.on_migrate(function() error("no way") end)`, `{}`, 1, "", "no way"},
		{"not plain data", configure + `bot.on_migrate(function() return print end)`, `{}`, 1, "", "must be plain data"},
		{"waits", configure + `bot.on_migrate(function() sleep(1) end)`, `{}`, 1, "", "on_migrate may not wait"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, err := load(t, tt.script)
			if err != nil {
				t.Fatal(err)
			}
			err = b.Adopt(t.Context(), json.RawMessage(tt.state), tt.version)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want …%s…", err, tt.err)
				}
				return
			}
			got, stateErr := b.State()
			if err != nil || stateErr != nil || string(got) != tt.want {
				t.Errorf("got %s, %v, %v; want %s", got, err, stateErr, tt.want)
			}
		})
	}
}

// TestStateOverReloads: what a script may keep in bot.state is the same after
// each of two reloads.
func TestStateOverReloads(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, state, holds string }{
		{"none", `nil`, `s == nil`},
		{"null", `{ list = { 1, json.null, 3 }, n = json.null }`, `#s.list == 3 and s.list[2] == json.null and s.n == json.null`},
		{"by id", `{ seen = { [4] = true, [7] = { n = 1, [2.5] = "x" } } }`, `s.seen[4] and s.seen[7].n == 1 and s.seen[7][2.5] == "x" and s.seen["4"] == nil`},
		{"a list with names", `{ 1, 2, n = 2, [true] = json.null }`, `s[2] == 2 and s.n == 2 and s[true] == json.null`},
		{"a list of tables by id", `{ { [9] = 1 }, {} }`, `#s == 2 and s[1][9] == 1`},
		{"a list with a hole", `{ [2] = "b" }`, `s[1] == nil and s[2] == "b"`},
		{"our own mark", `{ ["\0pairs"] = { 1, 2 } }`, `s["\0pairs"][2] == 2`},
		{"empty", `{ list = json.array(), table = {} }`, `json.encode(s.list) == "[]" and json.encode(s.table) == "{}"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, err := load(t, "bot.state = "+tt.state)
			for n := 1; err == nil && n <= 2; n++ {
				var next *bot
				if next, err = load(t, "bot.on_reload(function(s) assert("+tt.holds+") end)"); err == nil {
					err = b.HandOver(func(state json.RawMessage) error { return next.Adopt(t.Context(), state, 1) })
				}
				b = next
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStateThatIsNotPlain(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{
		`{ f = print }`:                                    "f: a function cannot be written as JSON",
		`{ seen = { [4] = { 1, print } } }`:                "seen[…][2]: a function",
		`{ seen = { [4] = 1/0 } }`:                         "seen[…]: +Inf is no JSON number",
		`(function() local t = {} t.t = t return t end)()`: "t: the table contains itself",
		`{ [{}] = 1 }`:                                     "a table as key is neither",
	} {
		if _, err := load(t, "bot.state = "+state); err == nil || !strings.Contains(err.Error(), "bot.state must be plain data: "+want) {
			t.Errorf("%s: got %v", state, err)
		}
	}
}

// TestHandOver: while the next version takes the state over, nothing is written
// to it, and what the old version writes later is told.
func TestHandOver(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.state = { n = 0 }
		bot.on_message(function() bot.state.n = bot.state.n + 1 end)`)
	b.say("@4", "x")
	writing := make(chan struct{})
	err := b.HandOver(func(state json.RawMessage) error {
		if string(state) != `{"n":1}` {
			t.Errorf("got %s, want one message counted", state)
		}
		go func() {
			defer close(writing)
			b.Dispatch(textEvent("@4", 2, "in between"), nil)
		}()
		select {
		case <-writing:
			t.Error("a handler ran while the state was handed over")
		default:
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	<-writing
	if err := b.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(b.logs.String(), "have changed bot.state after the new one took over") {
		t.Errorf("nobody was told that a change is lost:\n%s", b.logs)
	}
}

func TestHandOverThatFails(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.state = { n = 0 }
		bot.on_message(function() bot.state.n = bot.state.n + 1 end)`)
	if err := b.HandOver(func(json.RawMessage) error { return context.Canceled }); err != context.Canceled {
		t.Errorf("got %v, want the error of take", err)
	}
	b.say("@4", "x")
	if err := b.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if strings.Contains(b.logs.String(), "took over") {
		t.Errorf("nobody took over:\n%s", b.logs)
	}
}
