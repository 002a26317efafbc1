package host

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestStartWithAnotherUserActive: the core makes a user active only while the chat
// runs, so the bot's own one is after the start, and what was unread is listed then.
func TestStartWithAnotherUserActive(t *testing.T) {
	t.Parallel()
	for _, owned := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			core := newFakeCore()
			core.notOwned, core.started = !owned, !owned
			o := testOptions(t, core)
			ranBefore(t, core, o)
			core.store("@4", "unread")
			core.other = true
			texts, _ := collect(t, core, o)
			if got := strings.Join(texts, " "); got != "unread" || core.other || core.unread() != 0 {
				t.Errorf("owned %t: got %q handled, the other user active %t, %d unread; want one message, handled and marked", owned, got, core.other, core.unread())
			}
		})
	}
}

// TestOwnUserComesBack: whoever makes another user active, the bot's own one is
// again before the next command ends.
func TestOwnUserComesBack(t *testing.T) {
	t.Parallel()
	const differs = `{"error":{"type":"error","errorType":{"type":"differentActiveUser","commandUserId":2,"activeUserId":1}}}`
	tests := []struct {
		name  string
		other bool // before
		cmd   string
		says  string // override
		want  string // the commands
		tag   string // of the reply
	}{
		{"the bot makes a user", false, `/_create user {"profile":{}}`, "", `/_create user {"profile":{}}|/user|/_user 1`, "activeUser"},
		{"the bot chooses a user", false, "/_user 2", "", "/_user 2|/user|/_user 1", "activeUser"},
		{"the bot chooses its own", false, "/_user 1", "", "/_user 1", "activeUser"},
		{"a chat seems gone", true, "/_send @4 json []", "", "/_send @4 json []|/user|/_user 1|/_send @4 json []", "newChatItems"},
		{"a list is refused", true, "/_groups 1", "", "/_groups 1|/user|/_user 1|/_groups 1", "groupsList"},
		{"a chat is gone", false, "/_get chat @4 count=1", "", "/_get chat @4 count=1|/user", "contactNotFound"},
		{"there is no address", false, "/_show_address 1", "", "/_show_address 1", "userContactLinkNotFound"},
		{"it is for the other user", false, "/_show_address 2", differs, "/_show_address 2", "differentActiveUser"},
		{"it is refused for another reason", true, "/_smp 1", "", "/_smp 1", "commandError"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			core.profile, core.started, core.other = `{}`, true, tt.other
			core.override = func(string) string { return tt.says }
			own := newOwnUser(core, discard)
			own.id.Store(1)
			reply, err := own.Send(t.Context(), tt.cmd)
			if err != nil {
				t.Fatal(err)
			}
			if r, err := chat.ParseReply(tt.cmd, reply); r.Type != tt.tag && !isTag(err, tt.tag) {
				t.Errorf("got the reply %s, want %s", reply, tt.tag)
			}
			if got := strings.Join(core.sent(), "|"); got != tt.want {
				t.Errorf("got the commands %s, want %s", got, tt.want)
			}
			if core.other && slices.Contains(core.sent(), "/_user 1") {
				t.Error("the other user is still active")
			}
		})
	}
}

// TestManyCommandsBringTheUserBackOnce: each of them is sent again, also those that
// were refused just before another one brought our user back.
func TestManyCommandsBringTheUserBackOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.profile, core.started, core.other = `{}`, true, true
		own := newOwnUser(core, discard)
		own.id.Store(1)
		own.returning <- struct{}{} // until all were refused
		replies := make(chan []byte)
		const n = 10
		for range n {
			go func() {
				reply, _ := own.Send(t.Context(), "/_send @4 json []")
				replies <- reply
			}()
		}
		synctest.Wait()
		<-own.returning
		for range n {
			if reply := string(<-replies); !strings.Contains(reply, "newChatItems") {
				t.Errorf("got %s", reply)
			}
		}
		if got := slices.DeleteFunc(core.sent(), func(cmd string) bool { return cmd != "/_user 1" }); len(got) != 1 {
			t.Errorf("got %d commands that make our user active, want one", len(got))
		}
	})
}

// TestNothingIsGoneWithAnotherUserActive: what is read back and what is marked is
// there, though the core says of the other user's chats that it is not.
func TestNothingIsGoneWithAnotherUserActive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
		away := func() {
			core.mu.Lock()
			defer core.mu.Unlock()
			core.other = true
		}
		away()
		it := core.store("@4", "spilled")
		it.read = true
		if _, ok := h.readBack(chat.Ref{Type: chat.TypeDirect, ID: 4}, []int64{it.id}); !ok {
			t.Error("the message counts as deleted")
		}
		away()
		core.receive("@4", "new")
		if err := h.Idle(t.Context(), core.made); err != nil {
			t.Fatal(err)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if n := core.unread(); n != 0 {
			t.Errorf("got %d unread after its handlers have ended", n)
		}
	})
}
