package sim_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

func TestVersions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cmd        string
		six, seven string // the error or the reply that comes, in part
	}{
		{"/v", `"6.5.1.1"`, `"7.0.0.6"`},
		{"/user", `"userChatRelay":false`, `"clientService":false`},
		{`/_group 1 {"displayName":"a/b","fullName":""}`, "groupCreated", `"validName":"ab"`},
		{"/_connect plan 1 @someone.simplex", "invalidConnReq", `"TRANSPORT"`},
		{"/_set domain 1", "Failed reading: empty", "userProfileNoChange"},
		{"/_relay allow #9", "Failed reading: empty", "groupNotFound"},
		{"/set client service 1:alice on", "Failed reading: empty", "chatNotStopped"},
	} {
		for version, want := range map[string]string{"": tt.six, "6.5.1": tt.six, "7.0": tt.seven} {
			alice := person(t, newNetwork(t, sim.Options{Seed: 1, Version: version}), "alice")
			r, err := alice.Do(tt.cmd)
			got := string(r)
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, want) {
				t.Errorf("version %q: %s: got %s, want %s", version, tt.cmd, got, want)
			}
		}
	}
}

// TestMixedVersions: people of both versions meet, and a database goes to the
// newer version and back.
func TestMixedVersions(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	alice.Close()
	for _, tt := range []struct{ version, confirm, want string }{
		{"7.0", "error", `"20260507_relay_inactive_at"`},
		{"7.0", "console", "end of file"},
		{"7.0", "yesUp", `"ok"`},
		{"6.5.1", "yesUp", `"downgrade"`},
		{"", "yesUp", `"ok"`},
	} {
		c, reply, err := net.OpenVersion(tt.version, "people/alice", "", tt.confirm)
		if !strings.Contains(string(reply.JSON), tt.want) || reply.OK() != (err == nil) {
			t.Errorf("%s, %s: got %s, %v, want %s", tt.version, tt.confirm, reply.JSON, err, tt.want)
		}
		if err == nil {
			alice = &sim.Person{Core: c}
		}
	}
	keep(t, net, []rule{
		{alice, "/user", "activeUser", `"clientService":false`},
		{alice, "/_start", "chatStarted", ""},
		{bob, "/v", "versionInfo", `"6.5.1.1"`},
		{alice, text(toBob.Ref, "from 7.0"), "newChatItems", `"connChatVersion":17,"peerChatVRange":{"minVersion":1,"maxVersion":17}`},
	})
	expect(t, bob, "message", "alice", "from 7.0")
	keep(t, net, []rule{{bob, "/_contacts 1", "contactsList", `"connChatVersion":17,"peerChatVRange":{"minVersion":1,"maxVersion":19}`}})
	alice.Close()
	if _, reply, err := net.OpenVersion("6.5.1", "people/alice", "", "yesUpDown"); err != nil {
		t.Errorf("back to 6.5.1: got %s, %v", reply.JSON, err)
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1})
	alice := person(t, net, "alice")
	for _, step := range []struct{ cmd, want string }{
		{`/_db encryption {"currentKey":"","newKey":"k"}`, "chatNotStopped"},
		{"/_stop", "chatStopped"},
		{`/_db encryption {"currentKey":"bad","newKey":"k"}`, "errorPlaintext"},
		{`/_db encryption {"currentKey":"","newKey":"k"}`, "cmdOk"},
		{"/db test key k", "cmdOk"},
		{"/db test key x", "errorOpen"},
		{`/_db encryption {"currentKey":"x","newKey":"y"}`, "errorExport"},
		{"/_start", "chatStoreChanged"},
	} {
		r, err := alice.Do(step.cmd)
		if got := string(r); err != nil && !strings.Contains(err.Error(), step.want) || err == nil && !strings.Contains(got, step.want) {
			t.Errorf("%s: got %s, %v, want %s", step.cmd, got, err, step.want)
		}
	}
	alice.Core.Kill()
	if _, _, err := net.Open("people/alice", "", "yesUp"); err == nil {
		t.Error("the database opened without its key")
	}
	if _, _, err := net.Open("people/alice", "k", "yesUp"); err != nil {
		t.Error(err)
	}
}

func TestSwitch(t *testing.T) {
	t.Parallel()
	alice, bob, _ := connected(t, newNetwork(t, sim.Options{Seed: 1}))
	r, err := alice.Do("/_switch @4")
	must(t, err)
	if !strings.Contains(string(r), "contactSwitchStarted") {
		t.Errorf("got %s", r)
	}
	r, err = bob.Do("/_get chat @4 count=1")
	must(t, err)
	if !strings.Contains(string(r), "changed address for you") {
		t.Errorf("bob's last item: got %s", r)
	}
	if _, err := alice.Do("/_abort switch @4"); err == nil {
		t.Error("a switch that is complete was aborted")
	}
}

// TestPageOfWhatIsMissing holds the list in docs/simulator.md against what all
// commands answer.
func TestPageOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/simulator.md")
	must(t, err)
	_, list, _ := strings.Cut(string(page), "## Not simulated")
	list, _, _ = strings.Cut(list, "\n## ")
	text, err := os.ReadFile("../chat/syntax/testdata/accepted.txt")
	must(t, err)
	alice, _, _ := connected(t, newNetwork(t, sim.Options{Seed: 1, Dir: t.TempDir()}))
	commands := []string{"/get workers", "/get subs", "/get queues", "/sql agent select 1", "/_queue info @4", "/network socks=off", "/start remote host new",
		"/connect remote ctrl x", "/_call invite @4 {}", "/_ntf register x y", "/_ntf verify x y z", "/_ntf check x", "/_ntf delete x", "/_ntf conns x y",
		"/_ntf conn messages x", "/_connect contact 1 2", "/get servers summary 1", "/operators 1:off", "/debug event {}"}
	for _, quoted := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		cmd, err := strconv.Unquote(quoted)
		must(t, err)
		commands = append(commands, cmd)
	}
	missing := 0
	for _, cmd := range commands {
		if strings.HasPrefix(cmd, "/_stop") || strings.HasPrefix(cmd, "/_delete user") {
			continue
		}
		name, ok := strings.CutPrefix(message(t, alice, cmd), "not simulated: ")
		if !ok {
			continue
		}
		missing++
		if !strings.Contains(list, "`"+name+"`") {
			t.Errorf("docs/simulator.md does not say that %s is not simulated", name)
		}
	}
	if missing < 10 {
		t.Errorf("%d commands are not simulated, too few to be true", missing)
	}
}
