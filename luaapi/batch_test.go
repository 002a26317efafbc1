package luaapi

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSendBatch(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 16000)
	tests := []struct {
		name, script string
		stored       []int // the messages that the core stores
		want         string
	}{
		{"texts that on_send changes", `(function()
			bot.on_send(function(cmd) return (cmd:gsub("one", "ONE"):gsub("three", "THREE")) end)
			return bot.send_batch("@4", { "one", LARGE, "three" })
		end)()`, []int{0, 2},
			"false send_batch: the core refused message 2 of 3: it is too large (largeMsg) 2 1 2 largeMsg"},
		{"a message that on_send leaves out", `(function()
			bot.on_send(function(cmd) return (cmd:gsub(',{"msgContent":{"type":"text","text":"two"},"mentions":{}}', "")) end)
			return bot.send_batch("@4", { "one", "two", "three", "four" })
		end)()`, []int{0, 1, 2}, "true 3 four"},
		{"all", `bot.send_batch("@4", { "one", { type = "text", text = "two" }, 3 }, { ttl = 60 })`, []int{0, 1, 2}, "true 3 3"},
		{"one refused", `bot.send_batch("@4", { "one", LARGE, "three" })`, []int{0, 2},
			"false send_batch: the core refused message 2 of 3: it is too large (largeMsg) 2 1 2 largeMsg"},
		{"the same again", `bot.send_batch("@4", { "one", LARGE, "one", LARGE })`, []int{0, 2},
			"false send_batch: the core refused message 2 of 4: it is too large (largeMsg) 2 2 2 largeMsg"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := start(t, `
				local LARGE = ("x"):rep(16000)
				bot.on_message(function(msg)
					local ok, r = pcall(function() return `+tt.script+` end)
					if ok then print(ok, #r, r[3].text) else
						print(ok, r.message, r.index, #r.refused, #r.parts, r.chat_error.storeError.type)
					end
				end)`)
			b.core.answer = func(cmd string) (string, bool) {
				_, body, _ := strings.Cut(cmd, " json ")
				var list []struct{ MsgContent json.RawMessage }
				if err := json.Unmarshal([]byte(body), &list); err != nil {
					t.Error(err)
				}
				var items []string
				for n, i := range tt.stored {
					reply := itemsJSON("@4", "directSnd", int64(1001+n), `{"type":"sndMsgContent","msgContent":`+string(list[i].MsgContent)+`}`, "")
					_, reply, _ = strings.Cut(reply, `"chatItems":[`)
					items = append(items, strings.TrimSuffix(reply, "]}"))
				}
				return `{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[` + strings.Join(items, ",") + `]}}`, true
			}
			b.say("@4", "go")
			if got := strings.ReplaceAll(strings.TrimSpace(b.logs.String()), "\t", " "); got != tt.want {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
		})
	}
	b := start(t, `bot.on_message(function(msg) print(pcall(bot.send_batch, "@4", {})) end)`)
	b.say("@4", large)
	if !strings.Contains(b.logs.String(), "want a list of texts") {
		t.Errorf("an empty batch: %s", b.logs)
	}
}
