package control

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// SocketError tells why a socket cannot be used.
type SocketError struct {
	Path string
	// Problem is what was wrong, Advice what to do about it.
	Problem, Advice string
	Cause           error
}

func (e *SocketError) Error() string {
	s := e.Path + ": " + e.Problem
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Hint says what to do next.
func (e *SocketError) Hint() string { return e.Advice }

func (e *SocketError) Unwrap() error { return e.Cause }

// ErrNotRunning tells that no bot answers on a socket.
var ErrNotRunning = errors.New("no bot runs there")

// dialPatience is how long a process may take to accept a connection.
const dialPatience = 5 * time.Second

// listen makes the socket at path. A stale one is replaced; what is no socket,
// belongs to somebody else, or is answered by another process, is not.
func listen(path string) (net.Listener, error) { return listenAs(os.Geteuid(), path) }

// listenAs is listen for a process of that user.
func listenAs(uid int, path string) (net.Listener, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return listenPrivately(path)
	case err != nil:
		return nil, err
	case info.Mode().Type() != fs.ModeSocket && runtime.GOOS != "windows": // there it has no such mode
		return nil, &SocketError{Path: path, Problem: "a file that is no socket is in the way", Advice: "Move it away."}
	case !owns(uid, info):
		return nil, &SocketError{Path: path, Problem: "somebody else owns it", Advice: "Find out who put it into the bot's data folder, and remove it."}
	}
	if conn, err := dialSocket(path); err == nil {
		_ = conn.Close() // it was only asked whether it lives
		return nil, &SocketError{Path: path, Problem: "another process answers on it", Advice: "Stop that one, or give this bot another data folder."}
	}
	return listenPrivately(path)
}

// dial connects to the bot at path. The error wraps ErrNotRunning where there
// is no bot.
func dial(path string) (net.Conn, error) { return dialAs(os.Geteuid(), path) }

// dialAs is dial for a process of that user. Root may talk to everybody's bots.
func dialAs(uid int, path string) (net.Conn, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &SocketError{Path: path, Problem: "no bot runs with this data folder", Advice: "Start it with simplex-lua run, or name another folder.", Cause: ErrNotRunning}
	}
	if err != nil {
		return nil, err
	}
	if uid != 0 && !owns(uid, info) {
		return nil, &SocketError{Path: path, Problem: "it belongs to another user", Advice: "Run the command as the user that the bot runs as."}
	}
	conn, err := dialSocket(path)
	if errors.Is(err, errRefused) {
		return nil, &SocketError{Path: path, Problem: "the bot that left this socket has ended", Advice: "Start it with simplex-lua run.", Cause: ErrNotRunning}
	}
	return conn, err
}

// longest is how many bytes of a path every system takes for a socket.
const longest = 100

func dialSocket(path string) (net.Conn, error) {
	short, done, err := shortened(path)
	if err != nil {
		return nil, err
	}
	defer done()
	return net.DialTimeout("unix", short, dialPatience)
}

// shortened returns another path of the same socket, short enough to be used
// until done is called.
func shortened(path string) (short string, done func(), err error) {
	if len(path) <= longest {
		return path, func() {}, nil
	}
	if runtime.GOOS != "linux" {
		return "", nil, &SocketError{Path: path, Problem: "the path is too long for a socket", Advice: fmt.Sprintf("Give the bot a data folder whose path is below %d characters.", longest-len(SocketName))}
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path)), func() { _ = dir.Close() }, nil
}

// heldSocket removes its file when it is closed, unless it is another's by then.
type heldSocket struct {
	net.Listener
	path string
	file fs.FileInfo
}

func (h *heldSocket) Close() error {
	err := h.Listener.Close()
	if now, statErr := os.Lstat(h.path); statErr == nil && os.SameFile(now, h.file) {
		_ = os.Remove(h.path) // a stale one is replaced by the next start
	}
	return err
}

func hold(l net.Listener, path string) (net.Listener, error) {
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	info, err := os.Lstat(path)
	if err != nil {
		_ = l.Close() // it cannot be reached
		return nil, err
	}
	return &heldSocket{l, path, info}, nil
}
