package host

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/loglimit"
)

func TestNetworkIsShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
		server := func(tag, protocol, host string) {
			core.emit(`{"result":{"type":"` + tag + `","protocol":"` + protocol + `","transportHost":"` + host + `"}}`)
		}
		steps := []struct {
			name    string
			do      func()
			offline bool
		}{
			{"nothing yet", func() {}, false},
			{"connected to two", func() { server("hostConnected", "smp", "a"); server("hostConnected", "smp", "b") }, false},
			{"a file server is lost", func() { server("hostConnected", "xftp", "c"); server("hostDisconnected", "xftp", "c") }, false},
			{"one is lost", func() { server("hostDisconnected", "smp", "a") }, false},
			{"both are lost", func() { server("hostDisconnected", "smp", "b") }, true},
			{"said twice", func() { server("hostDisconnected", "smp", "b") }, true},
			{"pending", func() {
				core.emit(`{"result":{"type":"subscriptionStatus","server":"smp://x@b","subscriptionStatus":{"type":"pending"},"connections":["1"]}}`)
			}, true},
			{"back", func() { server("hostConnected", "smp", "b") }, false},
		}
		var lost time.Time
		for _, s := range steps {
			time.Sleep(time.Hour)
			s.do()
			synctest.Wait()
			st, _ := h.Status()
			if st.Network.Offline != s.offline {
				t.Errorf("%s: got offline %t, want %t", s.name, st.Network.Offline, s.offline)
			}
			if s.name == "both are lost" {
				lost = time.Now()
			}
			if s.offline && !st.Network.Since.Equal(lost) {
				t.Errorf("%s: got since %s, want %s", s.name, st.Network.Since, lost)
			}
			if s.name == "pending" && st.Network.Subscriptions["pending"] != 1 {
				t.Errorf("got subscriptions %v, want one pending", st.Network.Subscriptions)
			}
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestStartWithoutANetwork: the core gives no event then, but knows of
// subscriptions that wait.
func TestStartWithoutANetwork(t *testing.T) {
	t.Parallel()
	subs := func(active, pending int) string {
		return fmt.Sprintf(`{"result":{"type":"agentSubsTotal","user":{"userId":1},"subsTotal":{"ssActive":%d,"ssPending":%d},"hasSession":false}}`, active, pending)
	}
	const early, heard, unknown = "hostConnected", "newChatItems", ""
	for _, tt := range []struct {
		name     string
		answers  []string // the last one again and again
		notOwned bool
		asked    bool // still after an hour
		offline  bool
	}{
		{"no network", []string{subs(0, 2)}, false, true, true},
		{"nobody to hear from", []string{subs(0, 0)}, false, true, false},
		{"somebody later", []string{subs(0, 0), subs(0, 0), subs(0, 1)}, false, true, true},
		{"connected, and no event", []string{subs(0, 2), subs(2, 0)}, false, false, false},
		{"connected at once", []string{early}, false, false, false},
		{"a message came", []string{heard}, false, false, false},
		{"a core that cannot tell", []string{unknown}, false, false, false},
		{"another's core", []string{subs(0, 2)}, true, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				core.notOwned = tt.notOwned
				connect := func() { core.emit(`{"result":{"type":"hostConnected","protocol":"smp","transportHost":"a"}}`) }
				var asked atomic.Int64
				core.override = func(cmd string) string {
					if cmd != "/get subs total 1" {
						return ""
					}
					return tt.answers[min(int(asked.Add(1)), len(tt.answers))-1]
				}
				h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
				switch tt.answers[0] {
				case early:
					connect()
				case heard:
					core.receive("@4", "x")
				}
				began := time.Now()
				time.Sleep(time.Hour)
				synctest.Wait()
				before := asked.Load()
				time.Sleep(time.Hour)
				synctest.Wait()
				s, _ := h.Status()
				if s.Network.Offline != tt.offline || tt.offline && s.Network.Since.Sub(began) > 2*time.Minute {
					t.Errorf("got %+v, want offline %t", s.Network, tt.offline)
				}
				if again := asked.Load() > before; again != tt.asked {
					t.Errorf("asked %d times and then %d times", before, asked.Load()-before)
				}
				connect()
				synctest.Wait()
				if s, _ := h.Status(); s.Network.Offline {
					t.Error("offline with a server that is connected")
				}
				before = asked.Load()
				time.Sleep(time.Hour)
				if asked.Load() > before {
					t.Error("asked when it was known")
				}
				if err := h.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestCriticalErrorsAreLoggedAsSuch(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := &Host{
		log:        slog.New(slog.NewTextHandler(&log, nil)),
		coreErrors: loglimit.Limiter{Every: time.Minute}, critical: loglimit.Limiter{Every: time.Minute}, errors: newErrorQueue(slog.New(slog.DiscardHandler)),
	}
	for range 1000 {
		h.observe(chat.Event{Type: "chatError", Raw: []byte(`{"type":"chatError","chatError":{"type":"errorAgent","agentError":{"type":"BROKER"}}}`)})
	}
	h.observe(chat.Event{Type: "chatError", Raw: []byte(`{"type":"chatError","chatError":{"type":"errorAgent","agentError":{"type":"CRITICAL","offerRestart":true,"criticalErr":"no database"}}}`)})
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "level=WARN") || !strings.Contains(lines[1], "level=ERROR") ||
		!strings.Contains(lines[1], "no database") || !strings.Contains(lines[1], "restart") {
		t.Errorf("got %q, want a warning and a critical error that asks for a restart", lines)
	}
}

// TestPendingRequestsAndInvitations: those of the time before are handed out
// where the script wants them, others are not.
func TestPendingRequestsAndInvitations(t *testing.T) {
	t.Parallel()
	const stored = `"createdAt":"CREATED"`
	tests := []struct {
		name  string
		wants []string
		want  []string
	}{
		{"nobody asks", nil, nil},
		{"both", []string{requestTag, invitationTag}, []string{"request 3 of alice", "invitation to 5 by 4 as owner/member"}},
		{"requests", []string{requestTag}, []string{"request 3 of alice"}},
		{"invitations", []string{invitationTag}, []string{"invitation to 5 by 4 as owner/member"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				o := testOptions(t, core)
				ranBefore(t, core, o)
				fill := func(s string, age time.Duration) string {
					return strings.ReplaceAll(s, "CREATED", time.Now().Add(-age).UTC().Format(time.RFC3339Nano))
				}
				core.contacts = fill(`{"contactId":4,"contactRequestId":1,"contactStatus":"active","activeConn":{},"localDisplayName":"bob",`+stored+`},`+
					`{"contactId":5,"contactRequestId":3,"contactStatus":"active","localDisplayName":"alice","profile":{"profileId":9,"displayName":"alice"},`+stored+`}`, time.Hour) +
					fill(`,{"contactId":6,"contactRequestId":4,"contactStatus":"active","localDisplayName":"ancient",`+stored+`}`, 1000*time.Hour)
				core.groups = fill(`{"groupId":5,"membership":{"memberRole":"member","memberStatus":"invited","invitedBy":{"type":"contact","byContactId":4},"invitedByGroupMemberId":7},`+stored+`},`+
					`{"groupId":6,"membership":{"memberRole":"member","memberStatus":"connected"},`+stored+`}`, time.Hour)
				core.members = `{"groupMemberId":7,"memberRole":"owner"}`
				rt := newFakeRuntime("bot")
				rt.settings.Ordering = "global"
				rt.wants = func(tag string) bool {
					return slices.Contains(tt.wants, tag)
				}
				var got []string
				rt.onEvent = func(_ context.Context, ev chat.Event) { got = append(got, describePending(t, ev)) }
				h := launch(t, o, core, only(rt))
				if err := h.Idle(t.Context(), core.made); err != nil {
					t.Fatal(err)
				}
				if strings.Join(got, ", ") != strings.Join(tt.want, ", ") {
					t.Errorf("got %q, want %q", got, tt.want)
				}
				asked := strings.Contains(strings.Join(core.sent(), "|"), "/_contacts")
				if asked != (len(tt.wants) > 0) {
					t.Errorf("contacts were asked for: got %t", asked)
				}
				if err := h.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func describePending(t *testing.T, ev chat.Event) string {
	t.Helper()
	var body struct {
		User struct {
			ID int64 `json:"userId"`
		}
		Redelivered bool
		Request     request `json:"contactRequest"`
		Group       struct {
			ID int64 `json:"groupId"`
		} `json:"groupInfo"`
		Contact  contact
		FromRole string `json:"fromMemberRole"`
		Role     string `json:"memberRole"`
	}
	if err := json.Unmarshal(ev.Raw, &body); err != nil || !body.Redelivered || body.User.ID != 1 {
		t.Errorf("%s: %v, not marked or without a user: %s", ev.Type, err, ev.Raw)
	}
	if ev.Type == requestTag {
		if body.Request.ProfileID != 9 || body.Request.ContactID != 5 {
			t.Errorf("got request %+v", body.Request)
		}
		return "request " + id(body.Request.ID) + " of " + body.Request.Name
	}
	return "invitation to " + id(body.Group.ID) + " by " + id(body.Contact.ID) + " as " + body.FromRole + "/" + body.Role
}
