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
