package sql

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestBlank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": true, " ;\n\t;": true, "-- x": true, "-- x\nSELECT": false, "/* x */ ; -- y\n": true, "/* open": true,
		"/**/SELECT": false, "- -": false, "/ *": false, "/*/ x": true, "x": false,
	} {
		if got := blank(text); got != want {
			t.Errorf("blank(%q) = %v", text, got)
		}
	}
}

// TestPlantedJournal: SQLite deletes the file that a journal names as that of a
// transaction over several files. A journal that a script wrote names any file.
func TestPlantedJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	victim, path := filepath.Join(dir, "victim"), filepath.Join(dir, "own.db")
	sum := uint32(0)
	for _, c := range []byte(victim) {
		sum += uint32(c)
	}
	trailer := binary.BigEndian.AppendUint32([]byte(victim), uint32(len(victim)))
	trailer = append(binary.BigEndian.AppendUint32(trailer, sum), journalMagic...)
	header := append([]byte(journalMagic), make([]byte, 504)...)
	for name, data := range map[string][]byte{
		victim: []byte("keep me"), path: make([]byte, 4096), path + "-journal": append(header, trailer...),
	} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := openSQLite(t.Context(), path, false); err == nil || !strings.Contains(err.Error(), "journal names another file") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(victim); err != nil {
		t.Error(err)
	}
}

// TestForeignJournal: a journal that somebody sent would be written into the
// database; one that is empty, or that a program left in an old file, is not it.
func TestForeignJournal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "own.db")
	src, err := openSQLite(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	src.close()
	for _, tc := range []struct {
		journal string
		ok      bool
	}{{"", true}, {journalMagic + strings.Repeat("\x00", 1024), false}, {"x", false}} {
		if err := os.WriteFile(path+"-journal", []byte(tc.journal), 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := openSQLite(t.Context(), path, false)
		if err == nil {
			src.close()
		}
		if (err == nil) != tc.ok || err != nil && !strings.Contains(err.Error(), "not its own") {
			t.Errorf("%.20q: got %v", tc.journal, err)
		}
	}
}

// FuzzStatement: whatever the text, SQLite touches no file but its own, and
// the connection goes on.
func FuzzStatement(f *testing.F) {
	for _, text := range []string{
		"ATTACH 'x' AS y", "VACUUM INTO 'x'", "SELECT $2, ?, :a", "CREATE TABLE t (a); SELECT 1", "PRAGMA journal_mode = OFF",
		"CREATE TABLE t AS SELECT 1", "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			return // refused before
		}
		dir := t.TempDir()
		src, err := openSQLite(t.Context(), filepath.Join(dir, "own.db"), false)
		if err != nil {
			t.Fatal(err)
		}
		defer src.close()
		s, err := src.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.release()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, _ = s.run(ctx, query{text: text, args: []any{1.0, "x"}, limit: 10})
		_, _ = s.run(ctx, query{text: text, limit: 10})
		cancel()
		if _, err := s.run(t.Context(), query{text: "SELECT 1", limit: 1}); err != nil {
			t.Errorf("after %q: %v", text, err)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasPrefix(file.Name(), "own.db") {
				t.Errorf("%q makes the file %s", text, file.Name())
			}
		}
	})
}
