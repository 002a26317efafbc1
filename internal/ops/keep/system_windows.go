package keep

import (
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// What a disk answers that takes no more: a full one, one of which the user has
// used its share, a file beyond its bound, and one that is read-only.
var (
	errNoSpace  error = windows.ERROR_DISK_FULL
	errQuota    error = windows.ERROR_DISK_QUOTA_EXCEEDED
	errTooBig   error = windows.ERROR_FILE_TOO_LARGE
	errReadOnly error = windows.ERROR_WRITE_PROTECT
)

// Free is how many bytes this user may still write below dir.
func Free(dir string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	return free, windows.GetDiskFreeSpaceEx(name, &free, nil, nil)
}

// chownLike does nothing: files belong to who the folder's rights say.
func chownLike(string, fs.FileInfo) error { return nil }

// isMount tells whether the folder is the root of a volume, or a volume is
// mounted there.
func isMount(dir string) bool {
	if filepath.Dir(dir) == dir {
		return true
	}
	info, err := os.Lstat(dir)
	return err == nil && info.Mode()&(fs.ModeIrregular|fs.ModeSymlink) != 0
}
