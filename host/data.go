package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// dataFolder is the folder of one bot: chat_*.db, files/, tmp/ state.json, timers.json and attempts.
type dataFolder struct {
	root string
	// temporary folders are removed at the end.
	temporary bool
	// made are the folders that were not there before, outermost first.
	made []string
}

// folderOf returns the absolute path of the folder that a bot with these
// options keeps its data in: o.Data, else the first folder in $STATE_DIRECTORY,
// else the script's path without its ending and with ".data" after it. It
// touches no file.
func folderOf(o Options) (string, error) {
	dir := o.Data
	if dir == "" {
		dir = StateDirectory(o.Getenv)
	}
	if dir == "" {
		if o.Script == "" {
			return "", &DataError{Path: "?", Problem: "there is no script file to put it beside", Hint: "Name a folder with --data."}
		}
		dir = DataBeside(o.Script)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", &DataError{Path: dir, Problem: "its place cannot be told", Cause: err}
	}
	return abs, nil
}

// DataSuffix ends the names of data folders beside scripts.
const DataSuffix = ".data"

// DataBeside is where the data of a script is that nobody has put elsewhere.
func DataBeside(script string) string {
	return strings.TrimSuffix(script, filepath.Ext(script)) + DataSuffix
}

// StateDirectory is the first folder in $STATE_DIRECTORY, which has several with
// colons between them; "" without one. getenv may be nil.
func StateDirectory(getenv func(string) (string, bool)) string {
	if getenv == nil {
		return ""
	}
	state, _ := getenv("STATE_DIRECTORY")
	first, _, _ := strings.Cut(state, ":")
	return first
}

// openData creates the folder and what belongs into it.
func openData(o Options) (*dataFolder, error) {
	if o.Ephemeral {
		root, err := os.MkdirTemp("", "simplex-lua-")
		if err != nil {
			return nil, dataError(os.TempDir(), err)
		}
		d := &dataFolder{root: root, temporary: true}
		return d, d.create()
	}
	root, err := folderOf(o)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(filepath.Join(root, UnfinishedRestore)); err == nil {
		return nil, &DataError{
			Path: root, Problem: "a restore into it was cut off, and it has old and new files",
			Hint: "Run the same restore again: it goes on where it stopped.",
		}
	}
	d := &dataFolder{root: root}
	return d, d.create()
}

// UnfinishedRestore is a file in a data folder that is no bot's for now: a
// restore has moved only a part of its files to their place.
const UnfinishedRestore = ".restore-unfinished.json"

func (d *dataFolder) create() error {
	for _, dir := range []string{d.root, d.files(), d.temp()} {
		if err := d.makeFolder(dir); err != nil {
			return dataError(dir, err)
		}
	}
	return d.probe()
}

// makeFolder leaves the mode of a folder that is there alone: an operator may
// have opened it for a group on purpose.
func (d *dataFolder) makeFolder(dir string) error {
	switch info, err := os.Stat(dir); {
	case err == nil && !info.IsDir():
		return errNotFolder
	case err == nil:
		return nil
	}
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		d.made = append(d.made, dir)
	}
	return err
}

// unmake removes the folders that create has made, as far as they are empty: a
// bot that never opened its database leaves nothing behind.
func (d *dataFolder) unmake() {
	for _, dir := range slices.Backward(d.made) {
		_ = os.Remove(dir) // refuses where there is something in it
	}
}

var errNotFolder = errors.New("a file of that name is in the way")

// probe finds out now what would otherwise fail at the first message.
func (d *dataFolder) probe() error {
	f, err := os.CreateTemp(d.temp(), ".probe-")
	if err != nil {
		return dataError(d.temp(), err)
	}
	err = errors.Join(f.Close(), os.Remove(f.Name()))
	if err != nil {
		return dataError(d.temp(), err)
	}
	return nil
}

// sweep removes what processes that were killed have left half written. Only
// who has the database open may do so.
func (d *dataFolder) sweep() {
	for _, dir := range []string{d.root, d.temp()} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // whoever needs the folder tells
		}
		for _, e := range entries {
			if slices.ContainsFunc(halfWritten, func(prefix string) bool { return strings.HasPrefix(e.Name(), prefix) }) {
				_ = os.RemoveAll(filepath.Join(dir, e.Name())) // the next start tries again
			}
		}
	}
}

// snapshotPrefix begins the names of folders that a running bot is saved to.
const snapshotPrefix = ".backup-"

// halfWritten begin the names of what is renamed or removed when it is complete.
var halfWritten = []string{snapshotPrefix, ".attempts-", ".state-", ".timers-", ".probe-"}

func dataError(path string, err error) error {
	e := &DataError{Path: path, Problem: "cannot be created", Cause: err}
	switch {
	case errors.Is(err, errNotFolder):
		e.Problem, e.Cause = err.Error(), err
		e.Problem = "it cannot be a folder"
		e.Hint = "Move the file away, or name another folder with --data."
	case errors.Is(err, fs.ErrPermission), errors.Is(err, errReadOnly):
		e.Problem = "not writable"
		e.Hint = fmt.Sprintf("Give user %d the right to write there, or name another folder with --data.", os.Getuid())
	default:
		e.Hint = "Name another folder with --data."
	}
	return e
}

// pathsCommand tells the core where files belong.
func (d *dataFolder) pathsCommand(files, assets string) string {
	return "/set file paths " + compact(struct {
		Files  string `json:"appFilesFolder"`
		Temp   string `json:"appTempFolder"`
		Assets string `json:"appAssetsFolder"`
	}{files, d.temp(), assets})
}

// OwnFolders are the names of the folders that a bot has in its data folder: no
// other bot has its data in one of them.
var OwnFolders = []string{"files", "tmp", "backups"}

// hasData tells whether a folder is one that a bot has kept its data in.
func hasData(dir string) bool {
	d := dataFolder{root: dir}
	for _, path := range []string{d.state(), filepath.Join(dir, "chat_chat.db")} {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

func (d *dataFolder) files() string    { return filepath.Join(d.root, "files") }
func (d *dataFolder) temp() string     { return filepath.Join(d.root, "tmp") }
func (d *dataFolder) state() string    { return filepath.Join(d.root, "state.json") }
func (d *dataFolder) timers() string   { return filepath.Join(d.root, "timers.json") }
func (d *dataFolder) attempts() string { return filepath.Join(d.root, "attempts") }

// close removes a temporary folder.
func (d *dataFolder) close() error {
	if d == nil || !d.temporary {
		return nil
	}
	return os.RemoveAll(d.root)
}
