package lime

import (
	"os"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// The example bridge between a group and a node: both ways, edits marked, and
// nothing from other nodes.
func TestBridge(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("../../scripts/examples/lime_bridge.lua")
	if err != nil {
		t.Fatal(err)
	}
	h, network := newHub(), sim.New(sim.Options{})
	uri := listenWS(t, h.serve)
	bridge := start(t, network, map[string]string{"LIME_URI": uri, "LIME_TO": "anna@example.com", "LIME_IDENTITY": "bridge@example.com"}, string(script))

	alice, err := network.Person("ali:ce")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(alice.Close)
	status, _ := bridge.Status()
	if err := alice.Connect(status.Address); err != nil {
		t.Fatal(err)
	}
	var contact, group sim.Chat
	testkit.Succeed(t, func() (err error) { contact, err = alice.Chat("Desk"); return err })
	if group, err = alice.CreateGroup("trees"); err == nil {
		err = alice.Invite(group, contact, "member")
	}
	if err != nil {
		t.Fatal(err)
	}
	for event := ""; !strings.Contains(event, `"type":"joinedGroupMember"`); {
		text, err := alice.Core.Receive(patience)
		if err != nil || text == nil {
			t.Fatalf("the bot has not joined: %v", err)
		}
		event = string(text)
	}
	if _, err := alice.SendText(group, "/bridge "+bridge.Out.Word(t, "Send /bridge")); err != nil {
		t.Fatal(err)
	}
	// The node: it answers, and so does somebody else.
	desk := start(t, sim.New(sim.Options{}), map[string]string{"WS": uri}, `
main(function()
  local anna, eve = client(os.getenv "WS"), client(os.getenv "WS", { identity = "eve@example.com" })
  local edited = require("promise").new()
  anna:on("message", function(m)
    print(m.content)
    if m.content:find "edited" then edited:resolve() end
  end)
  anna:connect()
  eve:connect()
  print "both are there"
  while not anna:process_command({ to = "bridge@example.com", method = "get", uri = "/group" }).resource.joined do sleep(0.05) end
  edited:wait(30)
  eve:send_message({ to = "bridge@example.com", content = "from eve" }, { wait = "consumed" })
  anna:send_message({ to = "bridge@example.com", content = "thanks" }, { wait = "consumed" })
end)`)
	desk.Out.WaitLine(t, "both are there")
	var id int64
	testkit.Succeed(t, func() (err error) { id, err = alice.SendText(group, "Good morning"); return err })
	testkit.Succeed(t, func() error { return alice.Edit(group, id, "Good evening") })
	<-desk.Done()
	check(t, desk.Out.String(), "both are there", "alice: Good morning", "alice (edited): Good evening")
	for {
		r, err := alice.Receive(patience)
		if err != nil || r == nil {
			t.Fatalf("the answer has not come: %v", err)
		}
		if r.What == "message" && !strings.HasPrefix(r.Text, "This group hears") {
			if r.Text != "anna: thanks" {
				t.Errorf("alice got %q", r.Text)
			}
			return
		}
	}
}
