package luaapi

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

// shown writes commands in short: what is sent, edited and deleted, * for live.
func shown(commands []string) string {
	var steps []string
	short := regexp.MustCompile(`^/_(send|update item|delete item) (@\d+)( \d+)?( live=on)?(.*)$`)
	for _, cmd := range commands {
		m := short.FindStringSubmatch(cmd)
		if m == nil {
			steps = append(steps, cmd)
			continue
		}
		body := strings.Trim(strings.TrimPrefix(m[5], " json "), "[]")
		var c struct {
			MsgContent struct{ Text string }
			Quoted     int64 `json:"quotedItemId"`
		}
		_ = json.Unmarshal([]byte(body), &c) // a deletion has none
		step := strings.Fields(m[1])[0]
		if m[4] != "" {
			step += "*"
		}
		if c.Quoted != 0 {
			step += ">"
		}
		steps = append(steps, strings.TrimSpace(step+" "+c.MsgContent.Text))
	}
	return strings.Join(steps, ", ")
}

func TestStream(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body, want string
	}{
		{"grows", `local s = msg:stream("a") sleep(1) s:append("b") sleep(1) s:append("c") s:close()`, "send*> a, update* ab, update* abc, update abc"},
		{"throttled", `local s = msg:stream() for i = 1, 50 do s:append(i % 10) sleep(0.1) end s:close("done")`,
			"send*> 1, update* 1234567890, update* 12345678901234567890, update* 123456789012345678901234567890, update* 1234567890123456789012345678901234567890, update* 12345678901234567890123456789012345678901234567890, update done"},
		{"the last text comes by itself", `local s = msg:stream("a") s:write("b") s:write("c") sleep(10) s:close()`, "send*> a, update* c, update c"},
		{"interval", `local s = msg:stream("a", { interval = 5 }) sleep(2) s:write("b") sleep(2) s:write("c") sleep(10) s:close()`, "send*> a, update* c, update c"},
		{"closed with the handler", `local s = msg:stream("a") s:append("b")`, "send*> a, update ab"},
		{"closed after an error", `local s = msg:stream("a") error("oops")`, "send*> a, update a"},
		{"cancelled", `local s = msg:stream("a") sleep(1) s:append("b") s:cancel()`, "send*> a, update* ab, delete"},
		{"never written", `local s = msg:stream() assert(s:close() == nil)`, ""},
		{"never written and cancelled", `msg:stream():cancel()`, ""},
		{"one text at the end", `msg:stream():close("all")`, "send> all"},
		{"no quote", `msg:stream("a", { quote = false }):close()`, "send* a, update a"},
		{"returns the message", `local s = msg:stream("a") local m = s:close("b") msg:reply(m.item_id .. s.text)`, "send*> a, update b, send> 1001b"},
		{"pieces of a letter", `local s = msg:stream("\195") s:append("\164") sleep(1) s:append("\226\130") sleep(1) s:append("\172") s:close()`, "send*> ä, update* ä€, update ä€"},
		{"ends inside a letter", `local s = msg:stream("hello ") s:append("w\195")`, "send*> hello, update hello w"},
		{"only a piece of a letter", `msg:stream("\195")`, ""},
		{"bytes that are no text", `local s = msg:stream("a\255") sleep(1) s:append("b\0c") sleep(1) s:append("\195d") s:close()`,
			"send*> a\uFFFD, update* a\uFFFDb\uFFFDc, update* a\uFFFDb\uFFFDc\uFFFDd, update a\uFFFDb\uFFFDc\uFFFDd"},
		{"closed with bytes that are no text", `local s = msg:stream() local m = s:close("a\255\195") assert(m)`, "send> a\uFFFD"},
		{"mistakes", `local s = msg:stream("a") s:close()
			for _, f in ipairs { function() s:write("b") end, function() s:close() end, function() s.write("x") end, function() s:wrote() end,
				function() msg:stream({}) end, function() msg:stream("x", { interval = 0.01 }) end } do
				local ok, err = pcall(f)
				assert(not ok and err.type == "argument", tostring(err))
			end`, "send*> a, update a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, `bot.on_message(function(msg) `+tt.body+` end)`)
			b.id++
			b.Offer(textEvent("@4", b.id, "go"), nil)
			b.rest(t)
			var commands []string
			for range 60 { // texts() of wait would take them
				commands = append(commands, b.core.sent()...)
				end := b.clock.Now().Add(time.Second)
				for f := b.clock.next(end); f != nil; f = b.clock.next(end) {
					f()
					b.rest(t)
				}
			}
			if got := shown(commands); got != tt.want {
				t.Errorf("got  %s\nwant %s\n%s", got, tt.want, b.logs)
			}
		})
	}
}

// TestStreamOfALongText shows as much as one message holds; the rest follows
// when it is closed.
func TestStreamOfALongText(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.configure { cpu_limit = 60 } -- machines may be slow
	bot.on_message(function(msg)
		local s = msg:stream()
		for _ = 1, 80 do s:append(("word "):rep(100)) end
		local last = s:close()
		assert(#last.parts == 3, #last.parts)
		assert(last.parts[1].item_id < last.parts[3].item_id)
	end)`)
	b.Dispatch(textEvent("@4", 1, "go"), nil)
	var kinds, text strings.Builder
	for _, step := range strings.Split(shown(b.core.sent()), ", ") {
		kind, part, _ := strings.Cut(step, " ")
		kinds.WriteString(kind + " ")
		if kind != "send*>" && kind != "update*" {
			text.WriteString(part + " ")
		}
		if len(part) > maxMessage {
			t.Errorf("%s: %d bytes", kind, len(part))
		}
	}
	if n := strings.Count(text.String(), "word"); n != 8000 || !strings.HasSuffix(kinds.String(), "update send send ") {
		t.Errorf("got %d words and %q, want 8000 in an edit and two messages\n%s", n, kinds.String(), b.logs)
	}
}
