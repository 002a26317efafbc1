package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
	"github.com/simplex-lua/simplex-lua/internal/ops/service"
)

// Folder looks at the rights of a data folder.
func Folder(dir string) Finding {
	f := Finding{Check: "folder", State: Fail}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.State, f.Text = OK, dir+" is not there yet; the first start makes it"
		return f
	case err != nil:
		f.Text, f.Fix = dir+" cannot be looked into: "+err.Error(), "Run doctor as the user that the bot runs as, or as root."
		return f
	case !info.IsDir():
		f.Text, f.Fix = dir+" is a file", "Move it away, or name another folder with --data."
		return f
	}
	if who := foreignOwner(info); who != "" {
		f.Text, f.Fix = fmt.Sprintf("%s belongs to %s, and doctor runs as another user", dir, who), "Run doctor as that user; if the bot runs as this one: chown -R it to this user."
		return f
	}
	if !writable(dir) {
		f.Text, f.Fix = dir+" cannot be written", "Give the user of the bot the right to write there: chmod u+rwx "+dir
		return f
	}
	if open := openFor(info); open != "" {
		f.State, f.Text, f.Fix = Warn, fmt.Sprintf("%s can be read by %s; it has the keys of all chats", dir, open), "chmod 0700 "+dir
		return f
	}
	f.State, f.Text = OK, dir+" belongs to this user alone"
	return f
}

// Copies looks for what changes of the key have left beside a chat database. It
// reports false where nothing is there.
func Copies(prefix string) (Finding, bool) {
	left, err := keep.Leftovers(prefix)
	if err != nil || len(left) == 0 {
		return Finding{}, false // the folder's own check tells why it cannot be looked into
	}
	return Finding{Check: "copies", State: Warn, Text: "a change of the key has left " + strings.Join(left, ", ") + ", with the chats under the old key or none",
		Fix: "Remove them once the database opens with its key."}, true
}

const (
	// lowDisk and fullDisk are the bytes below which there is too little room.
	lowDisk  = 1 << 30
	fullDisk = 100 << 20
)

// Disk looks at the room where a data folder is, or will be.
func Disk(dir string) Finding {
	f := Finding{Check: "disk"}
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	free, err := keep.Free(dir)
	if err != nil {
		f.State, f.Text, f.Fix = Warn, dir+": the free space is not known: "+err.Error(), "Look at it yourself."
		return f
	}
	return disk(f, dir, free)
}

func disk(f Finding, dir string, free uint64) Finding {
	f.State, f.Text = OK, fmt.Sprintf("%s are free for %s", keep.Bytes(free), dir)
	switch {
	case free < fullDisk:
		f.State, f.Fix = Fail, "Make room: without it messages cannot be stored, and the database may be damaged."
	case free < lowDisk:
		f.State, f.Fix = Warn, "Make room soon: a backup needs as much again as the data folder has."
	}
	return f
}

const (
	// clockSlack is how far a file may be in the future.
	clockSlack = 5 * time.Minute
)

// Clock compares the time with that of the files in the data folders: a clock
// that went back makes messages too old or too new.
func Clock(now time.Time, folders []string) Finding {
	f := Finding{Check: "clock", State: OK, Text: now.UTC().Format(time.DateTime + " MST")}
	fix := "Set the clock, and keep it right: timedatectl set-ntp true"
	if now.Year() < 2025 {
		f.State, f.Text, f.Fix = Fail, f.Text+" is long ago", fix
		return f
	}
	for _, dir := range folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // Folder tells
		}
		for _, e := range entries {
			if info, err := e.Info(); err == nil && info.ModTime().After(now.Add(clockSlack)) {
				f.State, f.Fix = Fail, fix
				f.Text += fmt.Sprintf("; %s was written later, at %s", filepath.Join(dir, e.Name()), info.ModTime().UTC().Format(time.DateTime))
				return f
			}
		}
	}
	return f
}

// Socket looks at the control socket in a data folder and tells whether a bot
// answers there.
func Socket(dir string) (f Finding, running bool) {
	f = Finding{Check: "socket"}
	c, err := control.Dial(dir)
	socket := (*control.SocketError)(nil)
	switch {
	case err == nil:
		_ = c.Close() // it was only asked whether it lives
		f.State, f.Text = OK, "a bot answers on "+filepath.Join(dir, control.SocketName)
		return f, true
	case !errors.As(err, &socket):
		f.State, f.Text, f.Fix = Fail, err.Error(), "Restart the bot; if it stays so, look at its log."
	case errors.Is(err, control.ErrNotRunning):
		f.State, f.Text = OK, "no bot runs with this data folder"
		if _, err := os.Lstat(socket.Path); err == nil {
			f.State, f.Text, f.Fix = Warn, socket.Path+" was left by a process that was killed", "Start the bot: it replaces the socket."
		}
	default:
		f.State, f.Text, f.Fix = Fail, socket.Error(), socket.Advice
	}
	return f, false
}

// Unit looks at the unit file of a service, which that version of systemd reads;
// 0 is a new one. Where there is none there is nothing to find.
func Unit(path string, systemd int) (f Finding, found bool) {
	f = Finding{Check: "service", State: OK, Text: path}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, false
	}
	if err != nil {
		f.State, f.Text, f.Fix = Warn, path+" cannot be read: "+err.Error(), "Run doctor as root."
		return f, true
	}
	again := "Write it anew: simplex-lua service install --replace"
	program := ""
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "ExecStart="); ok {
			program = firstWord(strings.TrimLeft(rest, "-@:+!"))
		}
	}
	info, err := os.Stat(program)
	switch {
	case program == "":
		f.State, f.Text, f.Fix = Fail, path+" starts nothing", again
	case err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0:
		f.State, f.Text, f.Fix = Fail, fmt.Sprintf("%s starts %s, which is no program", path, program), "Put the program there. "+again
	case !service.Reloads(systemd) && strings.Contains(string(text), "Type=notify-reload"):
		f.State, f.Text = Warn, fmt.Sprintf("%s has Type=notify-reload, which systemd %d does not know: a start does not wait for the bots, and there is no reload", path, systemd)
		f.Fix = again
	default:
		f.Text += " starts " + program
	}
	return f, true
}

// firstWord is the first one of a command line, which may be quoted.
func firstWord(line string) string {
	if rest, ok := strings.CutPrefix(line, `"`); ok {
		word, _, _ := strings.Cut(rest, `"`)
		return word
	}
	word, _, _ := strings.Cut(line, " ")
	return word
}

// serverPatience is how long a server may take.
const serverPatience = 10 * time.Second

// Server tries to connect to a server, as "smp8.simplex.im:5223".
func Server(ctx context.Context, address string) Finding {
	f := Finding{Check: "network", State: OK, Text: address + " can be reached"}
	d := net.Dialer{Timeout: serverPatience}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		f.State, f.Text = Fail, address+" cannot be reached: "+err.Error()
		f.Fix = "Look at the machine's network and its firewall: bots connect to ports 5223 and 443 of SimpleX servers, and need names to be resolved."
		return f
	}
	_ = conn.Close() // it answered
	return f
}
