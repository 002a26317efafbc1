package keep

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// TestCopyState copies while a database is open with a log that is not merged.
func TestCopyState(t *testing.T) {
	t.Parallel()
	data := folder(t, map[string]string{"state.json": "{}", "files/in/a.txt": "hello", "chat_chat.db": "open", "tmp/x": "passing"})
	conn, err := sqlite.OpenConn(filepath.Join(data, "store.db"), sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, text := range []string{"PRAGMA journal_mode = WAL", "CREATE TABLE t(x)", "INSERT INTO t VALUES (42)"} {
		if err := sqlitex.ExecuteTransient(conn, text, nil); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	if err := CopyState(t.Context(), data, "chat", dir); err != nil {
		t.Fatal(err)
	}
	writeZip(t, ExportPath(dir), map[string]string{"simplex_v1_chat.db": "chats", "simplex_v1_agent.db": "keys", "simplex_v1_files/b": "no"})
	entries, archive, err := Snapshot(dir, "chat")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "archive")
	if _, err := Create(t.Context(), file, nil, Manifest{}, entries); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "data")
	if _, _, err := Restore(t.Context(), RestoreOptions{Archive: file, Data: to}); err != nil {
		t.Fatal(err)
	}
	got := content(t, to)
	want := map[string]string{"state.json": "{}", "files/in/a.txt": "hello", "chat_chat.db": "chats", "chat_agent.db": "keys", "store.db": got["store.db"]}
	if !same(got, want) {
		t.Errorf("got %v", got)
	}
	if n := count(t, filepath.Join(to, "store.db")); n != 42 {
		t.Errorf("the copy has %d, want 42", n)
	}
}

func count(t *testing.T, path string) (n int) {
	t.Helper()
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = sqlitex.ExecuteTransient(conn, "SELECT x FROM t", &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		n = s.ColumnInt(0)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func writeZip(t *testing.T, path string, files map[string]string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotNeedsBothDatabases(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, stateName), 0o700); err != nil {
		t.Fatal(err)
	}
	writeZip(t, ExportPath(dir), map[string]string{"simplex_v1_chat.db": "chats"})
	if _, _, err := Snapshot(dir, "chat"); err == nil {
		t.Error("half a database is no error")
	}
}
