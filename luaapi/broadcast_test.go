package luaapi

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"
)

func TestBroadcast(t *testing.T) {
	t.Parallel()
	contacts := `{"result":{"type":"contactsList","contacts":[
		{"contactId":2,"contactStatus":"active"},
		{"contactId":4,"contactStatus":"active","createdAt":"2026-01-01T00:00:00Z","activeConn":{"connId":1,"connStatus":{"type":"ready"}}},
		{"contactId":5,"contactStatus":"deleted","activeConn":{"connId":2,"connStatus":{"type":"ready"}}},
		{"contactId":6,"contactStatus":"active","activeConn":{"connId":3,"connStatus":{"type":"joined"}}},
		{"contactId":7,"contactStatus":"active","createdAt":"2027","activeConn":{"connId":4,"connStatus":{"type":"sndReady"}}}]}}`
	tests := []struct{ name, script, want string }{
		{"all active contacts", `show(bot.broadcast(nil, "news"))`, "@4=1001 @7=1002 |  | "},
		{"all active contacts, later", `
			local r = bot.broadcast(nil, "news", { on_progress = function() return false end })
			assert(r.sent[1].chat == "@4" and r.sent[1].created_at == "2026-01-01T00:00:00Z" and r.remaining[1].created_at == "2027")
			r = json.decode(json.encode(r))
			contacts_change()
			r = bot.broadcast(r, "news")
			local again = bot.broadcast(r.failed, "news").failed[1]
			assert(again.chat == "@7" and again.created_at == "2027" and again.error.type == "argument")
			for _, e in ipairs(r.failed) do e.error.chat_error = { errorType = { type = e.error.type } } end
			show(r)`, "@4=1001 | @7=argument | "},
		{"a list", `show(bot.broadcast({ "@4", msg.chat.ref, "#2", "@4" }, "news"))`, "@4=1001 @9=1002 #2=1003 |  | "},
		{"chats whose ids belong to others now", `
			local function chat(t, id, at) return { type = t, id = id, created_at = at } end
			local r = bot.broadcast({
				chat("direct", 4, "2026-01-01T00:00:00Z"), chat("direct", 7, "2025"), chat("group", 2, "2026"), chat("group", 3, "2026"), msg, "@8",
			}, "news", { on_progress = function() return false end })
			r = json.decode(json.encode(r))
			assert(r.remaining[1].created_at == "2025" and r.remaining[1].ref == "@7" and r.remaining[5] == "@8")
			r = bot.broadcast(r, "news")
			for _, e in ipairs(r.failed) do e.error.chat_error = { errorType = { type = e.error.type } } end
			show(r)`,
			"@4=1001 #2=1002 @8=1003 | @7=argument #3=argument @9=argument | "},
		{"a content", `show(bot.broadcast({ "@4" }, { type = "text", text = "news" }, { ttl = 60 }))`, "@4=1001 |  | "},
		{"nobody", `show(bot.broadcast({}, "news"))`, " |  | "},
		{"failures", `show(bot.broadcast({ "@40", "@4", "@41" }, "news"))`, "@4=1001 | @40=contactNotReady @41=contactNotReady | "},
		{"stopped and resumed", `
			local n = 0
			local r = bot.broadcast({ "@4", "@40", "@5", "@6" }, "news", { on_progress = function(r, last)
				n = n + 1
				assert(last.chat == ({ "@4", "@40", "@5", "@6" })[n] and #r.sent + #r.failed == n and #r.remaining == 4 - n)
				return n < 2
			end })
			show(r)
			r = json.decode(json.encode(r))
			show(bot.broadcast(r, "news"))`,
			"@4=1001 | @40=contactNotReady | @5 @6, @4=1001 @5=1002 @6=1003 | @40=contactNotReady | "},
		{"bad chat", `bot.broadcast({ "@4", "x" }, "news")`, "ERROR broadcast[2]"},
		{"no list", `bot.broadcast("@4", "news")`, "ERROR want a list of chats"},
		{"bad rate", `bot.broadcast({}, "news", { rate = 0 })`, "ERROR rate: want messages per second"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, `
				local function show(r)
					local s, f = {}, {}
					for i, e in ipairs(r.sent) do s[i] = e.chat .. "=" .. e.item_id end
					for i, e in ipairs(r.failed) do f[i] = e.chat .. "=" .. e.error.chat_error.errorType.type end
					print(table.concat(s, " ") .. " | " .. table.concat(f, " ") .. " | " .. table.concat(r.remaining, " "))
				end
				local function contacts_change() pcall(bot.send, "@41", "change") end
				bot.on_message(function(msg)
					local ok, e = pcall(function() `+tt.script+` end)
					if not ok then print("ERROR " .. tostring(e)) end
				end)`)
			contacts := contacts
			b.core.answer = func(cmd string) (string, bool) {
				if strings.HasPrefix(cmd, "/_send @41") && strings.Contains(cmd, "change") {
					contacts = strings.Replace(contacts, "2027", "2028", 1)
				}
				if strings.HasPrefix(cmd, "/_send @40") || strings.HasPrefix(cmd, "/_send @41") {
					return refusal(40, "active", "new"), true
				}
				if cmd == "/_groups 1" {
					return `{"result":{"type":"groupsList","groups":[{"groupId":2,"createdAt":"2026"},{"groupId":3,"createdAt":"2027"}]}}`, true
				}
				return contacts, cmd == "/_contacts 1"
			}
			b.hear(t, "@9", "go")
			b.wait(t, time.Minute)
			got := strings.ReplaceAll(strings.TrimSuffix(b.logs.String(), "\n"), "\n", ", ")
			if want, isError := strings.CutPrefix(tt.want, "ERROR "); got != tt.want && !(isError && strings.Contains(got, want)) {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// A core that is gone ends the broadcast, and the rest remains.
func TestBroadcastCoreGone(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_message(function(msg)
			local r = bot.broadcast({ "@4", "@5", "@6" }, "news")
			print(#r.sent, #r.failed, #r.remaining)
		end)`)
	b.core.gone = map[string]error{"/_send @5": fmt.Errorf("send: %w", fs.ErrClosed)}
	b.hear(t, "@9", "go")
	b.wait(t, time.Minute)
	if got := b.logs.String(); got != "1\t0\t2\n" {
		t.Errorf("got %q", got)
	}
}

// A text of which some parts were sent is not sent again.
func TestBroadcastCoreGoneInTheMiddleOfAText(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_message(function(msg)
			local r = bot.broadcast({ "@5", "@6" }, ("word "):rep(8000))
			print(#r.sent, #r.failed, #r.remaining)
		end)`)
	b.core.answer = func(string) (string, bool) {
		b.core.gone = map[string]error{"/_send @5": fmt.Errorf("send: %w", fs.ErrClosed)}
		return "", false
	}
	b.hear(t, "@9", "go")
	b.wait(t, time.Minute)
	if got := b.logs.String(); got != "0\t1\t1\n" {
		t.Errorf("got %q", got)
	}
}

// TestPace counts the messages that are sent in each second.
func TestPace(t *testing.T) {
	t.Parallel()
	everybody := `local all = {} for i = 1, 50 do all[i] = "@" .. i end `
	replies := `for i = 1, 50 do msg:reply("x") end`
	tests := []struct {
		name, settings, script string
		want                   string // messages after 0, 1, 2 … seconds
	}{
		{"broadcast", ``, everybody + `bot.broadcast(all, "x")`, "1 20 20"},
		{"broadcast with a rate", ``, everybody + `bot.broadcast(all, "x", { rate = 5 })`, "1 5 5"},
		{"broadcast with send_rate", `send_rate = 10`, everybody + `bot.broadcast(all, "x")`, "1 10 10"},
		{"replies", ``, replies, "50 0 0"},
		{"replies with send_rate", `send_rate = 2`, replies, "1 2 2"},
		{"a slow rate", `send_rate = 0.5`, replies, "1 0 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, `
				bot.configure { `+tt.settings+` }
				bot.on_message(function(msg) `+tt.script+` end)`)
			b.hear(t, "@9", "go")
			counts := []string{fmt.Sprint(b.core.nextID)}
			for range 2 {
				before := b.core.nextID
				b.wait(t, time.Second)
				counts = append(counts, fmt.Sprint(b.core.nextID-before))
			}
			if got := strings.Join(counts, " "); got != tt.want {
				t.Errorf("got %s, want %s messages per second", got, tt.want)
			}
		})
	}
}

// A broadcast holds up neither its chat nor the time of its handler.
func TestBroadcastGivesWay(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.configure { handler_timeout = "5s" }
		local all = {} for i = 1, 200 do all[i] = "@" .. i end
		bot.on_message({ text = "go" }, function(msg) print(#bot.broadcast(all, "x").sent) end)
		bot.on_message({ text = "behind" }, function(msg) print("behind") end)`)
	b.hear(t, "@9", "go")
	b.hear(t, "@9", "behind")
	b.wait(t, time.Minute)
	if got := b.logs.String(); got != "behind\n200\n" {
		t.Errorf("got %q", got)
	}
}
