package host

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// TestOtherDatabase: what the bot remembers is about one database. On another one,
// whose user has the same id, nothing that is there already is for the bot.
func TestOtherDatabase(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		then func(o *Options, core *fakeCore)
		want string
	}{
		{"the same", func(*Options, *fakeCore) {}, "before after"},
		{"its place told in full", func(o *Options, _ *fakeCore) {
			o.Database = &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: filepath.Join(o.Data, "chat")}}
		}, "before after"},
		{"another prefix", func(o *Options, _ *fakeCore) {
			o.Database = &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: "person"}}
		}, "after"},
		{"a prefix elsewhere", func(o *Options, _ *fakeCore) {
			o.Database = &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: filepath.Join(o.Data, "..", "chat")}}
		}, "after"},
		{"another backend", func(o *Options, _ *fakeCore) {
			o.Database = &luaapi.Database{Postgres: &luaapi.Postgres{ConnectionString: "c", SchemaPrefix: "chat"}}
		}, "after"},
		{"another program's", func(_ *Options, core *fakeCore) { core.notOwned, core.started = true, true }, "after"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := testOptions(t, nil)
				collect(t, newFakeCore(), o)
				time.Sleep(time.Hour)
				core := newFakeCore()
				core.profile = `{"displayName":"somebody"}`
				core.store("@4", "before")
				tt.then(&o, core)
				got, rt := collect(t, core, o)
				time.Sleep(time.Hour)
				core = nextLife(core)
				core.store("@4", "after")
				if tt.then(&o, core); core.notOwned {
					core.started = true
				}
				then, _ := collect(t, core, o)
				if got := strings.Join(append(got, then...), " "); got != tt.want {
					t.Errorf("got %q handled, want %q", got, tt.want)
				}
				if skipped := len(rt.skipped) > 0; skipped != !strings.Contains(tt.want, "before") {
					t.Errorf("got told %v", rt.skipped)
				}
			})
		})
	}
}

// TestNewDatabase: where the database was removed, the bot begins anew.
func TestNewDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := testOptions(t, nil)
		old := newFakeCore()
		old.profile = `{"displayName":"somebody"}`
		old.store("@4", "x")
		collect(t, old, o)
		time.Sleep(time.Hour)
		core := newFakeCore()
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
		h := launch(t, o, core, only(newFakeRuntime("bot")))
		if s, _ := h.Status(); s.UserID != 1 || s.Address == "" {
			t.Errorf("got user %d and address %q, want new ones", s.UserID, s.Address)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		s, err := loadState(filepath.Join(o.Data, "state.json"))
		if err != nil || !s.Since.Equal(beginning) || s.Database != "sqlite chat" {
			t.Errorf("got %v of %q, %v; want nothing in it to be foreign", s.Since, s.Database, err)
		}
	})
}

// TestStateOfAnOlderVersion is about the database that it is found beside.
func TestStateOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		core.store("@4", "unread")
		if texts, _ := collect(t, core, o); len(texts) != 1 {
			t.Errorf("got %q handled, want what was unread", texts)
		}
		if s, err := loadState(filepath.Join(o.Data, "state.json")); err != nil || s.Database != "sqlite chat" {
			t.Errorf("got a state of %q, %v; want it to be written down", s.Database, err)
		}
	})
}

// TestFirstRunOnARunningProgram: it has kept the events of the time when nobody was
// connected, and gives them at once; they are not for the bot.
func TestFirstRunOnARunningProgram(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.profile = `{"displayName":"somebody"}`
		core.notOwned, core.started = true, true
		core.receive("@4", "sent later, came first").sent = time.Now().Add(time.Second)
		core.receive("@4", "old")
		core.emit(core.report(8, "old report").event())
		time.Sleep(500 * time.Hour)
		o := testOptions(t, core)
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			for _, it := range ev.Items() {
				got.add(it.Text)
			}
		}
		h := launch(t, o, core, only(rt))
		core.receive("@4", "new")
		if err := h.Idle(t.Context(), core.made); err != nil {
			t.Fatal(err)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if got := got.take(); got != "new" || core.unread() != 2 {
			t.Errorf("got %q handled and %d unread, want only what is new handled", got, core.unread())
		}
	})
}
