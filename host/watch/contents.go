package watch

import (
	"crypto/sha256"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// Sum is the fingerprint of a file's content; the zero one is of a file that is
// missing or cannot be read.
type Sum [sha256.Size]byte

// SumOf reads a file.
func SumOf(path string) Sum {
	data, err := os.ReadFile(path)
	if err != nil {
		return Sum{}
	}
	return sha256.Sum256(data)
}

// contents are the fingerprints of files by path.
type contents map[string]Sum

// merge keeps what is known of the files in now, for it is what was loaded, and
// takes now's for the others, unless they were written after since: then nobody
// knows which of their versions was loaded, and they count as changed.
func (c contents) merge(now contents, since time.Time) contents {
	merged := maps.Clone(now)
	for path := range now {
		if sum, ok := c[path]; ok {
			merged[path] = sum
		} else if info, err := os.Stat(path); err == nil && info.ModTime().After(since) {
			merged[path] = Sum{}
		}
	}
	return merged
}

// look compares the files with what they were the last time.
func (w *Watcher) look() {
	info, err := os.Stat(w.script)
	if err != nil {
		if !w.gone {
			w.gone = true
			w.log.Warn("the script is gone; its last generation goes on", "script", w.script)
		}
		return
	}
	w.gone = false
	if info.Size() == 0 {
		w.log.Debug("the script is empty; its last generation goes on", "script", w.script)
		return // most editors empty a file before they write it
	}
	w.follow()
	began := time.Now()
	now := w.read()
	if maps.Equal(now, w.told) {
		return
	}
	w.asOf, w.told = began, now
	select {
	case w.changed <- struct{}{}:
	default: // it was told already
	}
}

// read fingerprints all files that may matter.
func (w *Watcher) read() contents {
	now := contents{}
	for path := range w.files {
		now[path] = SumOf(path)
	}
	if !w.failed {
		return now
	}
	for dir := range w.folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // gone
		}
		for _, e := range entries {
			if path := filepath.Join(dir, e.Name()); filepath.Ext(path) == ".lua" && !e.IsDir() {
				now[path] = SumOf(path)
			}
		}
	}
	return now
}
