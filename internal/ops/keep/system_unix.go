//go:build unix

package keep

import (
	"io/fs"
	"os"
	"path/filepath"
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

// isMount tells whether the folder is a mount point, as far as the disks tell.
func isMount(dir string) bool {
	var here, above unix.Stat_t
	if unix.Stat(dir, &here) != nil || unix.Stat(filepath.Join(dir, ".."), &above) != nil {
		return false
	}
	return here.Dev != above.Dev || here.Ino == above.Ino || isMountRoot(dir)
}
