//go:build unix

package keep

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestGiveBack leaves nothing of the database to root in a folder of the bot's user.
func TestGiveBack(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a_chat.db": "1", "a_agent.db": "2", "a.lock": "", "ab_chat.db": "3", "backups/x": "4"})
	if os.Geteuid() != 0 {
		if err := GiveBack(filepath.Join(dir, "a")); err != nil {
			t.Error(err)
		}
		t.Skip("only root can give files to others")
	}
	const user = 65532
	if err := os.Chown(dir, user, user); err != nil {
		t.Fatal(err)
	}
	if err := GiveBack(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]uint32{"a_chat.db": user, "a_agent.db": user, "a.lock": user, "backups": user, "ab_chat.db": 0} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != want {
			t.Errorf("%s belongs to %d, want %d", name, st.Uid, want)
		}
	}
}

// TestNewFolderIsOfTheOther gives a restored folder to who owns the one that it
// is made in: below a service's, root's would be of no use to the bot's user.
func TestNewFolderIsOfTheOther(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files to others")
	}
	const user = 65532
	parent := t.TempDir()
	if err := os.Chown(parent, user, user); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(parent, "bot")
	if _, _, err := Restore(t.Context(), RestoreOptions{Archive: archived(t, folder(t, someFiles), nil), Data: data}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "chat_chat.db", "files/empty"} {
		info, err := os.Stat(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != user {
			t.Errorf("%q belongs to %d, want %d", name, st.Uid, user)
		}
	}
	if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has the mode %v, %v", info.Mode(), err)
	}
}
