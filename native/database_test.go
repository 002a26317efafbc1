package native

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenControllerErrors(t *testing.T) {
	t.Parallel()
	l := usual(t)
	answer := func(s string) Secret { return Secret("answer:" + s) }
	tests := []struct {
		name      string
		key       Secret
		confirm   Confirmation
		kind      Kind
		migration string
	}{
		{"wrong key", "wrong key", ConfirmUp, KindNotADatabase, ""},
		{"older", "", ConfirmNone, KindMigration, MigrationUpgrade},
		{"newer", answer(`{"type":"errorMigration","dbFile":"x_chat.db","migrationError":{"type":"downgrade","downMigrations":["20991231_future"]}}`),
			ConfirmUp, KindMigration, MigrationDowngrade},
		{"no way back", answer(`{"type":"errorMigration","dbFile":"x_chat.db","migrationError":{"type":"migrationError","mtrError":{"type":"noDown","dbMigrations":["20991231_future"]}}}`),
			ConfirmUp, KindMigration, MigrationNoDown},
		{"other history", answer(`{"type":"errorMigration","dbFile":"x_chat.db","migrationError":{"type":"migrationError","mtrError":{"type":"different","appMigration":"a","dbMigration":"b"}}}`),
			ConfirmUp, KindMigration, MigrationDifferent},
		{"SQL", answer(`{"type":"errorSQL","dbFile":"x_chat.db","migrationSQLError":"unable to open database file"}`), ConfirmUp, KindSQL, ""},
		{"confirmation", "", "maybe", KindConfirmation, ""},
		{"unknown tag", answer(`{"type":"errorNew"}`), ConfirmUp, "errorNew", ""},
		{"no tag", answer(`{}`), ConfirmUp, KindBadAnswer, ""},
		{"not JSON", answer(`oops`), ConfirmUp, KindBadAnswer, ""},
		{"NULL", "null", ConfirmUp, KindBadAnswer, ""},
		{"no controller", "give none", ConfirmUp, KindBadAnswer, ""},
		{"NUL in the key", "a\x00b", ConfirmUp, KindArgument, ""},
		{"NUL in the confirmation", "", "yesUp\x00", KindArgument, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := SQLite{Prefix: filepath.Join(t.TempDir(), "new", "bot"), Key: tt.key}
			_, err := l.OpenController(t.Context(), db, tt.confirm)
			var e *InitError
			if !errors.As(err, &e) || !errors.Is(err, tt.kind) || e.Migration != tt.migration {
				t.Fatalf("got %v, want kind %q, migration %q", err, tt.kind, tt.migration)
			}
			if e.Hint() == "" || e.Database != db.Prefix || !strings.Contains(err.Error(), db.Prefix) {
				t.Errorf("hint %q, database %q, error %q", e.Hint(), e.Database, err)
			}
			if tt.key != "" && strings.Contains(err.Error(), string(tt.key)) {
				t.Errorf("the error shows the key: %v", err)
			}
			// The lock is free again.
			c, err := l.OpenController(t.Context(), SQLite{Prefix: db.Prefix}, ConfirmUp)
			if err != nil {
				t.Fatalf("then: %v", err)
			}
			if err := c.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("backend", func(t *testing.T) {
		t.Parallel()
		_, err := l.OpenController(t.Context(), Postgres{SchemaPrefix: "bot", ConnectionString: "postgres://u:pw@h"}, ConfirmUp)
		if !errors.Is(err, KindWrongBackend) || strings.Contains(err.Error(), "pw") {
			t.Errorf("got %v, want KindWrongBackend without the connection string", err)
		}
	})
	t.Run("folder is a file", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		writeFile(t, file, "")
		_, err := l.OpenController(t.Context(), SQLite{Prefix: filepath.Join(file, "bot")}, ConfirmUp)
		var e *InitError
		if !errors.As(err, &e) || e.Kind != KindLockFile || e.Hint() == "" {
			t.Errorf("got %v, want KindLockFile with a hint", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := l.OpenController(ctx, SQLite{Prefix: filepath.Join(t.TempDir(), "bot")}, ConfirmUp); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// childLock opens the database $PREFIX and tells what it got.
func childLock() any {
	unlock, err := lockDatabase(SQLite{Prefix: os.Getenv("PREFIX")})
	if err != nil {
		return fmt.Sprint("refused: ", err)
	}
	return fmt.Sprint("open ", unlock())
}

func TestLock(t *testing.T) {
	t.Parallel()
	l := usual(t)
	db := SQLite{Prefix: filepath.Join(t.TempDir(), "bot")}
	c, err := l.OpenController(t.Context(), db, ConfirmUp)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.OpenController(t.Context(), db, ConfirmUp)
	var locked *LockedError
	if !errors.As(err, &locked) || locked.File != db.Prefix+".lock" || locked.Hint() == "" ||
		!strings.Contains(err.Error(), locked.File) {
		t.Errorf("second open: got %v, want a LockedError that names the file", err)
	}
	var got string
	runChild(t, &got, "lock", "PREFIX="+db.Prefix)
	if !strings.HasPrefix(got, "refused: ") {
		t.Errorf("other process: got %q, want it refused", got)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	runChild(t, &got, "lock", "PREFIX="+db.Prefix)
	if got != "open <nil>" {
		t.Errorf("other process after Close: got %q, want it open", got)
	}
}

func TestSecretIsHidden(t *testing.T) {
	t.Parallel()
	db := SQLite{Prefix: "bot", Key: "hunter2"}
	marshalled, err := json.Marshal(db)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		fmt.Sprint(db), fmt.Sprintf("%v %+v %#v %s %q", db, db, db, db.Key, db.Key), string(marshalled),
		fmt.Sprint(parseInit(db, []byte(`{"type":"errorSQL","migrationSQLError":"hunter2 refused"}`))),
	} {
		if strings.Contains(s, "hunter2") {
			t.Errorf("the key is shown: %s", s)
		}
	}
}
