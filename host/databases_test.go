package host

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

func TestDatabasesThatCannotRunTogether(t *testing.T) {
	t.Parallel()
	sqlite := func(prefix string) *luaapi.Database {
		return &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: prefix, EncryptionKey: "s3cret"}}
	}
	postgres := func(connection, prefix string) *luaapi.Database {
		return &luaapi.Database{Postgres: &luaapi.Postgres{ConnectionString: connection, SchemaPrefix: prefix}}
	}
	elsewhere := func(context.Context) error { return nil }
	tests := []struct {
		name     string
		one, two *luaapi.Database
		apart    func(context.Context) error // of the second
		want     string
	}{
		{"as the scripts say", nil, nil, nil, ""},
		{"one as the script says", sqlite("chat"), nil, nil, ""},
		{"in their folders", sqlite("chat"), sqlite("chat"), nil, ""},
		{"the same files", sqlite("/opt/chat"), sqlite("/opt/./chat"), nil, "one and two would share the database /opt/chat"},
		{"the same files, apart", sqlite("/opt/chat"), sqlite("/opt/chat"), elsewhere, "one and two would share the database /opt/chat"},
		{"the same schemas", postgres("s3cret", "bot"), postgres("s3cret", "bot"), nil, "one and two would share the database bot"},
		{"the same schemas by default", postgres("s3cret", ""), postgres("s3cret", "simplex"), nil, "one and two would share the database simplex"},
		{"other schemas", postgres("s3cret", "one"), postgres("s3cret", "two"), nil, ""},
		{"another server", postgres("s3cret1", "bot"), postgres("s3cret2", "bot"), nil, ""},
		{"two backends", sqlite(""), postgres("s3cret", ""), nil, "one and two use different backends, sqlite and postgres; one process runs one"},
		{"two backends, apart", sqlite(""), postgres("s3cret", ""), elsewhere, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			one, two := testOptions(t, nil), testOptions(t, nil)
			one.Name, one.Database = "one", tt.one
			two.Name, two.Database = "two", tt.two
			_, err := NewSupervisor(Bot{Options: one}, Bot{Options: two, Apart: tt.apart})
			got, typed := "", (*DatabaseError)(nil)
			if errors.As(err, &typed) {
				got = typed.Error()
			}
			if got != tt.want || (err != nil) != (tt.want != "") || err != nil && (typed.Hint() == "" || typed.Shared != strings.Contains(tt.want, "share") || strings.Contains(err.Error(), "s3cret")) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestDatabasesOfScripts is about what is known only when it is opened.
func TestDatabasesOfScripts(t *testing.T) {
	t.Parallel()
	var d databases
	opened := 0
	open := func(bot string, db Database) error {
		o := Options{Name: bot, OpenCore: func(context.Context, Database) (chat.Core, error) {
			opened++
			return nil, nil
		}}
		_, err := d.guard(o)(t.Context(), db)
		return err
	}
	if err := errors.Join(open("one", Database{Prefix: "/opt/chat", Key: "a"}), open("one", Database{Prefix: "/opt/chat", Key: "b"})); err != nil {
		t.Errorf("a bot that is started again: %v", err)
	}
	for _, db := range []Database{{Prefix: "/opt/chat"}, {Postgres: true, Prefix: "chat"}} {
		if err, want := open("two", db), (*DatabaseError)(nil); !errors.As(err, &want) || want.Bots != [2]string{"one", "two"} {
			t.Errorf("%v: got %v, want an error that names both", db, err)
		}
	}
	if opened != 2 {
		t.Errorf("%d databases were opened, want 2", opened)
	}
}

func TestTheOperatorsDatabaseGoesFirst(t *testing.T) {
	t.Parallel()
	script := luaapi.Settings{ConfirmMigrations: "yesUp", Database: luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: "own", EncryptionKey: "k"}}}
	tests := []struct {
		name string
		o    Options
		want Database
	}{
		{"nothing", Options{}, Database{Prefix: "/d/own", Key: "k", Confirm: "yesUp"}},
		{"a key", Options{Database: &luaapi.Database{SQLite: &luaapi.SQLite{EncryptionKey: "op"}}, ConfirmMigrations: "error"},
			Database{Prefix: "/d/own", Key: "op", Confirm: "error"}},
		{"a prefix", Options{Database: &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: "/x"}}}, Database{Prefix: "/x", Key: "k", Confirm: "yesUp"}},
		{"another backend", Options{Database: &luaapi.Database{Postgres: &luaapi.Postgres{ConnectionString: "c"}}},
			Database{Postgres: true, Prefix: "simplex", Connection: "c", Confirm: "yesUp"}},
	}
	for _, tt := range tests {
		if got := resolveDatabase(tt.o.database(script), "/d"); got != tt.want {
			t.Errorf("%s: got %+v with key %q, want %+v", tt.name, got, got.Key, tt.want)
		}
	}
	if script.Database.SQLite.EncryptionKey != "k" {
		t.Error("the script's settings were changed")
	}
}
