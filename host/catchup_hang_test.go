package host

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// inOrder sorts words.
func inOrder(text string) string {
	words := strings.Fields(text)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// TestHangingReads: what the core does not answer while the bot catches up holds up
// no other chat, and what it stands for is handled when the answer comes.
func TestHangingReads(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kind string // of the commands that hang
		most int    // max_items
		want string // handled while it hangs
		late string // handled when it answers
	}{
		{"a chat", "/_get chat @4", 0, "help new other report support third", "hangs"},
		{"a chat, where there may be too many", "/_get chat @4", 3, "new old old other support third", "hangs"},
		{"the groups", "/_groups", 0, "hangs new other support third", "help report"},
		{"members", "/_members #5", 0, "hangs new other support third", "help report"},
		{"reports", "/_get chat #5 content=report", 0, "hangs new other support third", "help report"},
		{"a support chat", "/_get chat #5(_support:7) count", 0, "hangs new other support third", "help report"},
		{"a report", "/_get chat #5(_support:8) around", 0, "hangs new other support third", "help report"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newHangingCore(tt.kind)
				o := testOptions(t, nil)
				ranBefore(t, core.fakeCore, o)
				o.CatchUp.MaxItems = tt.most
				o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
				core.groups = `{"groupId":5,"membership":{"groupMemberId":1,"memberRole":"owner"}}`
				core.members = `{"groupMemberId":7,"supportChat":{"unread":1}}`
				if tt.most == 0 {
					core.store("#5(_support:7)", "help")
					core.report(8, "report")
				} else {
					core.members = ""
					core.store("@6", "old")
					core.store("@6", "old")
				}
				core.store("@5", "other")
				core.store("@4", "hangs") // listed first
				rt := newFakeRuntime("bot")
				var got record
				rt.onEvent = func(_ context.Context, ev chat.Event) { got.add(ev.Items()[0].Text) }
				h := launch(t, o, core.fakeCore, only(rt))
				time.Sleep(time.Second)
				core.receive("@5", "new")
				core.receive("#6(_support:7)", "support")
				core.receive("@9", "third")
				time.Sleep(time.Minute)
				if text := inOrder(got.take()); text != tt.want {
					t.Errorf("while it hangs: got %s handled, want %s", text, tt.want)
				}
				if s, ok := h.Status(); !ok || s.CatchingUp {
					t.Errorf("while it hangs: got %+v, %t; want a bot that has caught up", s, ok)
				}
				close(core.letGo)
				time.Sleep(time.Second)
				if text := inOrder(got.take()); text != tt.late {
					t.Errorf("after: got %s handled, want %s", text, tt.late)
				}
				if err := h.end(); err != nil {
					t.Error(err)
				}
				if n := core.unread(); n != 0 {
					t.Errorf("got %d unread, want none", n)
				}
			})
		})
	}
}

// TestRefusedReads: chats that the core refuses again and again to read do not hold
// up the others one after the other.
func TestRefusedReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_get chat ") && !strings.HasPrefix(cmd, "/_get chat @4 ") {
				return refusal("errorDatabase", "databaseError", "busy")
			}
			return ""
		}
		core.store("@4", "listed last")
		const refused = 40
		for n := range int64(refused) {
			core.store("@"+id(100+n), "refused")
		}
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = func(_ context.Context, ev chat.Event) { got.add(ev.Items()[0].Text) }
		began := time.Now()
		h := launch(t, o, core, only(rt))
		for !got.has("listed last") {
			time.Sleep(100 * time.Millisecond)
		}
		if took, most := time.Since(began), refused/readers*readerPatience+time.Second; took > most {
			t.Errorf("got the last chat after %s, want at most %s", took, most)
		}
		if err := h.Idle(t.Context(), core.made); err != nil {
			t.Error(err)
		}
		if err := h.end(); err != nil || core.unread() != refused {
			t.Errorf("got %v and %d unread, want nil and %d", err, core.unread(), refused)
		}
	})
}

// TestHangingListOfAReturn: when the connection comes back and the core does not
// answer, lanes are closed for a moment only.
func TestHangingListOfAReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.notOwned, core.started = true, true
		far := &farCore{core, make(chan time.Time, 1)}
		o := testOptions(t, core)
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return far, nil }
		ranBefore(t, core, o)
		var hangs atomic.Bool
		letGo := make(chan struct{})
		core.override = func(cmd string) string {
			if hangs.Load() && strings.HasPrefix(cmd, "/_get chats ") {
				<-letGo
			}
			return ""
		}
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = func(_ context.Context, ev chat.Event) { got.add(ev.Items()[0].Text) }
		h := launch(t, o, core, only(rt))
		time.Sleep(time.Second)
		core.store("@4", "missed")
		hangs.Store(true)
		far.back <- time.Now()
		time.Sleep(time.Second)
		core.receive("#5(_support:7)", "support")
		time.Sleep(time.Minute)
		if text := got.take(); text != "support" {
			t.Errorf("while it hangs: got %q handled, want support", text)
		}
		close(letGo)
		time.Sleep(time.Second)
		if text := got.take(); text != "missed" {
			t.Errorf("after: got %q handled, want missed", text)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}
