package keep

import (
	"os"

	"golang.org/x/sys/unix"
)

// swap exchanges the two folders at once, and then moves the old one aside.
func swap(staging, old, aside string) error {
	err := unix.Renameat2(unix.AT_FDCWD, staging, unix.AT_FDCWD, old, unix.RENAME_EXCHANGE)
	if err == unix.EINVAL || err == unix.ENOSYS { // this file system or kernel cannot
		return swapByRename(staging, old, aside)
	}
	if err != nil {
		return err
	}
	return os.Rename(staging, aside)
}

// isMountRoot asks the kernel, which also knows of folders that are mounted from
// the same disk.
func isMountRoot(dir string) bool {
	var st unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, dir, 0, 0, &st)
	return err == nil && st.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0
}
