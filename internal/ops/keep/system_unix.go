//go:build unix

package keep

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// What a disk answers that takes no more: a full one, one of which the user has
// used its share, a file beyond its bound, and one that is read-only.
var (
	errNoSpace  error = syscall.ENOSPC
	errQuota    error = syscall.EDQUOT
	errTooBig   error = syscall.EFBIG
	errReadOnly error = syscall.EROFS
)

// Free is how many bytes this user may still write below dir.
func Free(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}

// chownLike gives a file the owner of another, which only root may do.
func chownLike(path string, like fs.FileInfo) error {
	st, ok := like.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	return os.Lchown(path, int(st.Uid), int(st.Gid))
}

// syncFolder puts the names in a folder on the disk.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil // this file system has nothing to do
	}
	return errors.Join(err, f.Close())
}
