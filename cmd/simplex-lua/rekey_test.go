package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
)

// keyedCore is a core whose database opens with one key, which stands in its file.
type keyedCore struct {
	chat.Core // only what is called is there
	prefix    string
	change    func(prefix string) ([]byte, error)
}

func (c keyedCore) Send(context.Context, string) ([]byte, error) { return c.change(c.prefix) }
func (keyedCore) Close(context.Context) error                    { return nil }

// opensKeyed opens a database with the key that stands in its file.
func opensKeyed(change func(string) ([]byte, error)) openCore {
	return func(ctx context.Context, db host.Database) (chat.Core, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		key, err := os.ReadFile(db.Prefix + "_chat.db")
		if err == nil && string(key) != db.Key {
			err = errors.New("not the key")
		}
		return keyedCore{prefix: db.Prefix, change: change}, err
	}
}

// TestChangeKey keeps the copies of the old database until it is proved which
// key opens the new one.
func TestChangeKey(t *testing.T) {
	t.Parallel()
	ok := []byte(`{"result":{"type":"cmdOk"}}`)
	lost := errors.New("the answer got lost")
	for _, tt := range []struct {
		name    string
		becomes string // the key that opens the database after the command
		reply   []byte
		err     error
		want    string // in the error
		kept    bool
	}{
		{"changed", "new", ok, nil, "", false},
		{"refused", "old", nil, lost, "is not changed: the answer got lost", false},
		{"changed, and the answer lost", "new", nil, lost, "", false},
		{"half changed", "neither", nil, lost, "does not open with the new key: the key of the database is not changed: the answer got lost", true},
		{"said to be changed", "old", ok, nil, "does not open with the new key", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			prefix := filepath.Join(dir, "chat")
			write := func(path, text string) {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Error(err)
				}
			}
			write(prefix+"_chat.db", "old")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := changeKey(ctx, opensKeyed(func(prefix string) ([]byte, error) {
				write(prefix+"_chat.db.bak", "old")
				write(prefix+"_chat.db", tt.becomes)
				cancel() // somebody loses patience meanwhile
				return tt.reply, tt.err
			}), host.Database{Prefix: prefix, Key: "old"}, "new", "bot")
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			safe, _ := filepath.Glob(filepath.Join(dir, "backups", "*"))
			bak, _ := filepath.Glob(filepath.Join(dir, "*.bak"))
			if (len(safe) == 1) != tt.kept || (len(bak) == 1) != tt.kept {
				t.Errorf("there are %q and %q; kept should be %v", safe, bak, tt.kept)
			}
			if known := (*keep.Error)(nil); tt.kept && (!errors.As(err, &known) || !strings.Contains(known.Advice, safe[0])) {
				t.Errorf("the advice does not name the copy: %v", err)
			}
		})
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "chat_chat.db"), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := changeKey(t.Context(), opensKeyed(nil), host.Database{Prefix: filepath.Join(dir, "chat"), Key: "old"}, "new", "bot")
	if left, _ := os.ReadDir(dir); err == nil || len(left) != 1 {
		t.Errorf("the wrong key: %v, left %v", err, left)
	}
}
