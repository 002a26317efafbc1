package chat

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// recorded returns the events of testdata/events.jsonl, as the core 6.5.1 gave them.
func recorded(t testing.TB) map[string][]byte {
	t.Helper()
	data, err := os.ReadFile("testdata/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	events := map[string][]byte{}
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var line struct {
			Name  string
			Event json.RawMessage
		}
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		events[line.Name] = line.Event
	}
	return events
}

func TestRecordedEvents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, typ, lane string
		messages        int
		text, keyword   string
		role            string
	}{
		{name: "command", typ: "newChatItems", lane: "@4", messages: 1, text: "/echo some words", keyword: "echo"},
		{name: "links", typ: "newChatItems", lane: "@4", messages: 1, text: "https://example.org/path?q=1 and user@example.org and +44 20 7946 0958"},
		{name: "welcome", typ: "newChatItems", lane: "@4", messages: 1, text: "Welcome! Send /help to see what this bot can do."},
		{name: "report", typ: "newChatItems", lane: "#1(_support:2)", messages: 1, text: "please look", role: "member"},
		{name: "live", typ: "newChatItems", lane: "@4"},
		{name: "live_ended", typ: "chatItemUpdated", lane: "@4", messages: 1, text: "working on it: done"},
		{name: "group", typ: "newChatItems", lane: "#1", messages: 1, role: "admin"},
		{name: "error", typ: "chatError", lane: "?"},
		{name: "reaction", typ: "chatItemReaction", lane: "@4"},
		{name: "host", typ: "hostDisconnected", lane: "?"},
		{name: "contact", typ: "contactDeletedByContact", lane: "@4"},
	}
	events := recorded(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ev, err := ParseEvent(events[tt.name])
			if err != nil {
				t.Fatal(err)
			}
			if ev.Type != tt.typ {
				t.Errorf("Type: got %q, want %q", ev.Type, tt.typ)
			}
			if got := ev.Route().Ref.String(); got != tt.lane {
				t.Errorf("lane: got %q, want %q", got, tt.lane)
			}
			items := ev.Messages()
			if len(items) != tt.messages {
				t.Fatalf("messages: got %d, want %d", len(items), tt.messages)
			}
			if len(items) == 0 {
				return
			}
			if tt.text != "" && items[0].Text != tt.text {
				t.Errorf("text: got %q, want %q", items[0].Text, tt.text)
			}
			if items[0].Member.Role != tt.role {
				t.Errorf("role: got %q, want %q", items[0].Member.Role, tt.role)
			}
			if cmd, _ := items[0].ParseCommand(); cmd.Keyword != tt.keyword {
				t.Errorf("keyword: got %q, want %q", cmd.Keyword, tt.keyword)
			}
		})
	}
}

func TestParseEventBad(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", " ", "null", "[]", `"x"`, "{", `{"result":null}`, `{"result":{}}`, `{"result":{"type":7}}`,
		`{"result":{"type":""}}`, `{"error":"x"}`, "\xff\xfe", `{"result":[]}`,
	} {
		_, err := ParseEvent([]byte(in))
		var unread *EventError
		if !errors.As(err, &unread) || unread.Size != len(in) {
			t.Errorf("ParseEvent(%q): got %v, want an EventError of %d bytes", in, err, len(in))
		}
	}
}

// A field of an unexpected kind hides neither the others nor the event.
func TestWrongKinds(t *testing.T) {
	t.Parallel()
	ev, err := ParseEvent([]byte(`{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[7,
		{"chatInfo":{"type":"direct","contact":{"contactId":4,"createdAt":12}},
		 "chatItem":{"chatDir":{"type":"directRcv"},"meta":{"itemId":9,"itemLive":"no"},
		 "content":{"type":"rcvMsgContent","msgContent":{"type":"text","text":"hi"}},"formattedText":"x"}}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	items := ev.Messages()
	if len(items) != 1 || items[0].Text != "hi" || items[0].ID != 9 || items[0].UserID != 1 {
		t.Errorf("got %+v, want the one message", items)
	}
}

func TestParseReply(t *testing.T) {
	t.Parallel()
	resp, err := ParseReply("/user", []byte(`{"result":{"type":"activeUser","user":{"userId":1}}}`))
	if err != nil || resp.Type != "activeUser" {
		t.Errorf("got %v, %v", resp, err)
	}
	_, err = ParseReply("/_send @4 json secret", []byte(`{"error":{"type":"error","errorType":{"type":"commandError","message":"Failed reading: empty"}}}`))
	var refused *CommandError
	if !errors.As(err, &refused) || !refused.IsTag("commandError") || refused.Type != "error" {
		t.Fatalf("got %v, want a CommandError", err)
	}
	if got, want := err.Error(), "/_send: the core answered error commandError: Failed reading: empty"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err = ParseReply("/_show_address 1", []byte(`{"error":{"type":"errorStore","storeError":{"type":"userContactLinkNotFound"}}}`))
	if !errors.As(err, &refused) || !refused.IsTag("userContactLinkNotFound") {
		t.Errorf("got %v", err)
	}
	var unread *ReplyError
	if _, err = ParseReply("/user", nil); !errors.As(err, &unread) || unread.Command != "/user" {
		t.Errorf("got %v, want a ReplyError", err)
	}
}

func TestParseCommand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, keyword, args string
		argv                []string
	}{
		{text: "/help", keyword: "help"},
		{text: "  /Echo  some words ", keyword: "Echo", args: "some words", argv: []string{"some", "words"}},
		{text: "/'role 2'", keyword: "role", args: "2", argv: []string{"2"}},
		{text: "/'role' 2", keyword: "role", args: "2", argv: []string{"2"}},
		{text: "/note one\ntwo", keyword: "note", args: "one\ntwo", argv: []string{"one", "two"}},
		{text: `/add "two words" x"y" "open`, keyword: "add", args: `"two words" x"y" "open`, argv: []string{"two words", `x"y"`, `"open`}},
		{text: "/größe 3", keyword: "größe", args: "3", argv: []string{"3"}},
		{text: "/a/b"}, {text: "/"}, {text: "//x"}, {text: "1/2"}, {text: "https://x/y"}, {text: ""}, {text: "/'open"}, {text: "/ x"}, {text: "/x,y"},
	}
	for _, tt := range tests {
		cmd, ok := ParseCommand(tt.text)
		if ok != (tt.keyword != "") || cmd.Keyword != tt.keyword || cmd.Args != tt.args || !slices.Equal(cmd.Argv, tt.argv) {
			t.Errorf("ParseCommand(%q): got %q, %v", tt.text, cmd, ok)
		}
	}
}

func TestRef(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"@4", "#2", "*1", "#2(_support)", "#2(_support:5)"} {
		r, err := ParseRef(s)
		if err != nil || r.String() != s {
			t.Errorf("ParseRef(%q): got %v, %v", s, r, err)
		}
	}
	for _, s := range []string{"", "4", "@", "@-1", "@4x", "@4(_support)", "#2(_support:)", "#2(_support:0)", "#2(x)", "#2(_support", "@99999999999999999999"} {
		if r, err := ParseRef(s); err == nil {
			t.Errorf("ParseRef(%q): got %v, want an error", s, r)
		}
	}
}

func TestCommandName(t *testing.T) {
	t.Parallel()
	for cmd, want := range map[string]string{
		"/_send @4 json []": "/_send", "/_get chats 1 count=2": "/_get chats", "/_address_settings 1 {}": "/_address_settings",
		"/connect https://x": "/connect", "/user": "/user", "": "", "/_set file paths {}": "/_set file", "hello secret": "hello",
	} {
		if got := CommandName(cmd); got != want {
			t.Errorf("CommandName(%q): got %q, want %q", cmd, got, want)
		}
	}
}

func FuzzParseEvent(f *testing.F) {
	for _, ev := range recorded(f) {
		f.Add(ev)
	}
	f.Add([]byte(`{"result":{"type":"newChatItems","chatItems":[null,{"chatInfo":{"type":"group"}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		ev, err := ParseEvent(data)
		if err != nil {
			return
		}
		if ev.Type == "" || !json.Valid(ev.Raw) {
			t.Fatalf("event %q with the raw text %q", ev.Type, ev.Raw)
		}
		ev.Route()
		for _, it := range ev.Messages() {
			if it.Chat == (Ref{}) {
				t.Fatal("a message without a chat")
			}
			it.ParseCommand()
		}
	})
}

func FuzzParseCommand(f *testing.F) {
	f.Add("/role 2 x")
	f.Add(`/'a b' "c`)
	f.Fuzz(func(t *testing.T, text string) {
		cmd, ok := ParseCommand(text)
		if ok && (cmd.Keyword == "" || strings.ContainsAny(cmd.Keyword, " /'\n")) {
			t.Fatalf("ParseCommand(%q): keyword %q", text, cmd.Keyword)
		}
	})
}

// BenchmarkParseEvent is all that is read of an event on its way to its lane.
func BenchmarkParseEvent(b *testing.B) {
	events := recorded(b)
	for _, name := range []string{"command", "group", "live_ended"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(events[name])))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseEvent(events[name]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The user is read once for all events that name the same one, and never taken
// for another.
func TestUsersInTurn(t *testing.T) {
	t.Parallel()
	for range 2 {
		for _, tt := range []struct {
			event string
			want  int64
		}{
			{`{"result":{"type":"newChatItems","user":{"userId":1,"x":"a"},"chatItems":[ITEM]}}`, 1},
			{`{"result":{"type":"newChatItems","user":{"userId":2,"x":"a"},"chatItems":[ITEM]}}`, 2},
			{`{"result":{"type":"newChatItems","user":{"userId":2,"x":"a","y":1},"chatItems":[ITEM]}}`, 2},
			{`{"result":{"type":"newChatItems","user":7,"chatItems":[ITEM]}}`, 0},
		} {
			item := `{"chatInfo":{"type":"direct","contact":{"contactId":4}},"chatItem":{"meta":{"itemId":5}}}`
			ev, err := ParseEvent([]byte(strings.ReplaceAll(tt.event, "ITEM", item)))
			if err != nil || len(ev.Items()) != 1 || ev.Items()[0].UserID != tt.want {
				t.Errorf("%s: got %v, %v, want user %d", tt.event, ev.Items(), err, tt.want)
			}
		}
	}
	if _, err := ParseEvent([]byte(`{"result":{"type":"newChatItems","user":{"userId":1,"x":`)); err == nil {
		t.Error("half an event was taken")
	}
}

// What is remembered of one chat or member is never taken for that of another,
// also where they share a place and where they change.
func TestChatsInTurn(t *testing.T) {
	t.Parallel()
	const places = int64(len(knownProfiles))
	for round := range 3 * forgetAfter {
		for _, id := range []int64{4, 4 + places, 4 + 2*places, 5} {
			name, role := fmt.Sprint("team", id), []string{"member", "admin", "owner"}[round/forgetAfter]
			conn := fmt.Sprintf(`"activeConn":{"connId":%d}`, round)
			ev, err := ParseEvent([]byte(strings.NewReplacer("ID", fmt.Sprint(id), "NAME", name, "ROLE", role, "CONN", conn).Replace(
				`{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[{"chatInfo":{"type":"group","groupInfo":{"groupId":ID,` +
					`"groupProfile":{"displayName":"NAME"},"fullGroupPreferences":{"n":ID},"membership":{"memberRole":"ROLE",CONN}}},"chatItem":{` +
					`"chatDir":{"type":"groupRcv","groupMember":{"groupMemberId":ID,"memberProfile":{"displayName":"NAME's"},CONN}},"meta":{"itemId":5}}}]}}`)))
			if err != nil || len(ev.Items()) != 1 {
				t.Fatalf("got %v, %v", ev.Items(), err)
			}
			it := ev.Items()[0]
			if it.Chat.ID != id || it.ChatName != name || it.MyRole != role || it.Member.ID != id || it.Member.Name != name+"'s" {
				t.Errorf("round %d, chat %d: got %+v", round, id, it)
			}
		}
	}
}
