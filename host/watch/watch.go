package watch

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watcher notices changes of a script's files. It watches their folders, since
// editors replace files by renaming, and compares contents, so that a change of
// other files, of a date or of a mode is none.
//
// One goroutine, loop, owns all fields below the channels; Close ends it.
type Watcher struct {
	fs     *fsnotify.Watcher
	log    *slog.Logger
	settle time.Duration
	script string

	changed chan struct{}
	loaded  chan []string // nil: loading failed
	adopted chan struct{} // answers loaded
	quit    chan struct{}
	once    sync.Once // closes quit
	ended   chan struct{}

	files map[string]bool
	// targets are, by those of files that symbolic links lead elsewhere, where.
	targets map[string]string
	folders map[string]bool
	// failed: the last load failed, so any Lua file around may hold the repair.
	failed bool
	// told are the contents that were last told about or loaded.
	told contents
	// asOf is when told was read; what was loaded is not older.
	asOf time.Time
	// gone: a missing script has been said.
	gone bool
}

// New begins to watch the script's folder; what is written from now on, while the
// script is loaded, counts as a change. A change is told when the files are quiet
// for as long as settle. Close ends it.
func New(script string, settle time.Duration, log *slog.Logger) (*Watcher, error) {
	abs, err := filepath.Abs(script)
	if err != nil {
		return nil, err
	}
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &Watcher{
		fs: n, log: log, settle: settle, script: abs,
		changed: make(chan struct{}, 1), loaded: make(chan []string), adopted: make(chan struct{}),
		quit: make(chan struct{}), ended: make(chan struct{}),
		files: map[string]bool{abs: true}, folders: map[string]bool{},
	}
	if err := w.add(filepath.Dir(abs)); err != nil {
		n.Close()
		return nil, err
	}
	w.follow()
	w.asOf, w.told = time.Now(), w.read()
	go w.loop()
	return w, nil
}

// Changed gets a token when the files have changed and are quiet since.
func (w *Watcher) Changed() <-chan struct{} { return w.changed }

// Loaded tells which files the script consists of now.
func (w *Watcher) Loaded(files []string) {
	w.say(append([]string{w.script}, files...))
}

// Failed tells that loading failed, so that the files are not known.
func (w *Watcher) Failed() { w.say(nil) }

func (w *Watcher) say(files []string) {
	select {
	case w.loaded <- files:
		<-w.adopted
	case <-w.ended:
	}
}

// Close ends the watching and waits for it. It may be called again.
func (w *Watcher) Close() {
	w.once.Do(func() { close(w.quit) })
	<-w.ended
}

func (w *Watcher) loop() {
	defer close(w.ended)
	defer w.fs.Close()
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	for {
		select {
		case <-w.quit:
			return
		case files := <-w.loaded:
			w.adopt(files)
			w.adopted <- struct{}{}
			quiet.Reset(w.settle) // what was written while it was loaded
		case ev, ok := <-w.fs.Events:
			if !ok {
				return
			}
			if w.concerns(ev) {
				quiet.Reset(w.settle)
			}
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			w.log.Warn("watching the script's files", "err", err)
			quiet.Reset(w.settle) // events may be lost, so look
		case <-quiet.C:
			w.look()
		}
	}
}

// adopt takes over what is to be watched after a load.
func (w *Watcher) adopt(files []string) {
	w.failed = files == nil
	if w.failed {
		w.addBelow(filepath.Dir(w.script))
	} else {
		w.files = map[string]bool{}
		for _, f := range files {
			if abs, err := filepath.Abs(f); err == nil {
				w.files[abs] = true
			}
		}
		for f := range w.files {
			w.addUp(filepath.Dir(f))
		}
		w.follow()
	}
	w.told = w.told.merge(w.read(), w.asOf)
}

// follow finds where symbolic links lead, and watches the folders there.
func (w *Watcher) follow() {
	w.targets = map[string]string{}
	for f := range w.files {
		if target := targetOf(f); target != "" {
			w.targets[f] = target
			w.addUp(filepath.Dir(target))
		}
	}
}

// targetOf is the file that a name in another folder leads to, "" where there is
// none.
func targetOf(file string) string {
	target, err := filepath.EvalSymlinks(file)
	if err != nil || target == file {
		return ""
	}
	here, err := os.Stat(filepath.Dir(file))
	if err != nil {
		return ""
	}
	there, err := os.Stat(filepath.Dir(target))
	if err != nil || os.SameFile(here, there) && filepath.Base(file) == filepath.Base(target) {
		return "" // the folder is the link, and its files are watched
	}
	return target
}

// leadsElsewhere tells whether an event is about what a link leads to, or comes
// when one has got another target.
func (w *Watcher) leadsElsewhere(path string) bool {
	for f, target := range w.targets {
		if path == target || targetOf(f) != target {
			return true
		}
	}
	return false
}

// addUp watches a folder and those between it and the script's: a folder that
// is replaced is noticed only in the one above.
func (w *Watcher) addUp(dir string) {
	root := filepath.Dir(w.script)
	for {
		if err := w.add(dir); err != nil && !os.IsNotExist(err) {
			w.log.Warn("changes in a folder are not noticed", "folder", dir, "err", err)
		}
		up := filepath.Dir(dir)
		if dir == root || up == dir || !strings.HasPrefix(dir, root+string(filepath.Separator)) {
			return
		}
		dir = up
	}
}

// belowLimit bounds how many folders are watched for the repair of a script.
const belowLimit = 100

func (w *Watcher) addBelow(root string) {
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return nil
		case len(w.folders) >= belowLimit:
			return fs.SkipAll
		case path != root && (strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), ".data")):
			return fs.SkipDir
		}
		_ = w.add(path) // one that cannot be watched is no reason to fail
		return nil
	})
}

func (w *Watcher) add(dir string) error {
	err := w.fs.Add(dir) // again is harmless, and needed for a folder that was replaced
	if err == nil {
		w.folders[dir] = true
	}
	return err
}

// concerns tells whether an event may change what the script consists of.
func (w *Watcher) concerns(ev fsnotify.Event) bool {
	path := filepath.Clean(ev.Name)
	if w.files[path] || w.leadsElsewhere(path) || w.failed && filepath.Ext(path) == ".lua" {
		return true
	}
	if !ev.Has(fsnotify.Create) {
		return false
	}
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	if w.failed {
		w.addBelow(path)
		return true
	}
	for f := range w.files { // a folder with our files was put in place
		if strings.HasPrefix(f, path+string(filepath.Separator)) {
			w.addUp(filepath.Dir(f))
			return true
		}
	}
	return false
}
