package host_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// sender is a bot that sends in all ways; each command answers with what came
// of it.
const sender = `
bot.configure { profile = { display_name = "Squarer" }, send_rate = 1000 }
bot.on_command("long", function(msg)
  local m = msg:reply(("All work and no play.\n"):rep(2000))
  msg:reply("parts: " .. #m.parts)
end)
bot.on_command("deliver", function(msg)
  local m = msg:reply("take this")
  msg:reply("sent: " .. tostring(m:wait("sent")) .. ", received: " .. tostring(m:wait("received")))
end)
bot.on_command("batch", function(msg)
  local ok, e = pcall(bot.send_batch, msg.chat, { "small one", ("x"):rep(16400), "small two" })
  msg:reply(("refused: %d, stored: %d, %s"):format(e.index, #e.parts, e.chat_error.storeError.type))
end)
bot.on_command("all", function(msg)
  local r = bot.broadcast(nil, "news")
  msg:reply(("sent: %d, failed: %d"):format(#r.sent, #r.failed))
end)
bot.on_command("connect", function(msg, cmd)
  local contact = bot.connect_to(cmd.args, "1m")
  local again = bot.connect_to(cmd.args, "1m")
  assert(contact.contactId == again.contactId)
  local answer = bot.send_and_wait(contact.contactId, "Who are you?", "1m")
  msg:reply(contact.profile.displayName .. " says " .. answer.text)
end)
bot.on_send_error(function(msg, err)
  bot.send(boss, "not delivered to " .. msg.chat.ref .. ": " .. err.status.agentError.type)
end)
bot.on_command("tell", function(msg, cmd)
  rawset(_G, "boss", msg.chat)
  local ok, e = pcall(function() return bot.send(cmd.args, "hello"):wait("sent", "1m") end)
  msg:reply("told: " .. tostring(ok) .. " " .. tostring(not ok and e.type))
end)
bot.on_message(function(msg) msg:reply("you said " .. msg.text) end)
`

// next returns the person's next message from the bot.
func (p *person) next() string {
	p.t.Helper()
	for {
		r, err := p.Receive(time.Minute)
		if err != nil || r == nil {
			p.t.Fatalf("nothing came: %v", err)
		}
		if r.What == "message" {
			return r.Text
		}
	}
}

func startSender(t *testing.T, o sim.Options) (*sim.Network, *squarer, string) {
	t.Helper()
	dir := t.TempDir()
	script := filepath.Join(dir, "bot.lua")
	save(t, script, sender)
	net := sim.New(o)
	t.Cleanup(net.Close)
	b := run(t, net, script, filepath.Join(dir, "bot.data"))
	status, _ := b.Status()
	return net, b, status.Address
}

func TestSendingOnTheSimulatedNetwork(t *testing.T) {
	t.Parallel()
	net, b, address := startSender(t, sim.Options{Seed: 1})
	alice, bob := join(t, net, "alice", address), join(t, net, "bob", address)

	alice.write("/long")
	var parts []string
	for text := alice.next(); !strings.HasPrefix(text, "parts: "); text = alice.next() {
		parts = append(parts, text)
		if len(text) > 15488 {
			t.Errorf("a part of %d bytes", len(text))
		}
	}
	if got, want := strings.Join(parts, "\n"), strings.Repeat("All work and no play.\n", 2000); got != want || len(parts) != 3 {
		t.Errorf("%d parts of %d bytes together, want 3 and %d", len(parts), len(got), len(want))
	}

	alice.write("/deliver")
	alice.expect("sent: true, received: true")
	alice.write("/batch")
	alice.expect("small one")
	alice.expect("small two")
	alice.expect("refused: 2, stored: 2, largeMsg")
	alice.write("/all")
	alice.expect("news")
	alice.expect("sent: 2, failed: 0")
	bob.expect("news")

	carol, err := net.Person("carol")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(carol.Close)
	link, err := carol.Address()
	if err != nil {
		t.Fatal(err)
	}
	c := &person{carol, t}
	alice.write("/connect " + link)
	c.expect("Who are you?")
	c.write("Carol, of course")
	alice.expect("carol says Carol, of course")
	c.write("hi")
	c.expect("you said hi")
	b.end()
}

// TestSendingToSomebodyWhoLeft is about a message that the core stores and
// cannot deliver.
func TestSendingToSomebodyWhoLeft(t *testing.T) {
	t.Parallel()
	net, b, address := startSender(t, sim.Options{Seed: 1})
	alice, bob := join(t, net, "alice", address), join(t, net, "bob", address)
	bob.write("hi")
	bob.expect("you said hi")
	chat, err := bob.Chat("Squarer")
	if err == nil {
		_, err = bob.Do("/_delete " + chat.Ref + " full notify=off")
	}
	if err != nil {
		t.Fatal(err)
	}
	alice.write("/tell @5")
	got := []string{alice.next(), alice.next()}
	for _, want := range []string{"told: false delivery", "not delivered to @5: auth"} {
		if got[0] != want && got[1] != want {
			t.Errorf("got %q, want %q among them", got, want)
		}
	}
	b.end()
}

// TestReplyBeforeTheContactIsReady answers the message of a request at once:
// the reply waits for the connection, and what comes after keeps its order.
func TestReplyBeforeTheContactIsReady(t *testing.T) {
	t.Parallel()
	net, b, address := startSender(t, sim.Options{Seed: 1, JoinDelay: 50 * time.Millisecond})
	p, err := net.Person("alice")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	alice := &person{p, t}
	var plan struct {
		ConnLink       json.RawMessage
		ConnectionPlan struct {
			ContactAddressPlan struct {
				Data json.RawMessage `json:"contactSLinkData_"`
			}
		}
	}
	var prepared struct {
		Chat struct {
			ChatInfo struct{ Contact struct{ ContactID int64 } }
		}
	}
	do := func(into any, format string, args ...any) {
		r, err := alice.Do(fmt.Sprintf(format, args...))
		if err == nil && into != nil {
			err = json.Unmarshal(r, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	do(&plan, "/_connect plan 1 %s", address)
	var link struct{ ConnFullLink, ConnShortLink string }
	if err := json.Unmarshal(plan.ConnLink, &link); err != nil {
		t.Fatal(err)
	}
	do(&prepared, "/_prepare contact 1 %s %s %s", link.ConnFullLink, link.ConnShortLink, plan.ConnectionPlan.ContactAddressPlan.Data)
	do(nil, "/_connect contact @%d text early", prepared.Chat.ChatInfo.Contact.ContactID)
	alice.expect("you said early")
	alice.write("late")
	alice.expect("you said late")
	b.end()
}
