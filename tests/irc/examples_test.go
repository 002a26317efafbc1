package irc

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

const examples = "../../scripts/examples/"

// user is somebody on the SimpleX network.
type user struct {
	*sim.Person
	t *testing.T
}

// meet connects somebody with a bot.
func meet(t *testing.T, network *sim.Network, b simbot.Bot, name string) user {
	t.Helper()
	p, err := network.Person(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	status, ok := b.Status()
	if !ok || status.Address == "" {
		t.Fatalf("the bot has no address: %+v", status)
	}
	if err := p.Connect(status.Address); err != nil {
		t.Fatal(err)
	}
	return user{p, t}
}

// chat waits until there is a chat of that name.
func (u user) chat(name string) sim.Chat {
	u.t.Helper()
	var c sim.Chat
	testkit.Succeed(u.t, func() (err error) { c, err = u.Chat(name); return err })
	return c
}

// send writes until the chat takes it.
func (u user) send(c sim.Chat, text string) int64 {
	u.t.Helper()
	var id int64
	testkit.Succeed(u.t, func() (err error) { id, err = u.SendText(c, text); return err })
	return id
}

// hear waits for a message with a text in it, and returns the texts before it.
func (u user) hear(text string) (before []string) {
	u.t.Helper()
	for r := u.next("message"); !strings.Contains(r.Text, text); r = u.next("message") {
		before = append(before, r.Text)
	}
	return before
}

// told waits for an event of a type.
func (u user) told(tag string) {
	u.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		event, err := u.Core.Receive(100 * time.Millisecond)
		if err != nil {
			u.t.Fatal(err)
		}
		if strings.Contains(string(event), `"type":"`+tag+`"`) {
			return
		}
	}
	u.t.Fatalf("want the event %s, none came", tag)
}

// next waits for the next thing of a kind that the person is told.
func (u user) next(what string) *sim.Received {
	u.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		r, err := u.Receive(100 * time.Millisecond)
		if err != nil {
			u.t.Fatal(err)
		}
		if r != nil && r.What == what {
			return r
		}
	}
	u.t.Fatalf("want a %s, none came", what)
	return nil
}

func ircEnv(s *ngircd) map[string]string {
	return map[string]string{"IRC_HOST": "127.0.0.1", "IRC_PORT": strconv.Itoa(s.port), "IRC_TLS": "no", "IRC_CHANNEL": "#hall"}
}

// A bridge between a SimpleX group and an IRC channel: both ways, edits marked,
// names escaped, no loops; it goes on after the IRC server was restarted.
func TestBridge(t *testing.T) {
	t.Parallel()
	server := startNgircd(t, "irc.bridge.test", "")
	network := sim.New(sim.Options{})
	b := start(t, network, examples+"irc_bridge.lua", ircEnv(server))
	alice := meet(t, network, b, "ali<ce>")
	bridge := alice.chat("Bridge")
	group, err := alice.CreateGroup("trees")
	if err != nil {
		t.Fatal(err)
	}
	if err := alice.Invite(group, bridge, "member"); err != nil {
		t.Fatal(err)
	}
	alice.told("joinedGroupMember")
	alice.send(group, "/bridge "+b.Out.Word(t, "Send /bridge"))
	alice.hear("This group hears #hall now")
	zed := dial(t, server, "z_e_d", "#hall")
	zed.here("#hall", "bridge")

	id := alice.send(group, "Good morning\nall")
	zed.hear("<alice> Good morning")
	zed.hear("<alice> all")
	if err := alice.Edit(group, id, "Good evening"); err != nil {
		t.Fatal(err)
	}
	zed.hear("<alice> (edited) Good evening")

	const mark, space = "\u2060", "\u200b"
	zed.send("PRIVMSG #hall :\x02Hello\x02 \x0304,05you")
	alice.hear(mark + "z" + space + "_e" + space + "_d: Hello you")
	zed.send("PRIVMSG #hall :\x01ACTION waves\x01")
	alice.hear("_d: * waves")

	// What another bridge has brought goes no further, in either direction.
	zed.send("PRIVMSG #hall :" + mark + "<x> from another bridge")
	zed.send("PRIVMSG #hall :after")
	if before := alice.hear("_d: after"); len(before) > 0 {
		t.Errorf("a loop: %q", before)
	}
	alice.send(group, mark+"x: from another bridge")
	alice.send(group, "after")
	if got := zed.hear("PRIVMSG #hall :"); !strings.HasSuffix(got, "<alice> after") {
		t.Errorf("a loop: %q", got)
	}

	server.stop()
	server.start()
	zed = dial(t, server, "zed", "#hall")
	zed.here("#hall", "bridge")
	alice.send(group, "still here")
	zed.hear("<alice> still here")
	zed.send("PRIVMSG #hall :and so are we")
	alice.hear("zed: and so are we")
}

// One server's channel is repeated on another, with an audit channel.
func TestReplication(t *testing.T) {
	t.Parallel()
	from, to := startNgircd(t, "irc.from.test", ""), startNgircd(t, "irc.to.test", "")
	network := sim.New(sim.Options{})
	b := start(t, network, examples+"irc_replication.lua", map[string]string{"IRC_FROM": strconv.Itoa(from.port), "IRC_TO": strconv.Itoa(to.port)})
	anna, ben := dial(t, from, "anna", "#hall"), dial(t, to, "ben", "#hall", "#audit")
	anna.here("#hall", "watcher")
	ben.here("#audit", "copy")
	anna.send("PRIVMSG #hall :Good morning")
	if got := ben.hear("Good morning"); !strings.Contains(got, "PRIVMSG #hall :<anna> Good morning") {
		t.Errorf("got %q", got)
	}
	ben.hear("NOTICE #audit :1: PRIVMSG of anna, 12 bytes")
	anna.send("NOTICE #hall :a notice")
	ben.hear("NOTICE #hall :<anna> a notice")
	ben.hear("NOTICE #audit :2: NOTICE of anna")
	anna.send("PRIVMSG watcher :status") // not for the copy
	anna.hear("NOTICE anna :2 lines copied")
	ben.hear("NOTICE #audit :anna asked")
	alice := meet(t, network, b, "alice")
	alice.send(alice.chat("Replicator"), "/status")
	alice.hear("from: true, to: true, 2 lines")
}

// What is said is sealed and opened again, without the handlers knowing.
func TestEncrypted(t *testing.T) {
	t.Parallel()
	server := startNgircd(t, "irc.sealed.test", "")
	network := sim.New(sim.Options{})
	var users []user
	listener := dial(t, server, "ear", "#hall")
	for _, name := range []string{"alice", "bob"} {
		env := ircEnv(server)
		env["IRC_KEY"], env["IRC_NICK"] = "long and random", name
		b := start(t, network, examples+"irc_encrypted.lua", env)
		u := meet(t, network, b, name)
		u.send(u.chat("Sealed"), "/me "+b.Out.Word(t, "Send /me"))
		u.hear("Now you hear #hall")
		users = append(users, u)
		listener.here("#hall", name)
	}
	alice, bob := users[0], users[1]
	bob.send(bob.chat("Sealed"), "I am here")
	listener.hear("PRIVMSG #hall :+")
	alice.send(alice.chat("Sealed"), "for you alone")
	if got := listener.hear("PRIVMSG #hall :"); strings.Contains(got, "alone") || !strings.Contains(got, ":+") {
		t.Errorf("the channel heard %q", got)
	}
	bob.hear("alice: for you alone")
	listener.send("PRIVMSG #hall :in clear")
	listener.send("PRIVMSG #hall :+AAAA")
	alice.send(alice.chat("Sealed"), "again")
	for _, text := range bob.hear("alice: again") {
		if strings.Contains(text, "ear:") {
			t.Errorf("what was not sealed came: %q", text)
		}
	}
}
