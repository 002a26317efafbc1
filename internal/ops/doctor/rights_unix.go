//go:build unix

package doctor

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// foreignOwner names the owner of a file of somebody else; "" for root, who may
// do all, and for the own ones.
func foreignOwner(info fs.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() == 0 || int(st.Uid) == os.Geteuid() {
		return ""
	}
	return fmt.Sprintf("user %d", st.Uid)
}

func writable(dir string) bool { return unix.Access(dir, unix.W_OK|unix.X_OK) == nil }

// openFor says who else may read a folder; "" for nobody.
func openFor(info fs.FileInfo) string {
	switch {
	case info.Mode().Perm()&0o007 != 0:
		return "everybody"
	case info.Mode().Perm()&0o070 != 0:
		return "its group"
	}
	return ""
}
