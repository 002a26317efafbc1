package keep

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
)

// TestRemoveLeftovers takes what a change of the key has left of one database,
// and nothing else.
func TestRemoveLeftovers(t *testing.T) {
	t.Parallel()
	others := map[string]string{
		"a_chat.db": "1", "a_agent.db": "2", "a_chat.db-wal": "3", "ab_chat.db.bak": "4", "a_chat.db.backup": "5", "a.bak": "6", "files/a_chat.db.bak": "7",
	}
	files := map[string]string{"a_chat.db.bak": "old", "a_agent.db.bak": "old", "a_chat.db.exported": "half", "a_agent.db.exported-journal": "half"}
	maps.Copy(files, others)
	dir := folder(t, files)
	prefix := filepath.Join(dir, "a")
	found, err := Leftovers(prefix)
	if err != nil || len(found) != 4 {
		t.Errorf("Leftovers: got %q, %v", found, err)
	}
	if err := RemoveLeftovers(prefix); err != nil {
		t.Fatal(err)
	}
	var left []string
	for name := range others {
		if m, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(name))); len(m) != 1 {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	if found, err := Leftovers(prefix); len(left) > 0 || len(found) > 0 || err != nil {
		t.Errorf("gone, and not to go: %q; still there: %q, %v", left, found, err)
	}
	if found, err := Leftovers(filepath.Join(dir, "no", "folder")); len(found) > 0 || err != nil {
		t.Errorf("no folder: got %q, %v", found, err)
	}
}
