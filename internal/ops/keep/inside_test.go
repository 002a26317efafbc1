package keep

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRestoreInside cuts a restore inside a folder off after each of its steps,
// as a kill does. Before its plan the old files are there; after it nothing else
// takes the folder, and the same restore ends the work.
func TestRestoreInside(t *testing.T) {
	t.Parallel()
	archive := archived(t, folder(t, someFiles), nil)
	cut := errors.New("cut off")
	for _, tt := range []struct {
		name  string
		old   map[string]string
		steps int // renames in all
	}{
		{"used", map[string]string{"chat_chat.db": "older", "notes/a": "mine", "state.json": "[]"}, 3 + 6},
		{"empty", nil, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for n := range tt.steps + 1 {
				data := folder(t, tt.old)
				if err := os.MkdirAll(filepath.Join(data, diskFolder), 0o700); err != nil {
					t.Fatal(err)
				}
				done := 0
				o := RestoreOptions{Archive: archive, Data: data, Force: tt.old != nil, inside: true, move: func(from, to string) error {
					if done++; done > n {
						return cut
					}
					return os.Rename(from, to)
				}}
				_, _, err := Restore(t.Context(), o)
				if n == tt.steps {
					if err != nil || done != n {
						t.Fatalf("uncut: %v after %d steps", err, done)
					}
				} else {
					if !errors.Is(err, cut) || Unfinished(data) == nil {
						t.Fatalf("cut off after %d steps: %v, unfinished: %v", n, err, Unfinished(data))
					}
					if _, err := Lock(data); err == nil {
						t.Error("a folder with old and new files was given away")
					}
					if _, err := Stopped(data); err == nil {
						t.Error("a folder with old and new files was saved")
					}
					o.move = nil
					m, _, err := Restore(t.Context(), o)
					if err != nil || m.Bot != "bot" {
						t.Fatalf("cut off after %d steps, and again: %+v, %v", n, m, err)
					}
				}
				checkInside(t, data, tt.old)
			}
		})
	}
}

// checkInside wants the archive's files at their place, the old ones aside, and
// nothing else.
func checkInside(t *testing.T, data string, old map[string]string) {
	t.Helper()
	if got := content(t, data); !same(got, someFiles) {
		t.Errorf("got %d files, want %d", len(got), len(someFiles))
	}
	aside, _ := filepath.Glob(filepath.Join(data, asidePrefix+"*"))
	if len(aside) != min(1, len(old)) {
		t.Fatalf("aside are %q", aside)
	}
	if old != nil && !same(content(t, aside[0]), old) {
		t.Errorf("the old files are not all in %s", aside[0])
	}
	left, _ := filepath.Glob(filepath.Join(data, ".restor*"))
	if len(left) > 0 || Unfinished(data) != nil {
		t.Errorf("left: %q, %v", left, Unfinished(data))
	}
}

// TestRestoreInsideWhereAnotherWasCutOff ends the earlier restore, and says so.
func TestRestoreInsideWhereAnotherWasCutOff(t *testing.T) {
	t.Parallel()
	first, second := archived(t, folder(t, someFiles), nil), archived(t, folder(t, map[string]string{"other": "1"}), nil)
	data := folder(t, map[string]string{"old": "1"})
	o := RestoreOptions{Archive: first, Data: data, Force: true, inside: true, move: func(string, string) error { return os.ErrPermission }}
	if _, _, err := Restore(t.Context(), o); err == nil {
		t.Fatal("it should be cut off")
	}
	_, _, err := Restore(t.Context(), RestoreOptions{Archive: second, Data: data, Force: true})
	if err == nil || !strings.Contains(err.Error(), "of "+first+" was cut off, and is finished now") {
		t.Errorf("got %v", err)
	}
	checkInside(t, data, map[string]string{"old": "1"})
}

// TestRestoreInsideRefuses leaves the folder as it was where the archive is no good,
// and clears up what a kill before the plan has left.
func TestRestoreInsideRefuses(t *testing.T) {
	t.Parallel()
	old := map[string]string{"chat_chat.db": "older"}
	data := folder(t, old)
	bad := filepath.Join(t.TempDir(), "bad")
	if err := os.WriteFile(bad, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := maps.Clone(old)
	files[".restoring/half"] = ""
	_, _, err := Restore(t.Context(), RestoreOptions{Archive: bad, Data: data, Force: true, inside: true})
	if left, _ := os.ReadDir(data); err == nil || !same(content(t, data), old) || len(left) != len(old)+1 { // and the lock of the database
		t.Errorf("got %v, left %v", err, left)
	}
	killed := folder(t, files)
	if err := os.Remove(filepath.Join(killed, "chat_chat.db")); err != nil {
		t.Fatal(err)
	}
	archive := archived(t, folder(t, someFiles), nil)
	if _, _, err := Restore(t.Context(), RestoreOptions{Archive: archive, Data: killed, inside: true}); err != nil {
		t.Fatal(err)
	}
	checkInside(t, killed, nil)
}
