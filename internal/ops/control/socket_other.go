//go:build !unix

package control

import (
	"io/fs"
	"net"
	"os"
	"syscall"
)

// errRefused is what a socket answers that nobody listens on (WSAECONNREFUSED).
var errRefused error = syscall.Errno(10061)

// owns is left to the rights of the data folder here.
func owns(int, fs.FileInfo) bool { return true }

// listenPrivately relies on the rights of the data folder here.
func listenPrivately(path string) (net.Listener, error) {
	_ = os.Remove(path) // a stale one; Listen tells what is wrong otherwise
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return hold(l, path)
}
