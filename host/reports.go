package host

import (
	"log/slog"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// reportLog remembers which reports are finished: the core stores reports as
// read, so their marks tell nothing. There are few of them, so each one that is
// finished is written down at once.
type reportLog struct {
	log  *slog.Logger
	path string

	mu      sync.Mutex // guards what follows, and the file
	state   hostState
	pending map[int64]map[int64]bool // by group: begun and not finished
	done    map[int64]int64          // by group: the highest finished one
}

// finished returns the id up to which all reports of the group are finished.
// createdAt is when the group came to be: ids of groups are used again.
func (r *reportLog) finished(group int64, createdAt string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of(group, createdAt).UpTo
}

// of returns what is known of the group, with mu held.
func (r *reportLog) of(group int64, createdAt string) finishedReports {
	f, known := r.state.Reports[group]
	if known && f.CreatedAt != createdAt {
		r.log.Info("a group's id came again: what was noted of the older group is dropped", "group", group)
		delete(r.state.Reports, group)
		delete(r.pending, group)
		delete(r.done, group)
		known = false
	}
	if !known {
		return finishedReports{CreatedAt: createdAt}
	}
	return f
}

func (r *reportLog) begin(it *chat.Item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	group := it.Chat.ID
	if r.pending == nil {
		r.pending, r.done = map[int64]map[int64]bool{}, map[int64]int64{}
	}
	if r.pending[group] == nil {
		r.pending[group] = map[int64]bool{}
	}
	r.pending[group][it.ID] = true
}

// end notes a report as finished. Reports of different members are handled side
// by side, so the lowest that is under way decides what is written.
func (r *reportLog) end(it *chat.Item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	group := it.Chat.ID
	known := r.of(group, it.ChatCreatedAt)
	delete(r.pending[group], it.ID)
	r.done[group] = max(r.done[group], it.ID)
	upTo := r.done[group]
	for other := range r.pending[group] {
		upTo = min(upTo, other-1)
	}
	if upTo <= known.UpTo {
		return
	}
	if r.state.Reports == nil {
		r.state.Reports = map[int64]finishedReports{}
	}
	known.UpTo = upTo
	r.state.Reports[group] = known
	if err := r.state.save(r.path); err != nil {
		r.log.Warn("a finished report could not be noted; it is handled again after the next start", "err", err)
	}
}
