package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// moderating is a core on which the bot ran before, with a group that it owns.
func moderating(t *testing.T) (*fakeCore, Options) {
	t.Helper()
	core := newFakeCore()
	o := testOptions(t, core)
	ranBefore(t, core, o)
	core.groups = `{"groupId":5,"membership":{"groupMemberId":1,"memberRole":"owner"}}`
	return core, o
}

// nextLife is the same database in the next process.
func nextLife(c *fakeCore) *fakeCore {
	next := reopened(c)
	next.groups, next.members, next.contacts = c.groups, c.members, c.contacts
	return next
}

// report stores a report without an event: the core stores it as read.
func (c *fakeCore) report(member int, text string) *fakeItem {
	it := c.store(fmt.Sprintf("#5(_support:%d)", member), text)
	c.mu.Lock()
	defer c.mu.Unlock()
	it.report, it.read = true, true
	return it
}

func TestSupportChatsAndReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core, o := moderating(t)
		core.groups += `,{"groupId":6,"membership":{"groupMemberId":9,"memberRole":"member","supportChat":{"unread":1}}}`
		core.members = `{"groupMemberId":7,"supportChat":{"unread":1}},{"groupMemberId":8}`
		core.store("#5(_support:7)", "help")
		core.report(8, "report 1")
		core.report(8, "report 2")
		core.store("#6(_support)", "your own")
		time.Sleep(time.Second)
		texts, _ := collect(t, core, o)
		slices.Sort(texts)
		if got, want := strings.Join(texts, ", "), "help, report 1, report 2, your own"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if core.unread() != 0 {
			t.Errorf("got %d unread, want none", core.unread())
		}
		core = nextLife(core)
		core.members = ""
		core.groups = `{"groupId":5,"membership":{"memberRole":"owner"}}`
		core.report(8, "report 3")
		if texts, _ = collect(t, core, o); strings.Join(texts, ", ") != "report 3" {
			t.Errorf("second start: got %q, want the new report only", texts)
		}
	})
}

func TestReportsAreFinishedInOrder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	r := newReportLog(discard, path, hostState{Since: time.Unix(1, 0).UTC()}, false)
	report := func(n int64) *chat.Item {
		return &chat.Item{ID: n, Chat: chat.Ref{Type: chat.TypeGroup, ID: 5}, ChatCreatedAt: "then"}
	}
	upTo := func() int64 {
		s, err := loadState(path)
		if err != nil {
			t.Fatal(err)
		}
		return s.Reports[5].UpTo
	}
	step := func(what string, do func(), want int64) {
		t.Helper()
		do()
		if got := upTo(); got != want {
			t.Errorf("%s: got finished up to %d, want %d", what, got, want)
		}
	}
	end := func(n int64) func() { return func() { r.end(report(n)) } }
	for n := int64(1); n <= 6; n++ {
		r.begin(report(n))
	}
	step("before the groups are known", end(2), 0)
	r.list([]group{{ID: 5}})
	step("before the group was searched", end(1), 0)
	step("searched", func() { r.searched(5, "then") }, 2)
	step("out of order", end(4), 2)
	step("in order", end(3), 4)
	step("one is gone", func() { r.gone(5, 5) }, 5)
	step("no report is gone", func() { r.gone(5, 77) }, 5)
	r.begin(report(9))
	step("one came in between", end(6), 6)
	for n, want := range map[int64]bool{1: true, 6: true, 7: false, 9: true} {
		if got := r.knows(report(n)); got != want {
			t.Errorf("report %d: got known %t, want %t", n, got, want)
		}
	}
	if got := r.base(5, "later"); got != 0 {
		t.Errorf("another group of the same id: got finished up to %d, want 0", got)
	}
}

// TestReportsThatWait: no report is passed over because a later one of another
// member was finished before it, neither at a kill nor at a stop.
func TestReportsThatWait(t *testing.T) {
	t.Parallel()
	for _, killed := range []bool{false, true} {
		t.Run(fmt.Sprint("killed=", killed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core, o := moderating(t)
				rt := newFakeRuntime("bot")
				var got record
				rt.onEvent = func(ctx context.Context, ev chat.Event) {
					text := ev.Items()[0].Text
					got.add(text)
					if text == "slow" {
						<-ctx.Done()
					}
				}
				h := launch(t, o, core, only(rt))
				synctest.Wait() // for the support chats, which are held until then and then sorted
				core.receive("#5(_support:7)", "slow")
				core.emit(core.report(7, "first").event())
				core.emit(core.report(8, "second").event())
				time.Sleep(time.Second)
				if text := got.take(); text != "slow second" && text != "second slow" {
					t.Errorf("got %q handled, want slow and second", text)
				}
				state := filepath.Join(o.Data, "state.json")
				atKill, err := os.ReadFile(state)
				if err != nil {
					t.Fatal(err)
				}
				if err := h.end(); err != nil {
					t.Error(err)
				}
				if killed {
					if err := os.WriteFile(state, atKill, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				texts, _ := collect(t, nextLife(core), o)
				if !slices.Contains(texts, "first") {
					t.Errorf("after: got %q handled, want the report that waited", texts)
				}
				if texts, _ = collect(t, nextLife(core), o); len(texts) != 0 {
					t.Errorf("at last: got %q again, want nothing", texts)
				}
			})
		})
	}
}

// TestReportsOfAFailedSearch: reports of the time before that could not be looked
// for are at the next start, whatever came meanwhile.
func TestReportsOfAFailedSearch(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"/_groups ", "/_members ", "/_get chat #5 content=report", "/_get chat #5(_support:8) around=", "/_get chat #5(_support:7) "} {
		for _, fails := range []int{2, 1000} {
			t.Run(fmt.Sprint(kind, fails), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					core, o := moderating(t)
					core.members = `{"groupMemberId":7,"supportChat":{"unread":1}}`
					core.store("#5(_support:7)", "help")
					core.report(8, "old")
					left := fails
					core.override = func(cmd string) string {
						if strings.HasPrefix(cmd, kind) && left > 0 {
							left--
							return refusal("errorDatabase", "databaseError", "busy")
						}
						return ""
					}
					rt := newFakeRuntime("bot")
					var got record
					rt.onEvent = func(_ context.Context, ev chat.Event) { got.add(ev.Items()[0].Text) }
					h := launch(t, o, core, only(rt))
					core.emit(core.report(9, "new").event())
					time.Sleep(time.Minute)
					if err := h.end(); err != nil {
						t.Error(err)
					}
					all := got.take()
					core = nextLife(core)
					texts, _ := collect(t, core, o)
					if fails < len(readTries) && len(texts) > 0 {
						t.Errorf("got %q in the next life, want all in the first", texts)
					}
					all += " " + strings.Join(texts, " ")
					for _, text := range []string{"help", "old", "new"} {
						if !strings.Contains(all, text) {
							t.Errorf("got %q in both lives, want %s too", all, text)
						}
					}
				})
			})
		}
	}
}

func TestManyReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core, o := moderating(t)
		const n = 2*itemsPage + 3
		for i := range n {
			core.report(7+i%3, fmt.Sprint("r", i))
		}
		texts, _ := collect(t, core, o)
		slices.Sort(texts)
		if got := len(slices.Compact(texts)); got != n {
			t.Errorf("got %d reports handled, want %d", got, n)
		}
		if texts, _ = collect(t, nextLife(core), o); len(texts) != 0 {
			t.Errorf("second start: got %q again, want nothing", texts)
		}
	})
}

func TestLimitsOfReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core, o := moderating(t)
		o.CatchUp = CatchUp{MaxItems: 2, MaxAge: time.Hour}
		core.report(7, "too old")
		time.Sleep(2 * time.Hour)
		for n := range 3 {
			core.report(8, fmt.Sprint(n))
		}
		texts, rt := collect(t, core, o)
		if got, want := strings.Join(texts, " "), "1 2"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if want := []luaapi.Skipped{{TooMany: 1, TooOld: 1}}; !reflect.DeepEqual(rt.skipped, want) {
			t.Errorf("got told %v, want %v", rt.skipped, want)
		}
		if texts, rt = collect(t, nextLife(core), o); len(texts) != 0 || rt.skipped != nil {
			t.Errorf("second start: got %q and told %v, want nothing", texts, rt.skipped)
		}
	})
}

// TestClockOfTheCore: what is found after the start is told from what came since
// by its id, whatever the clocks show.
func TestClockOfTheCore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core, o := moderating(t)
		core.members = `{"groupMemberId":7,"supportChat":{"unread":2}}`
		ahead := time.Now().Add(time.Hour)
		core.store("#5(_support:7)", "help").stored = ahead
		core.report(8, "report").stored = ahead
		core.contacts = fmt.Sprintf(`{"contactId":4,"contactRequestId":1,"contactStatus":"active","localDisplayName":"alice","profile":{},"createdAt":%q}`, ahead.Format(time.RFC3339Nano))
		core.groups += fmt.Sprintf(`,{"groupId":9,"createdAt":%q,"membership":{"memberStatus":"invited"}}`, ahead.Format(time.RFC3339Nano))
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_profile") { // after /_start, before anything is looked for
				core.receive("#5(_support:7)", "newer")
			}
			return ""
		}
		rt := newFakeRuntime("bot")
		rt.wants = func(string) bool { return true }
		var got []string
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			if ev.Type != "newChatItems" {
				got = append(got, ev.Type)
			}
			for _, it := range ev.Items() {
				got = append(got, it.Text)
			}
		}
		rt.settings.Ordering = "global"
		late := []string{core.items[0].event(), core.items[1].event()} // this core is slow
		h := launch(t, o, core, only(rt))
		time.Sleep(time.Minute)
		for _, ev := range late {
			core.emit(ev)
		}
		stored := ahead.Format(time.RFC3339Nano)
		core.emit(fmt.Sprintf(`{"result":{"type":"receivedContactRequest","contactRequest":{"contactRequestId":1,"createdAt":%q,"updatedAt":%q}}}`, stored, stored))
		core.emit(fmt.Sprintf(`{"result":{"type":"receivedGroupInvitation","groupInfo":{"groupId":9,"createdAt":%q}}}`, stored))
		time.Sleep(time.Second)
		if err := h.end(); err != nil {
			t.Error(err)
		}
		slices.Sort(got)
		if got, want := strings.Join(got, " "), "help newer receivedContactRequest receivedGroupInvitation report"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestFirstRunLeavesSupportAndReports: what was there before the first run is not
// for the bot; what comes meanwhile is, also after a kill.
func TestFirstRunLeavesSupportAndReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		core.profile = `{"displayName":"somebody"}`
		core.groups = `{"groupId":5,"membership":{"groupMemberId":1,"memberRole":"owner"}}`
		core.members = `{"groupMemberId":7,"supportChat":{"unread":2}}`
		core.store("#5(_support:7)", "help")
		core.report(8, "report")
		time.Sleep(time.Hour)
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_profile") { // after /_start; their events never came before a kill
				core.store("#5(_support:7)", "mine")
				core.report(8, "mine too")
			}
			return ""
		}
		texts, rt := collect(t, core, o)
		if want := []luaapi.Skipped{{FirstRun: 1}}; len(texts) != 0 || !reflect.DeepEqual(rt.skipped, want) {
			t.Errorf("first start: got %q handled and told %v, want none and %v", texts, rt.skipped, want)
		}
		texts, _ = collect(t, nextLife(core), o)
		if got, want := strings.Join(texts, ", "), "mine, mine too"; got != want {
			t.Errorf("second start: got %q handled, want %q", got, want)
		}
	})
}

// TestReportOfAnUnreadableEvent: the report behind an event that cannot be read is
// looked for, and the ones after it do not pass it.
func TestReportOfAnUnreadableEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core, o := moderating(t)
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			for _, it := range ev.Items() {
				got.add(it.Text)
			}
		}
		h := launch(t, o, core, only(rt))
		time.Sleep(time.Second)
		for range 3 { // the second and the third within the pause
			core.report(7, "lost")
			core.emit("garbage")
			core.emit(core.report(8, "after").event())
			time.Sleep(time.Second)
		}
		time.Sleep(missedPause)
		if got, want := got.take(), "lost after lost after lost after"; !sameWords(got, want) {
			t.Errorf("got %s handled, want %s", got, want)
		}
		core.report(7, "lost-before-the-stop")
		core.emit("garbage")
		core.emit(core.report(8, "last").event())
		time.Sleep(time.Second)
		if err := h.end(); err != nil {
			t.Error(err)
		}
		texts, _ := collect(t, nextLife(core), o)
		if !slices.Contains(texts, "lost-before-the-stop") {
			t.Errorf("at the next start: got %q handled, want the lost one among them", texts)
		}
	})
}
