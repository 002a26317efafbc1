package host

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// wrongClock shows another time than the core's.
type wrongClock struct {
	luaapi.MachineClock
	ahead time.Duration
}

func (c wrongClock) Now() time.Time { return c.MachineClock.Now().Add(c.ahead) }

// TestClockOfTheFirstStart: whatever the bot's clock showed when it was started on
// somebody's database, what was there is not for it, and what came after is.
func TestClockOfTheFirstStart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		ahead time.Duration
		later time.Duration // at the second start
		owned bool
	}{
		{"right", 0, 0, true},
		{"half an hour ahead", 30 * time.Minute, 0, true},
		{"a year ahead", 365 * 24 * time.Hour, 0, true},
		{"two minutes behind", -2 * time.Minute, 0, true},
		{"ten years behind", -10 * 365 * 24 * time.Hour, 0, true},
		{"still behind at the second", -2 * time.Hour, -2 * time.Hour, true},
		{"another program's core, half an hour ahead", 30 * time.Minute, 0, false},
		{"another program's core, half an hour behind", -30 * time.Minute, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core, o := somebodys(t)
				core.notOwned, core.started = !tt.owned, !tt.owned
				core.store("@4", "old")
				core.report(8, "old report")
				core.store("#5(_support:8)", "old question").read = true
				time.Sleep(time.Hour)
				o.Lab.Clock = wrongClock{ahead: tt.ahead}
				if texts, _ := collect(t, core, o); len(texts) != 0 {
					t.Errorf("first start: got %q handled, want nothing", texts)
				}
				time.Sleep(time.Minute)
				core = nextLife(core)
				core.notOwned, core.started = !tt.owned, !tt.owned
				core.store("@4", "new")
				core.report(8, "new report")
				o.Lab.Clock = wrongClock{ahead: tt.later}
				texts, _ := collect(t, core, o)
				if got, want := strings.Join(texts, ","), "new,new report"; got != want {
					t.Errorf("second start: got %s handled, want %s", got, want)
				}
			})
		})
	}
}

// somebodys is a database that a person has used, moderating a group.
func somebodys(t *testing.T) (*fakeCore, Options) {
	core := newFakeCore()
	core.profile = `{"displayName":"somebody"}`
	core.groups = `{"groupId":5,"membership":{"groupMemberId":1,"memberRole":"owner"}}`
	return core, testOptions(t, core)
}

// TestClockOfANewDatabase: nothing was in a database that the bot has made, so a
// clock that was put back since hides nothing.
func TestClockOfANewDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		o.Lab.Clock = wrongClock{ahead: 30 * time.Minute}
		collect(t, core, o)
		time.Sleep(time.Minute)
		core = reopened(core)
		core.store("@4", "in hand when the process died")
		time.Sleep(time.Hour)
		o.Lab.Clock = wrongClock{}
		if texts, _ := collect(t, core, o); len(texts) != 1 {
			t.Errorf("got %q handled, want one message", texts)
		}
	})
}
