package metrics

import (
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// scrape returns what GET /metrics answers.
func scrape(t *testing.T, r *Registry) string {
	t.Helper()
	w := httptest.NewRecorder()
	r.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil || w.Code != 200 {
		t.Fatal(w.Code, err, string(body))
	}
	return string(body)
}

func TestCounters(t *testing.T) {
	t.Parallel()
	r := New(Options{Version: "1.2.3", MemoryLimit: func() int64 { return 1 << 30 }})
	b := r.Bot("squarer")
	if r.Bot("squarer") != b {
		t.Error("a second Bot of that name")
	}
	for _, tag := range []string{"newChatItems", "newChatItems", "hostConnected", "noSuchEvent"} {
		b.Event(tag)
	}
	b.Handled(3 * time.Millisecond)
	ran := b.Handler("on_message at bot.lua:3")
	ran(time.Millisecond, false)
	ran(time.Second, true)
	b.Command(true, Done, time.Millisecond)
	b.Command(true, Refused, time.Millisecond)
	b.Command(false, Failed, time.Millisecond)
	for _, status := range []string{"sndNew", "sndSent", "sndRcvd", "sndError", "sndErrorAuth"} {
		b.Delivery(status)
	}
	b.Reloaded(time.Millisecond, nil)
	b.Reloaded(time.Millisecond, errors.New("syntax"))
	for _, name := range []string{"squarer", "other"} {
		r.Watch(name, func() control.Status {
			return control.Status{Bot: name, Phase: control.Running, Generation: 4, Network: control.Network{Servers: []control.ServerStatus{
				{Protocol: "smp", Host: "a", Connected: true}, {Protocol: "smp", Host: "b"}, {Protocol: "gopher", Host: "c", Connected: true},
			}}}
		})
	}
	got := scrape(t, r)
	for _, want := range []string{
		`simplex_lua_build_info{version="1.2.3"} 1`,
		`simplex_lua_events_total{bot="squarer",class="message"} 2`,
		`simplex_lua_events_total{bot="squarer",class="network"} 1`,
		`simplex_lua_events_total{bot="squarer",class="other"} 1`,
		`simplex_lua_event_lag_seconds_count{bot="squarer"} 1`,
		`simplex_lua_handler_seconds_count{bot="squarer",handler="on_message at bot.lua:3"} 2`,
		`simplex_lua_handler_errors_total{bot="squarer",handler="on_message at bot.lua:3"} 1`,
		`simplex_lua_commands_total{bot="squarer",result="failed"} 1`,
		`simplex_lua_sends_total{bot="squarer",result="accepted"} 1`,
		`simplex_lua_sends_total{bot="squarer",result="refused"} 1`,
		`simplex_lua_sends_total{bot="squarer",result="sent"} 1`,
		`simplex_lua_sends_total{bot="squarer",result="received"} 1`,
		`simplex_lua_sends_total{bot="squarer",result="undelivered"} 2`,
		`simplex_lua_reloads_total{bot="squarer",result="done"} 1`,
		`simplex_lua_reloads_total{bot="squarer",result="failed"} 1`,
		`simplex_lua_generation{bot="other"} 4`,
		`simplex_lua_up{bot="squarer"} 1`,
		`simplex_lua_servers{bot="squarer",protocol="smp",state="lost"} 1`,
		`simplex_lua_servers{bot="squarer",protocol="other",state="connected"} 1`,
		"simplex_lua_lua_memory_limit_bytes 1.073741824e+09",
		"\nsimplex_lua_lua_memory_bytes ", "\ngo_goroutines ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"newChatItems": "message", "chatItemUpdated": "edit", "chatItemReaction": "reaction", "chatItemsDeleted": "deletion",
		"groupChatItemsDeleted": "deletion", "chatItemsStatusesUpdated": "delivery", "contactConnected": "contact",
		"receivedContactRequest": "contact", "receivedGroupInvitation": "group", "connectedToGroupMember": "group",
		"joinedGroupMember": "group", "rcvFileComplete": "file", "subscriptionStatus": "network", "hostDisconnected": "network",
		"chatError": "error", "chatErrors": "error", "brandNew": "other", "": "other",
	} {
		if got := classNames[classOf(tag)]; got != want {
			t.Errorf("%s: got %s, want %s", tag, got, want)
		}
	}
	for c, name := range classNames {
		if name == "" {
			t.Errorf("class %d has no name", c)
		}
	}
}

// TestBounded keeps the names of handlers bounded, whatever scripts do.
func TestBounded(t *testing.T) {
	t.Parallel()
	r := New(Options{})
	b := r.Bot("b")
	var all sync.WaitGroup
	for i := range 4 * maxHandlers {
		all.Go(func() { b.Handler(fmt.Sprintf("on_message at bot.lua:%d", i))(time.Millisecond, true) })
	}
	all.Wait()
	names := func() int { return strings.Count(scrape(t, r), "simplex_lua_handler_errors_total{") }
	if got := names(); got != maxHandlers+1 {
		t.Errorf("%d names, want %d and other", got, maxHandlers)
	}
	// After two reloads old names make room for new ones.
	b.Reloaded(0, nil)
	b.Handler("on_edit at bot.lua:1")(0, true)
	if strings.Contains(scrape(t, r), "on_edit") {
		t.Error("a new name although the older generation still runs")
	}
	b.Reloaded(0, nil)
	b.Handler("on_edit at bot.lua:1")(0, true)
	if got := scrape(t, r); !strings.Contains(got, "on_edit") || names() != 2 {
		t.Errorf("%d names, want on_edit and other:\n%s", names(), got)
	}
	b.Handler("bad \xff")(0, false)
}

// TestAllocations proves that counting allocates nothing.
func TestAllocations(t *testing.T) {
	b := New(Options{}).Bot("b")
	ran := b.Handler("h")
	if n := testing.AllocsPerRun(100, func() {
		b.Event("newChatItems")
		b.Handled(time.Millisecond)
		b.Command(true, Done, time.Millisecond)
		b.Delivery("sndSent")
		ran(time.Millisecond, true)
	}); n != 0 {
		t.Errorf("%v allocations for a message, want none", n)
	}
}

func BenchmarkMessage(b *testing.B) {
	bot := New(Options{}).Bot("b")
	ran := bot.Handler("h")
	for b.Loop() {
		bot.Event("newChatItems")
		bot.Handled(time.Millisecond)
		ran(time.Millisecond, false)
		bot.Command(true, Done, time.Millisecond)
	}
}

// TestForget: of a bot that is gone nothing is told; another's counts stay.
func TestForget(t *testing.T) {
	t.Parallel()
	r := New(Options{})
	for _, name := range []string{"goes", "stays"} {
		b := r.Bot(name)
		b.Event("newChatItems")
		b.Handler("h")(time.Second, true)
		b.Reloaded(time.Second, nil)
		r.Watch(name, func() control.Status { return control.Status{Bot: name} })
	}
	r.Forget("goes")
	got := scrape(t, r)
	if strings.Contains(got, `"goes"`) || !strings.Contains(got, `simplex_lua_events_total{bot="stays",class="message"} 1`) || !strings.Contains(got, `simplex_lua_up{bot="stays"} 0`) {
		t.Errorf("got\n%s", got)
	}
}
