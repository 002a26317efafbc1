package luaapi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"
)

func TestMap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, script, want string }{
		{"get and set", `m:set("a", 1) m:set("a", 2) print(m:get("a"), m:get("b"), m:len())`, "2\tnil\t1"},
		{"keys of all types", `m:set("1", "text") m:set(1, "number") m:set(true, "yes") m:set(false, "no")
			print(m:get("1"), m:get(1), m:get(true), m:get(false), m:len())`, "text\tnumber\tyes\tno\t4"},
		{"the two zeros", `m:set(0, "zero") print(m:get(-0), m:get(1 / math.huge))`, "zero\tzero"},
		{"values of all types", `local t = {} m:set(1, t) m:set(2, print) m:set(3, false) m:set(4, m)
			print(m:get(1) == t, m:get(2) == print, m:get(3), m:get(4) == m)`, "true\ttrue\tfalse\ttrue"},
		{"delete", `m:set("a", 1) print(m:delete("a"), m:delete("a"), m:get("a"), m:len())`, "true\tfalse\tnil\t0"},
		{"nil deletes", `m:set("a", 1) m:set("a", nil) m:set("b", nil) print(m:get("a"), m:len())`, "nil\t0"},
		{"clear", `m:set("a", 1) m:clear() m:set("b", 2) print(m:get("a"), m:len(), walk())`, "nil\t1\tb=2"},
		{"order of adding", `for i = 5, 1, -1 do m:set(i, i) end m:set(5, "x") m:delete(3) m:set(3, 3) print(walk())`, "5=x 4=4 2=2 1=1 3=3"},
		{"walk in an empty map", `print(walk())`, ""},
		{"two walks", `m:set(1, 1) m:set(2, 2)
			for a in m:pairs() do for b in m:pairs() do print(a .. b) end end`, "11\n12\n21\n22"},
		{"deleting all in a walk", `for i = 1, 1000 do m:set(i, i) end
			local n = 0 for k in m:pairs() do n = n + 1 m:delete(k) end print(n, m:len())`, "1000\t0"},
		{"deleting what comes next", `for i = 1, 9 do m:set(i, i) end
			for k in m:pairs() do m:delete(k + 1) end print(walk())`, "1=1 3=3 5=5 7=7 9=9"},
		{"changing and adding in a walk", `m:set("a", 1) m:set("b", 2)
			for k, v in m:pairs() do m:set(k, v + 10) m:set(k .. k, v) m:set("b", 5) end print(walk())`, "a=11 b=5 aa=1 bb=5"},
		{"clearing in a walk", `m:set("a", 1) m:set("b", 2)
			for k in m:pairs() do m:clear() m:set("c", 3) print(k) end print(walk())`, "a\nc=3"},
		{"after the end", `m:set("a", 1) local f = m:pairs() print(f()) print(f()) m:set("b", 2) print(f())`, "a\t1\nnil\nnil"},
		{"capacity", `m = map.new { capacity = 2 } m:set("a", 1) m:set("b", 2) m:set("a", 3) m:get("b") m:set("c", 4)
			print(walk(), m:len())`, "a=3 c=4\t2"},
		{"room after a delete", `m = map.new { capacity = 2 } m:set("a", 1) m:set("b", 2) m:delete("b") m:set("c", 3) print(walk())`, "a=1 c=3"},
		{"text", `m:set(1, 1) print(tostring(m), type(m), getmetatable(m))`, "map of 1 entries\tuserdata\tmap"},
		{"one module", `print(map == require "map", rawget(_G, "map"))`, "true\tnil"},
		{"maps are apart", `local o = map.new() o:set(1, 1) print(m:len(), o:len())`, "0\t1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, err := load(t, `local map = require "map" local m = map.new()
				local function walk() local t = {} for k, v in m:pairs() do t[#t + 1] = k .. "=" .. v end return table.concat(t, " ") end
				`+tt.script)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSuffix(b.logs.String(), "\n"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMapArguments(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		`map:new()`:                  "map.new is a function: write map.new(…) with a dot, not :new(…)",
		`map.nwe()`:                  `map has no "nwe"; did you mean new?`,
		`map.new(5)`:                 "map.new: want a table, got the number 5",
		`map.new { capacty = 5 }`:    `unknown option "capacty"; did you mean capacity?`,
		`map.new { capacity = 0 }`:   "map.new.capacity: want 1 or more, got 0",
		`map.new { capacity = 1.5 }`: "map.new.capacity: want a whole number",
		`map.new { ttl = 0 }`:        "map.new.ttl: want more than 0",
		`map.new { ttl = "soon" }`:   "map.new.ttl: want a duration",
		`m.get("a")`:                 "get is a method of a map: write m:get(…) with a colon",
		`m.pairs()`:                  "pairs is a method of a map: write m:pairs(…) with a colon",
		`m:gte("a")`:                 `a map has no method "gte"; did you mean get?`,
		`print(m.colour)`:            `a map has no method "colour"; entries are read with m:get(key)`,
		`m.a = 1`:                    "a map has no fields: write m:set(key, value)",
		`m:get()`:                    "map get: the key must be a string, a number or a boolean, got nil",
		`m:set({}, 1)`:               "map set: the key must be a string, a number or a boolean, got a table",
		`m:set(0/0, 1)`:              "map set: the key is not a number (nan)",
		`m:delete(m)`:                "map delete: the key must be a string, a number or a boolean, got a userdata",
		`m:set("a")`:                 "map set: want a key and a value; the value nil deletes",
		`m:set("a", 1, 0)`:           "map set: ttl: want more than 0",
		`m:set("a", 1, -1)`:          "map set: ttl: want seconds from 0",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, "local map = require 'map' local m = map.new()\n"+script)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "bot.lua:2") {
				t.Errorf("got %v, want %q at line 2", err, want)
			}
		})
	}
}

// TestMapTTL moves the clock between questions about a map.
func TestMapTTL(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		local m = require("map").new { ttl = "1m", capacity = 3 }
		local function walk() local t = {} for k, v in m:pairs() do t[#t + 1] = k .. "=" .. v end return table.concat(t, ",") end
		bot.on_message(function(msg)
			local verb, key, value, ttl = msg.text:match("^(%a+) ?(%w*) ?(%w*) ?(%w*)$")
			if verb == "set" then m:set(key, value, ttl ~= "" and ttl or nil) end
			if verb == "get" then msg:reply(tostring(m:get(key))) end
			if verb == "delete" then msg:reply(tostring(m:delete(key))) end
			if verb == "all" then msg:reply(walk() .. " " .. m:len()) end
			if verb == "slow" then for k in m:pairs() do msg:reply(k) sleep(20) end end
		end)`)
	for i, step := range []struct {
		wait      time.Duration
		say, want string
	}{
		{0, "set a 1", ""},
		{0, "set b 2 10s", ""},
		{10*time.Second - 1, "all", "a=1,b=2 2"},
		{1, "get b", "nil"},
		{0, "all", "a=1 1"},
		{0, "set b 3", ""}, // added anew: behind a
		{40 * time.Second, "set a 4", ""},
		{20 * time.Second, "all", "a=4 1"}, // b is over, a began anew
		{40 * time.Second, "delete a", "false"},
		{0, "all", " 0"},
		{0, "set a 1 1h", ""},
		{0, "set b 2 5s", ""},
		{0, "set c 3", ""},
		{6 * time.Second, "set d 4", ""}, // the expired one makes room, not a
		{0, "all", "a=1,c=3,d=4 3"},
		{0, "set a 5", ""}, // back to the map's ttl
		{60 * time.Second, "all", " 0"},
	} {
		b.wait(t, step.wait)
		b.want(t, fmt.Sprintf("step %d, %s", i+1, step.say), b.hear(t, "@4", step.say), step.want)
	}
	for _, say := range []string{"set a 1", "set b 2 30s", "set c 3 30s"} {
		b.hear(t, "@4", say)
	}
	b.want(t, "first of a walk that waits", b.hear(t, "@4", "slow"), "a")
	b.want(t, "second", b.wait(t, 20*time.Second), "b")
	b.want(t, "another chat adds meanwhile", b.hear(t, "@5", "set a 9")+b.hear(t, "@5", "set d 4"), "")
	b.want(t, "the third expired, the fourth is too new", b.wait(t, 20*time.Second), "")
}

// TestStoreMemory wants what was removed to be out of every part of a store.
func TestStoreMemory(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	const n = 20000
	for name, empty := range map[string]func(s *store){
		"delete": func(s *store) {
			for i := range n {
				s.delete(lua.LNumber(i), now)
			}
		},
		"delete from the end": func(s *store) {
			for i := range n {
				s.delete(lua.LNumber(n-1-i), now)
			}
		},
		"expiry": func(s *store) {
			for range n {
				s.set(lua.LTrue, lua.LTrue, time.Second, now.Add(time.Hour))
			}
		},
		"clear":    (*store).clear,
		"counting": func(s *store) { s.len(now.Add(time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(2*n, time.Minute)
			for i := range n {
				s.set(lua.LNumber(i), lua.LString("value"), 0, now)
			}
			empty(s)
			if len(s.entries) > 1 || len(s.timed) > 1 || s.recent.Len() > 1 {
				t.Errorf("left: %d entries, %d timed, %d recent", len(s.entries), len(s.timed), s.recent.Len())
			}
			if cap(s.order) > 200 || cap(s.timed) > 200 || s.gone > 66 {
				t.Errorf("kept: %d of order, %d of timed, %d gone", cap(s.order), cap(s.timed), s.gone)
			}
		})
	}
}

// TestStoreModel holds a store against a plain list.
func TestStoreModel(t *testing.T) {
	t.Parallel()
	type pair struct {
		key, value lua.LValue
		expires    time.Time
		set        int
	}
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.IntRange(0, 8).Draw(t, "capacity")
		now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		s, model := newStore(capacity, 0), []pair{}
		for i := range rapid.IntRange(0, 300).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "passed")) * time.Second)
			live := model[:0]
			for _, p := range model {
				if p.expires.After(now) {
					live = append(live, p)
				}
			}
			model = live
			key := lua.LNumber(rapid.IntRange(0, 12).Draw(t, "key"))
			at := -1
			for j, p := range model {
				if p.key == key {
					at = j
				}
			}
			if rapid.IntRange(0, 2).Draw(t, "verb") > 0 {
				ttl := time.Duration(rapid.IntRange(1, 20).Draw(t, "ttl")) * time.Second
				s.set(key, lua.LNumber(i), ttl, now)
				p := pair{key, lua.LNumber(i), now.Add(ttl), i}
				if at >= 0 {
					model[at] = p
				} else {
					if capacity > 0 && len(model) == capacity {
						oldest := 0
						for j := range model {
							if model[j].set < model[oldest].set {
								oldest = j
							}
						}
						model = append(model[:oldest], model[oldest+1:]...)
					}
					model = append(model, p)
				}
			} else {
				if got := s.delete(key, now); got != (at >= 0) {
					t.Fatalf("delete: %v", got)
				}
				if at >= 0 {
					model = append(model[:at], model[at+1:]...)
				}
			}
			var got, want []string
			for e := s.next(0, now); e != nil; e = s.next(e.seq, now) {
				got = append(got, e.key.String()+"="+e.value.String())
			}
			for _, p := range model {
				want = append(want, p.key.String()+"="+p.value.String())
				if v := s.get(p.key, now); v != p.value {
					t.Fatalf("get %v: %v, want %v", p.key, v, p.value)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("walk: %v, want %v", got, want)
			}
			if rapid.IntRange(0, 5).Draw(t, "count") == 0 && s.len(now) != len(model) {
				t.Fatalf("len: %d, want %d", s.len(now), len(model))
			}
		}
	})
}
