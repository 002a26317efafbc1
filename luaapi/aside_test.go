package luaapi

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestWhoBurnsTimeIsSetAside: three cuts, and only this member's messages are
// left out, for ten minutes, with one report.
func TestWhoBurnsTimeIsSetAside(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.configure{ cpu_limit = "100ms" }
		bot.on_error(function(err) bot.send("@9", err.type .. (err.message:find("not handled", 1, true) and ": aside" or "")) end)
		bot.on_message({ chat_type = "group" }, function(msg)
			if msg.text == "burn" then while true do end end
			msg:reply("ok")
		end)`)
	steps := []struct {
		from, say string
		wait      time.Duration
		want      string
	}{
		{"#2/7/member", "burn", 0, "limit"},
		{"#2/7/member", "burn", 11 * time.Minute, "limit"}, // the first one is forgotten
		{"#2/7/member", "burn", 0, "limit"},
		{"#2/8/member", "burn", 0, "limit"},
		{"#2/7/member", "burn", 0, "limit limit: aside"},
		{"#2/7/member", "hi", 0, ""},
		{"#2/8/member", "hi", 0, "ok"},
		{"#2/7/member", "hi", 9 * time.Minute, ""},
		{"#2/7/member", "hi", 2 * time.Minute, "ok"},
	}
	for i, s := range steps {
		b.wait(t, s.wait)
		if got := b.hear(t, s.from, s.say); got != s.want {
			t.Errorf("step %d, %s from %s: got %q, want %q", i, s.say, s.from, got, s.want)
		}
	}
	if n := b.SetAside(); n != 2 {
		t.Errorf("got %d set aside, want 2", n)
	}
}

func TestAsideForgetsTheOldest(t *testing.T) {
	t.Parallel()
	var a aside
	now := time.Unix(1e9, 0)
	for n := range asidePeople + 1 {
		a.note(writer{"member", int64(n), ""}, now.Add(time.Duration(n)))
	}
	if _, known := a.people[writer{"member", 0, ""}]; known || len(a.people) != asidePeople {
		t.Errorf("got %d people, the oldest known: %t", len(a.people), known)
	}
}

func TestSkippedHandlers(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_skipped(function(s) bot.send("@9", s.too_many .. " " .. s.too_old .. " " .. s.first_run) end)`)
	b.Skipped(Skipped{TooMany: 1, TooOld: 2, FirstRun: 3})
	if got := b.core.texts(); !slices.Equal(got, []string{"1 2 3"}) {
		t.Errorf("got %q, want 1 2 3", got)
	}
}

func TestWants(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, script string
		want         bool
	}{
		{"nothing", ``, false},
		{"another event", `bot.on_event("contactUpdated", print)`, false},
		{"this event", `bot.on_event({ "contactUpdated", "contactConnected" }, print)`, true},
		{"every event", `bot.on_event("*", print)`, true},
		{"raw", `bot.on_raw(function() end)`, true},
		{"removed", `bot.on_event("contactConnected", print):remove()`, false},
		{"waiting", `bot.on_start(function() bot.spawn(function() bot.wait_for("x") end) end)`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, tt.script)
			b.rest(t)
			if got := b.Wants("contactConnected"); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
			if !b.Wants("newChatItems") || !b.Wants("chatItemUpdated") {
				t.Error("messages are always wanted")
			}
		})
	}
}

// TestLiveMessages: one that nobody finished is a message as it is, and an edit
// when it is finished after all.
func TestLiveMessages(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_event("newChatItems", function() bot.send("@9", "event") end)
		bot.on_edit(function(msg) bot.send("@9", "edit " .. msg.text) end)
		bot.on_message(function(msg) bot.send("@9", msg.text) end)`)
	event := func(tag, text, live string) chat.Event {
		body := itemsJSON("@4", "directRcv", 7, `{"type":"rcvMsgContent","msgContent":{"type":"text","text":"`+text+`"}}`, `,"itemLive":`+live)
		if tag == "chatItemUpdated" {
			body = strings.Replace(strings.Replace(body, `"chatItems":[`, `"chatItem":`, 1), `}]}`, `}}`, 1)
			body = strings.Replace(body, "newChatItems", tag, 1)
		}
		ev, err := chat.ParseEvent([]byte(`{"result":` + body + `}`))
		if err != nil {
			t.Fatal(err)
		}
		return ev
	}
	steps := []struct {
		name      string
		tag, text string
		live      string
		how       chat.Live
		want      []string
	}{
		{"begun", "newChatItems", "h", "true", chat.LiveUsual, []string{"event"}},
		{"goes on", "chatItemUpdated", "he", "true", chat.LiveUsual, nil},
		{"as it is", "newChatItems", "he", "true", chat.LiveAsIs, []string{"he"}},
		{"finished late", "chatItemUpdated", "hey", "false", chat.LiveHandled, []string{"edit hey"}},
		{"finished in time", "chatItemUpdated", "hey", "false", chat.LiveUsual, []string{"hey"}},
	}
	for _, s := range steps {
		ev := event(s.tag, s.text, s.live)
		ev.Live = s.how
		b.Dispatch(ev, nil)
		if got := b.core.texts(); !slices.Equal(got, s.want) {
			t.Errorf("%s: got %q, want %q", s.name, got, s.want)
		}
	}
}
