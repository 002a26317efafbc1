//go:build unix

package control

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// errRefused is what a socket answers that nobody listens on.
var errRefused error = syscall.ECONNREFUSED

// owns tells whether the file belongs to the user.
func owns(uid int, info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == uid
}

// listenPrivately makes a socket that nobody else can reach at any time: in a
// folder of its own, from where it is moved to its path.
func listenPrivately(path string) (net.Listener, error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".ctl-") // mode 0700
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	inside := filepath.Join(dir, "s")
	short, done, err := shortened(inside)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", short)
	done()
	if err != nil {
		return nil, err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // its name changes
	if err = os.Chmod(inside, 0o600); err == nil {
		err = os.Rename(inside, path)
	}
	if err != nil {
		_ = l.Close() // nobody can reach it
		return nil, err
	}
	return hold(l, path)
}
