package host

import (
	"log/slog"
	"sync"
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
func (r *reportLog) finished(group int64) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.Reports[group]
}

func (r *reportLog) begin(group, item int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pending == nil {
		r.pending, r.done = map[int64]map[int64]bool{}, map[int64]int64{}
	}
	if r.pending[group] == nil {
		r.pending[group] = map[int64]bool{}
	}
	r.pending[group][item] = true
}

// end notes a report as finished. Reports of different members are handled side
// by side, so the lowest that is under way decides what is written.
func (r *reportLog) end(group, item int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.pending[group], item)
	r.done[group] = max(r.done[group], item)
	upTo := r.done[group]
	for other := range r.pending[group] {
		upTo = min(upTo, other-1)
	}
	if upTo <= r.state.Reports[group] {
		return
	}
	if r.state.Reports == nil {
		r.state.Reports = map[int64]int64{}
	}
	r.state.Reports[group] = upTo
	if err := r.state.save(r.path); err != nil {
		r.log.Warn("a finished report could not be noted; it is handled again after the next start", "err", err)
	}
}
