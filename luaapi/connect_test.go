package luaapi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

const someLink = "https://smp.example.org/a#abc"

func TestConnectTo(t *testing.T) {
	t.Parallel()
	sentInvitation := `{"result":{"type":"sentInvitation","user":{"userId":1},"connection":{"pccConnId":7}}}`
	contact := func(conn string) string {
		return `{"contactId":4,"contactStatus":"active","activeConn":{"connId":7,"connStatus":{"type":"` + conn + `"}}}`
	}
	known := func(kind, plan, body string) string {
		return `{"result":{"type":"connectionPlan","connectionPlan":{"type":"` + kind + `","` + kind + `Plan":{"type":"` + plan + `",` + body + `}}}}`
	}
	joined := `{"type":"userJoinedGroup","user":{"userId":1},"groupInfo":{"groupId":3},"hostMember":{"groupMemberId":9,"activeConn":{"connId":7}}}`
	tests := []struct {
		name, reply, during string
		events              []string
		want                string
	}{
		{"connects", sentInvitation, "", []string{contactEvent("contactConnected", 4, 7)}, "4"},
		{"another connection is not ours", sentInvitation, "", []string{contactEvent("contactConnected", 5, 8)}, "nil"},
		{"the event is faster than the reply", sentInvitation, contactEvent("contactConnected", 4, 7), nil, "4"},
		{"time-out", sentInvitation, "", nil, "nil"},
		{"a group", sentInvitation, "", []string{joined}, "group 3"},
		{"exists already", `{"result":{"type":"contactAlreadyExists","contact":` + contact("ready") + `}}`, "", nil, "4"},
		{"known address", known("contactAddress", "known", `"contact":`+contact("sndReady")), "", nil, "4"},
		{"known invitation", known("invitationLink", "known", `"contact":`+contact("ready")), "", nil, "4"},
		{"connecting already", known("contactAddress", "connectingProhibit", `"contact":`+contact("joined")), "",
			[]string{contactEvent("contactConnected", 4, 7)}, "4"},
		{"known group", known("groupLink", "known", `"groupInfo":{"groupId":3}`), "", nil, "group 3"},
		{"prepared and not connected", known("contactAddress", "known", `"contact":{"contactId":4,"contactStatus":"active"}`), "", nil,
			"command_error connect_to: the core answered connectionPlan"},
		{"own link", known("groupLink", "ownLink", `"x":1`), "", nil, "command_error connect_to: the core answered connectionPlan"},
		{"no link", `{"error":{"type":"error","errorType":{"type":"invalidConnReq"}}}`, "", nil,
			"chat_error /connect: the core answered error invalidConnReq"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, `
				bot.on_message({ text = "go" }, function(msg)
					local ok, r = pcall(bot.connect_to, "`+someLink+`", "1m")
					if not ok then print(r.type, r.message) else
						print(r and (r.groupId and "group " .. r.groupId or r.contactId) or "nil")
					end
				end)`)
			b.core.answer = func(cmd string) (string, bool) {
				if cmd != "/connect "+someLink {
					t.Errorf("got the command %s", cmd)
				}
				if tt.during != "" {
					ev, _ := chat.ParseEvent([]byte(`{"result":` + tt.during + `}`))
					b.Notice(ev)
				}
				return tt.reply, true
			}
			b.hear(t, "@9", "go")
			for _, ev := range tt.events {
				b.arrive(ev)
				b.rest(t)
			}
			b.wait(t, 2*time.Minute)
			if got := strings.ReplaceAll(strings.TrimSpace(b.logs.String()), "\t", " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if n := len(b.sending.links.waiting); n != 0 {
				t.Errorf("%d still wait", n)
			}
		})
	}
}

// Two that connect at the same time each get their own contact, whoever is first.
func TestConnectToTwice(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_message(function(msg)
			print(msg.text .. " got " .. bot.connect_to("https://x/" .. msg.text).contactId)
		end)
		bot.on_event("contactConnected", function(e) print("event " .. e.contact.contactId) end)`)
	b.core.answer = func(cmd string) (string, bool) {
		conn := strings.TrimPrefix(cmd, "/connect https://x/")
		return `{"result":{"type":"sentInvitation","connection":{"pccConnId":` + conn + `}}}`, true
	}
	b.hear(t, "@8", "1")
	b.hear(t, "@9", "2")
	for _, conn := range []int64{2, 1} {
		b.arrive(contactEvent("contactConnected", 10+conn, conn))
		b.rest(t)
	}
	got := b.logs.String()
	for _, want := range []string{"1 got 11", "2 got 12", "event 11", "event 12"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
}

func TestConnectToArguments(t *testing.T) {
	t.Parallel()
	for _, arg := range []string{`nil`, `""`, `"a b"`, `"a\n/x"`, `5`} {
		b := start(t, `bot.on_message(function() local ok, e = pcall(bot.connect_to, `+arg+`) print(ok, e.type) end)`)
		b.say("@4", "go")
		if got := b.logs.String(); got != "false\targument\n" {
			t.Errorf("connect_to(%s): got %q", arg, got)
		}
	}
}

// quoting is a text of a contact that quotes an item.
func quoting(ref string, id int64, text string, quoted int64) string {
	ev := string(textEvent(ref, id, text).Raw)
	return strings.Replace(ev, `"mentions":{}`, fmt.Sprintf(`"quotedItem":{"itemId":%d},"mentions":{}`, quoted), 1)
}

func TestSendAndWait(t *testing.T) {
	t.Parallel()
	script := `
		bot.on_message({ text = "go" }, function(msg)
			local a = bot.send_and_wait(5, QUESTION, "1m")
			print("answer", a and a.text)
		end)
		bot.on_command("help", function() print("help") end)
		bot.on_message(function(msg) print("other", msg.text) end)`
	plain := func(ref, text string) string { return string(textEvent(ref, 50, text).Raw) }
	tests := []struct {
		name   string
		events []string
		want   string
	}{
		{"by contact", []string{plain("@5", "yes")}, "answer yes"},
		{"not from another contact", []string{plain("@6", "no"), plain("@5", "yes")}, "other no answer yes"},
		{"by quote", []string{quoting("@5", 50, "no", 900), quoting("@5", 51, "yes", 1001)}, "other no answer yes"},
		{"not a registered command", []string{plain("@5", "/help"), plain("@5", "yes")}, "help answer yes"},
		{"time-out", nil, "answer nil"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, strings.Replace(script, "QUESTION", `"well?"`, 1))
			if got := b.hear(t, "@4", "go"); got != "well?" {
				t.Errorf("sent %q", got)
			}
			for _, ev := range tt.events {
				b.arrive(ev)
				b.rest(t)
			}
			b.wait(t, 2*time.Minute)
			got := strings.ReplaceAll(b.logs.String(), "other\tgo\n", "")
			if got = strings.Join(strings.Fields(got), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// An answer that quotes is understood also where it comes before the core's
// reply to the question, and any part of a long question may be quoted.
func TestSendAndWaitFastAnswer(t *testing.T) {
	t.Parallel()
	b, err := load(t, `
		bot.on_start(function() bot.spawn(function()
			print(bot.send_and_wait("@5", ("word "):rep(8000)).text)
		end) end)`)
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	answered := make(chan bool, 2)
	b.core.answer = func(string) (string, bool) {
		if sent++; sent == 3 {
			go func() {
				ev, _ := chat.ParseEvent([]byte(`{"result":` + quoting("@5", 50, "yes", 1002) + `}`))
				answered <- b.Offer(ev, nil)
			}()
		}
		return "", false
	}
	b.Attach(Session{Core: b.core, UserID: 1})
	b.Start(t.Context(), "start")
	if !<-answered {
		t.Fatal("the answer was not taken")
	}
	testkit.Until(t, "the task ended", func() bool { return b.Busy() == 0 })
	if got := b.logs.String(); got != "yes\n" {
		t.Errorf("got %q", got)
	}
}
