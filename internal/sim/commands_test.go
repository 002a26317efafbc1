package sim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// message is the text of the error that a command gets, "" for a result.
func message(t *testing.T, p *sim.Person, cmd string) string {
	t.Helper()
	reply, err := p.Core.Send(context.Background(), cmd)
	must(t, err)
	if err := documented(p, reply); err != nil {
		t.Errorf("%s: %v", cmd, err)
	}
	var r struct {
		Result json.RawMessage
		Error  struct {
			ErrorType struct{ Type, Message string }
		}
	}
	must(t, json.Unmarshal(reply, &r))
	if r.Result != nil {
		return ""
	}
	if r.Error.ErrorType.Message == "" {
		return r.Error.ErrorType.Type
	}
	return r.Error.ErrorType.Message
}

func TestBadCommands(t *testing.T) {
	t.Parallel()
	alice, _, _ := connected(t, newNetwork(t, sim.Options{Seed: 1}))
	for _, cmd := range []string{
		"", "hello", "/", "/_send", "/_send @4 json", "/_send @4 json {}", `/_send @4 json [{"msgContent":{"type":"text"}}]`,
		`/_send @4 json [{"msgContent":{"text":"no type"},"mentions":{}}]`, "/_address_settings 1 {}", "/_create user {}",
		`/_group 1 {"displayName":"x"}`, "/_profile 1 {}", `/_reaction @4 8 on {"type":"sticker","id":1}`,
		`/_set prefs @4 {"voice":{"allow":"maybe"}}`, "/_delete item @4 1 somehow", "/_get chat @4", "/_read chat items @4",
	} {
		if got := message(t, alice, cmd); got != "Failed reading: empty" {
			t.Errorf("%q: got %q, want that it can't be read", cmd, got)
		}
	}
	for cmd, name := range map[string]string{
		"/sql chat select 1": "ExecChatStoreSQL", "/get workers": "GetAgentWorkers", "/_queue info @4": "APIContactQueueInfo",
	} {
		if got := message(t, alice, cmd); got != "not simulated: "+name {
			t.Errorf("%q: got %q, want that it is not simulated", cmd, got)
		}
	}
	for cmd, want := range map[string]string{
		"/_contacts 2": "differentActiveUser", `/_send @4 json [{"msgContent":{"type":"text","text":"ok"},"mentions":{}}]`: "",
	} {
		if got := message(t, alice, cmd); got != want {
			t.Errorf("%q: got %q, want %q", cmd, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	in := strings.Join([]string{
		`{"actor":"bot","init":{"path":"db","key":"k","confirm":"yesUp"}}`,
		`{"actor":"bot","cmd":"/user"}`,
		`{"actor":"alice","cmd":"/user"}`,
		`nonsense`,
		`{}`,
		`{"actor":"bot"}`,
		`{"server":"smp"}`,
		`{"server":"ftp","up":true}`,
		`{"advance_ms":10}`,
		`{"actor":"bot","kill":true}`,
		`{"actor":"bot","init":{"path":"db","key":"wrong","confirm":"yesUp"}}`,
		`{"actor":"bot","init":{"path":"db","key":"k","confirm":"yesUp"}}`,
		`{"actor":"bot","close":true}`,
	}, "\n")
	must(t, sim.ServeLines(context.Background(), strings.NewReader(in), &out, sim.Options{Seed: 1}))
	want := []string{
		`"reply":{"type":"ok"}`, `"noActiveUser"`, `is not open`, `not a line of JSON`, `no actor`, `say init`, `say up`,
		`unknown server`, ``, ``, `errorNotADatabase`, `"reply":{"type":"ok"}`, `"reply":""`,
	}
	for i, answer := range strings.Split(strings.TrimSuffix(out.String(), "{\"idle\":true}\n"), "{\"idle\":true}\n") {
		if i >= len(want) || !strings.Contains(answer, want[i]) || want[i] == "" && answer != "" {
			t.Errorf("line %d: got %q", i+1, answer)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := sim.ServeLines(ctx, strings.NewReader(in), &out, sim.Options{}); err == nil {
		t.Error("a cancelled context ended without an error")
	}
}

// TestNothingStays is not parallel, so that it counts its own goroutines only.
func TestNothingStays(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		net := sim.New(sim.Options{Seed: 1, JoinDelay: time.Hour})
		alice := person(t, net, "alice")
		link, err := person(t, net, "bob").Address()
		must(t, err)
		must(t, alice.Connect(link))
		alice.Close()
		net.Close()
	}
	testkit.Until(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before })
}

// TestGroupOfPeople plays a small group through the helpers.
func TestGroupOfPeople(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	must(t, alice.Invite(team, toBob, "member"))
	inv := expect(t, bob, "invitation", "alice", "team")
	must(t, bob.Join(inv.Chat))
	expect(t, bob, "joined", "", "")
	id, err := alice.SendText(team, "hello team")
	must(t, err)
	got := expect(t, bob, "message", "alice", "hello team")
	if !got.Chat.Group() || got.Chat.Name != "team" {
		t.Errorf("got the message in %v", got.Chat)
	}
	_, err = bob.Reply(got.Chat, got.ItemID, "hello alice")
	must(t, err)
	expect(t, alice, "message", "bob", "hello alice")
	must(t, alice.Delete(team, id))
	expect(t, bob, "deleted", "alice", "hello team")
	must(t, bob.Leave(got.Chat))
	if _, err := bob.Chat("#team"); err == nil {
		t.Error("bob left and is still in the group")
	}
}

// TestEveryCommand sends every form of every command to an actor with contacts,
// groups and messages: each is answered, with fields as documented.
func TestEveryCommand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "chat", "syntax", "testdata", "accepted.txt"))
	must(t, err)
	commands := strings.Split(strings.TrimSpace(string(text)), "\n")
	dir := t.TempDir()
	for round, version := range []string{"6.5.1", "7.0"} {
		clock := sim.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		net := newNetwork(t, sim.Options{Seed: uint64(round), Clock: clock, Dir: dir, Version: version})
		alice, bob, toBob := connected(t, net)
		team, err := alice.CreateGroup("team")
		must(t, err)
		must(t, alice.Invite(team, toBob, "admin"))
		must(t, bob.Join(expect(t, bob, "invitation", "alice", "team").Chat))
		for i := range 20 {
			for _, to := range []sim.Chat{toBob, team} {
				_, err := alice.SendText(to, strings.Repeat("*text* ", i+1))
				must(t, err)
				_, err = bob.SendText(to, "answer")
				must(t, err)
			}
		}
		random := rand.New(rand.NewPCG(uint64(round), 1))
		random.Shuffle(len(commands), func(i, j int) { commands[i], commands[j] = commands[j], commands[i] })
		for _, cmd := range commands {
			cmd, err := strconv.Unquote(cmd)
			must(t, err)
			if strings.Contains(cmd, "file paths") || strings.HasPrefix(cmd, "/_stop") || strings.HasPrefix(cmd, "/_delete user") || strings.HasPrefix(cmd, "/_user") {
				continue
			}
			for _, p := range []*sim.Person{alice, bob} {
				message(t, p, cmd)
			}
			net.Advance(time.Second)
			for _, p := range []*sim.Person{alice, bob} {
				for {
					event, err := p.Core.Receive(1)
					must(t, err)
					if event == nil {
						break
					}
					if err := documented(p, event); err != nil {
						t.Errorf("after %s: %v", cmd, err)
					}
				}
			}
		}
	}
}
