package luaapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// arrive gives the bot an event as the host does.
func (b *bot) arrive(result string) {
	ev, err := chat.ParseEvent([]byte(`{"result":` + result + `}`))
	if err != nil {
		panic(err)
	}
	b.Notice(ev)
	if !b.Offer(ev, nil) {
		b.Dispatch(ev, nil)
	}
}

// sentItem is a parsed message of a /_send command.
type sentItem struct {
	QuotedItemID int64
	MsgContent   struct{ Type, Text string }
	Mentions     map[string]int64
}

// sentItems returns the messages of the /_send commands so far, and forgets them.
func (c *fakeCore) sentItems(t *testing.T) (items []sentItem) {
	t.Helper()
	for _, cmd := range c.sent() {
		_, body, ok := strings.Cut(cmd, " json ")
		var list []sentItem
		if !ok || json.Unmarshal([]byte(body), &list) != nil {
			t.Fatalf("not a /_send: %.80s", cmd)
		}
		items = append(items, list...)
	}
	return items
}

// refusal is the core's answer to a send to a contact with that connection.
func refusal(id int64, status, conn string) string {
	active := ""
	if conn != "" {
		active = fmt.Sprintf(`"activeConn":{"connId":7,"connStatus":{"type":"%s"}},`, conn)
	}
	return fmt.Sprintf(`{"error":{"type":"error","errorType":{"type":"contactNotReady","contact":{"contactId":%d,%s"contactStatus":"%s"}}}}`, id, active, status)
}

func contactEvent(tag string, id, conn int64) string {
	return fmt.Sprintf(`{"type":"%s","user":{"userId":1},"contact":{"contactId":%d,"localDisplayName":"alice","contactStatus":"active","activeConn":{"connId":%d,"connStatus":{"type":"ready"}}}}`, tag, id, conn)
}

func statusEvent(ref string, id int64, status string) string {
	items := itemsJSON(ref, "directSnd", id, `{"type":"sndMsgContent","msgContent":{"type":"text","text":"x"}}`, "")
	items = strings.Replace(items, `{"type":"rcvNew"}`, status, 1)
	return strings.Replace(items, "newChatItems", "chatItemsStatusesUpdated", 1)
}

func TestLongTexts(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message(function(msg)
			local n = tonumber(msg.text:match("%d+"))
			local m = msg:reply(("a"):rep(n), { mentions = msg.text:find("@") and { bob = 5 } or nil })
			assert(#m.parts >= 1 and rawequal(m.parts[#m.parts], m))
			assert(msg.parts == nil)
		end)`)
	quote := len(`{"type":"text","text":"15488"}`) + quoteCost
	tests := []struct {
		say    string
		want   []int
		quoted bool
	}{
		{"100", []int{100}, true},
		{fmt.Sprint(maxMessage - quote), []int{maxMessage - quote}, true},
		{fmt.Sprint(maxMessage - quote + 1), []int{maxMessage - quote + 1}, false},
		{"15488", []int{15488}, false},
		{"15489", []int{15488 - quote, 1 + quote}, true},
		{"40000", []int{15488 - quote, 15488, 40000 - 2*15488 + quote}, true},
	}
	for _, tt := range tests {
		b.id++
		b.Dispatch(textEvent("@4", b.id, tt.say), nil)
		var sizes []int
		for i, it := range b.core.sentItems(t) {
			sizes = append(sizes, len(it.MsgContent.Text))
			if want := tt.quoted && i == 0; (it.QuotedItemID == b.id) != want {
				t.Errorf("%s: part %d quotes %d", tt.say, i, it.QuotedItemID)
			}
		}
		if !slices.Equal(sizes, tt.want) {
			t.Errorf("%s: got parts of %v bytes, want %v\n%s", tt.say, sizes, tt.want, b.logs)
		}
	}
}

func TestLongTextsLeaveLargeQuotesOut(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.on_message(function(msg) msg:reply(("word "):rep(4000)) end)`)
	b.Dispatch(textEvent("@4", 1, strings.Repeat("q", 9000)), nil)
	items := b.core.sentItems(t)
	if len(items) != 2 || items[0].QuotedItemID != 0 {
		t.Errorf("got %d parts, the first quotes %d, want 2 without a quote", len(items), items[0].QuotedItemID)
	}
}

// A content that is no text is not cut, and loses a quote that does not fit.
func TestLargeContents(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message(function(msg)
			msg:reply({ type = "image", text = "look", image = ("A"):rep(tonumber(msg.text)) })
		end)`)
	for size, quoted := range map[int]bool{1000: true, 15400: false, 20000: false} {
		b.Dispatch(textEvent("@4", 1, fmt.Sprint(size)), nil)
		if items := b.core.sentItems(t); len(items) != 1 || (items[0].QuotedItemID == 1) != quoted {
			t.Errorf("%d bytes: got %d messages, the first quotes %d", size, len(items), items[0].QuotedItemID)
		}
	}
}

func TestLongTextsKeepTheirMentions(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message(function(msg)
			msg:reply(("x"):rep(10000) .. " @bob " .. ("y"):rep(10000) .. " @'two words'",
				{ quote = false, mentions = { bob = 5, ["two words"] = 6 } })
		end)`)
	b.Dispatch(textEvent("#2/7/member", 1, "go"), nil)
	items := b.core.sentItems(t)
	if len(items) != 2 || fmt.Sprint(items[0].Mentions) != "map[bob:5]" || fmt.Sprint(items[1].Mentions) != "map[two words:6]" {
		t.Errorf("got %d parts, mentions %v and %v", len(items), items[0].Mentions, items[len(items)-1].Mentions)
	}
}

// A part that is refused raises, and the error has the parts before it.
func TestLongTextRefused(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message(function(msg)
			local ok, e = pcall(msg.reply, msg, ("word "):rep(8000))
			assert(not ok and e.type == "chat_error" and #e.parts == 1, tostring(e))
			bot.send("@9", e.parts[1].item_id .. " " .. e.chat_error.storeError.type)
		end)`)
	n := 0
	b.core.answer = func(cmd string) (string, bool) {
		n++
		return `{"error":{"type":"errorStore","storeError":{"type":"largeMsg"}}}`, n == 2
	}
	if got := b.say("@4", "go"); got[len(got)-1] != "1001 largeMsg" {
		t.Errorf("got %.40q\n%s", got, b.logs)
	}
}

// A send that stored nothing raises.
func TestSendStoresOrRaises(t *testing.T) {
	t.Parallel()
	for _, reply := range []string{
		`{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[]}}`,
		`{"result":{"type":"cmdOk"}}`,
		`{"error":{"type":"errorStore","storeError":{"type":"contactNotFound"}}}`,
		`{"resu`,
	} {
		b := start(t, `
			bot.on_message(function(msg)
				local ok, e = pcall(msg.reply, msg, "x")
				print(ok, e.type)
			end)`)
		b.core.answer = func(string) (string, bool) { return reply, true }
		b.say("@4", "go")
		if log := b.logs.String(); !strings.HasPrefix(log, "false\tc") {
			t.Errorf("%s: got %q", reply, log)
		}
		if n := len(b.core.sent()); n > 1 {
			t.Errorf("%s: %d commands", reply, n)
		}
	}
}

// TestReady refuses the first send with contactNotReady.
func TestReady(t *testing.T) {
	t.Parallel()
	ready := contactEvent("contactSndReady", 4, 7)
	tests := []struct {
		name, refusal string
		events        []string // that come after the refusal
		during        string   // that comes before it is read
		want          string   // what the handler prints
		sends         int
	}{
		{"new", refusal(4, "active", "new"), []string{ready}, "", "true", 2},
		{"prepared", refusal(4, "active", "prepared"), []string{ready}, "", "true", 2},
		{"joined", refusal(4, "active", "joined"), []string{ready}, "", "true", 2},
		{"requested", refusal(4, "active", "requested"), []string{ready}, "", "true", 2},
		{"accepted", refusal(4, "active", "accepted"), []string{contactEvent("contactConnected", 4, 7)}, "", "true", 2},
		{"the event is faster than the refusal", refusal(4, "active", "new"), nil, ready, "true", 2},
		{"other contacts do not count", refusal(4, "active", "new"), []string{contactEvent("contactSndReady", 5, 8)}, "", "false\tchat_error", 1},
		{"time-out", refusal(4, "active", "new"), nil, "", "false\tchat_error", 1},
		{"deleted by the contact", refusal(4, "deleted", "deleted"), nil, "", "false\tchat_error", 1},
		{"not accepted", refusal(4, "active", ""), nil, "", "false\tchat_error", 1},
		{"ready, and still refused", refusal(4, "active", "ready"), nil, "", "false\tchat_error", 1},
		{"another refusal", `{"error":{"type":"error","errorType":{"type":"contactNotActive"}}}`, nil, "", "false\tchat_error", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, `
				bot.configure { ready_timeout = "30s" }
				bot.on_message({ text = "go" }, function(msg)
					local ok, e = pcall(msg.reply, msg, "x")
					print(ok, not ok and e.type or nil)
				end)
				bot.on_message({ text = "behind" }, function(msg) print("behind") end)`)
			sends := 0
			b.core.answer = func(string) (string, bool) {
				if sends++; sends == 1 && tt.during != "" {
					ev, _ := chat.ParseEvent([]byte(`{"result":` + tt.during + `}`))
					b.Notice(ev)
				}
				return tt.refusal, sends == 1
			}
			b.hear(t, "@4", "go")
			b.hear(t, "@4", "behind") // the lane is kept
			for _, ev := range tt.events {
				b.arrive(ev)
				b.rest(t)
			}
			b.wait(t, time.Minute)
			want := strings.TrimSuffix(tt.want, "\tnil")
			if got := strings.ReplaceAll(b.logs.String(), "\tnil", ""); got != want+"\nbehind\n" {
				t.Errorf("got %q, want %q and then the message behind it", got, want)
			}
			if sends != tt.sends {
				t.Errorf("%d commands, want %d", sends, tt.sends)
			}
		})
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	const (
		sent, rcvd = `{"type":"sndSent","sndProgress":"complete"}`, `{"type":"sndRcvd","msgRcptStatus":"ok","sndProgress":"complete"}`
		sentSome   = `{"type":"sndSent","sndProgress":"partial"}`
		rcvdSome   = `{"type":"sndRcvd","msgRcptStatus":"ok","sndProgress":"partial"}`
		failed     = `{"type":"sndError","agentError":{"type":"auth"}}`
	)
	script := func(level string) string {
		return `
			bot.on_message({ text = "go" }, function(msg)
				local m = msg:reply("x")
				sleep(1)
				local ok, r = pcall(m.wait, m, "` + level + `", "5m")
				if ok then print(ok, r) else print(ok, r.type, r.status.agentError.type) end
			end)
			bot.on_message({ text = "behind" }, function() print("behind") end)`
	}
	tests := []struct {
		name, level   string
		before, after []string // statuses before and while it waits
		want          string
	}{
		{"sent", "sent", nil, []string{sent}, "behind true true"},
		{"sent before", "sent", []string{sent}, nil, "true true behind"},
		{"sent to some", "sent", nil, []string{sentSome}, "behind true nil"},
		{"sent to some, then all", "sent", nil, []string{sentSome, sent}, "behind true true"},
		{"received is more than sent", "sent", nil, []string{rcvdSome}, "behind true true"},
		{"received", "received", []string{sent}, []string{rcvd}, "behind true true"},
		{"received before", "received", []string{sent, rcvd}, nil, "true true behind"},
		{"received by some", "received", nil, []string{sent, rcvdSome}, "behind true nil"},
		{"error", "sent", nil, []string{failed}, "behind false delivery auth"},
		{"error before", "received", []string{failed}, nil, "false delivery auth behind"},
		{"nothing", "sent", nil, nil, "behind true nil"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, script(tt.level))
			b.hear(t, "@4", "go")
			b.hear(t, "@4", "behind")
			for _, s := range tt.before {
				b.arrive(statusEvent("@4", 1001, s))
			}
			b.wait(t, time.Second)
			for _, s := range tt.after {
				b.arrive(statusEvent("@4", 1001, s))
				b.arrive(statusEvent("@4", 1002, rcvd)) // another item
				b.rest(t)
			}
			b.wait(t, 10*time.Minute)
			if got := strings.Join(strings.Fields(b.logs.String()), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDeliveryOfParts(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `bot.on_message(function(msg) print(msg:reply(("x"):rep(20000)):wait("sent")) end)`)
	b.hear(t, "@4", "go")
	b.arrive(statusEvent("@4", 1002, `{"type":"sndSent","sndProgress":"complete"}`))
	b.rest(t)
	if got := b.logs.String(); got != "" {
		t.Fatalf("printed before all parts were sent: %q", got)
	}
	b.arrive(statusEvent("@4", 1001, `{"type":"sndSent","sndProgress":"complete"}`))
	b.rest(t)
	if got := b.logs.String(); got != "true\n" {
		t.Errorf("got %q", got)
	}
}

func TestDeliveriesAreBounded(t *testing.T) {
	t.Parallel()
	var ds deliveries
	for i := range int64(3 * keptDeliveries) {
		ds.note(&chat.Item{ID: i + 1, Status: "sndSent"})
	}
	if len(ds.known) != keptDeliveries || len(ds.order) != keptDeliveries {
		t.Errorf("%d known, %d in order, want %d", len(ds.known), len(ds.order), keptDeliveries)
	}
	if d := ds.state(&chat.Item{ID: 3 * keptDeliveries}); d.status != "sndSent" {
		t.Error("the newest is forgotten")
	}
}

func TestOnSendError(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_send_error(function(msg, err) print(msg.item_id, msg.chat.ref, err.type, err.status.agentError.type) end)
		bot.on_send_error(function() error("no") end)`)
	if !b.Wants("chatItemsStatusesUpdated") {
		t.Error("the events are not wanted")
	}
	b.arrive(statusEvent("@5", 34, `{"type":"sndError","agentError":{"type":"auth"}}`))
	b.arrive(statusEvent("@5", 35, `{"type":"sndSent","sndProgress":"complete"}`))
	if got := b.logs.String(); !strings.HasPrefix(got, "34\t@5\tdelivery\tauth\n") || strings.Count(got, "@5") != 1 {
		t.Errorf("got %q", got)
	}
}
