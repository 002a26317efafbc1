package host

import (
	"log/slog"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// reportLog remembers which reports are finished: the core stores reports as
// read, so their marks tell nothing. There are few of them, so each one that is
// finished is written down at once, as the id up to which all of its group are.
//
// That id passes no report that is not finished: neither one that waits for its
// turn, nor, until the group was searched, one of the time before the start or
// without a connection.
// It is safe for use by several goroutines.
type reportLog struct {
	log  *slog.Logger
	path string
	// again tells that events may be missed before freeze is called, so that what is
	// finished must be known one by one.
	again bool

	mu     sync.Mutex // guards what follows, and the file
	state  hostState
	groups map[int64]*groupReports
	// listed tells that the groups to be searched are known; unsearched are those
	// that were not yet. Both begin anew when the connection was lost.
	listed     bool
	unsearched map[int64]bool
}

// groupReports are a group's reports since the start. Of those up to base nothing
// more is known than that they are finished.
type groupReports struct {
	createdAt     string
	base, highest int64
	pending, done map[int64]struct{}
}

func newReportLog(log *slog.Logger, path string, state hostState, again bool) *reportLog {
	return &reportLog{log: log, path: path, again: again, state: state, groups: map[int64]*groupReports{}}
}

// keep changes the state and writes it down.
func (r *reportLog) keep(change func(*hostState)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.state)
	return r.state.save(r.path)
}

// of returns what is known of the group, with mu held. createdAt is when the
// group came to be: ids of groups are used again.
func (r *reportLog) of(group int64, createdAt string) *groupReports {
	if g := r.groups[group]; g != nil && sameMoment(g.createdAt, createdAt) {
		return g
	}
	g := &groupReports{createdAt: createdAt, pending: map[int64]struct{}{}, done: map[int64]struct{}{}}
	r.groups[group] = g
	f, known := r.state.Reports[group]
	switch {
	case known && sameMoment(f.CreatedAt, createdAt):
		g.base, g.highest = f.UpTo, f.UpTo
	case known:
		r.log.Info("a group's id came again: what was noted of the older group is dropped", "group", group)
		delete(r.state.Reports, group)
	}
	return g
}

// freeze keeps what is noted as it is until the groups are searched again, for
// reports were missed whose events never come.
func (r *reportLog) freeze() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listed = false
}

// list tells which groups will be searched.
func (r *reportLog) list(groups []group) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listed, r.unsearched = true, map[int64]bool{}
	for _, g := range groups {
		r.unsearched[g.ID] = true
	}
}

// searched tells that all unfinished reports of the group have begun.
func (r *reportLog) searched(group int64, createdAt string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.unsearched, group)
	r.write(group, r.of(group, createdAt))
}

// base returns the id up to which all reports of the group were finished when it
// was searched last.
func (r *reportLog) base(group int64, createdAt string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of(group, createdAt).base
}

// knows tells whether the report is finished, or has begun.
func (r *reportLog) knows(it *chat.Item) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.of(it.Chat.ID, it.ChatCreatedAt)
	_, pending := g.pending[it.ID]
	_, done := g.done[it.ID]
	return pending || done || it.ID <= g.base
}

// begin notes a report that is there and has to be handled.
func (r *reportLog) begin(it *chat.Item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.of(it.Chat.ID, it.ChatCreatedAt)
	if _, done := g.done[it.ID]; !done {
		g.pending[it.ID] = struct{}{}
	}
}

// end notes a report as finished.
func (r *reportLog) end(it *chat.Item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finish(it.Chat.ID, r.of(it.Chat.ID, it.ChatCreatedAt), it.ID)
}

// gone tells that an item of a group is not there any more; if it is a report, it
// is finished.
func (r *reportLog) gone(group, id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g := r.groups[group]; g != nil {
		if _, pending := g.pending[id]; pending {
			r.finish(group, g, id)
		}
	}
}

// finish takes a report off those that are under way, with mu held.
func (r *reportLog) finish(group int64, g *groupReports, id int64) {
	delete(g.pending, id)
	g.done[id] = struct{}{}
	g.highest = max(g.highest, id)
	r.write(group, g)
}

// write notes up to where the group's reports are finished, with mu held. Those of
// different members are handled side by side, so the lowest that is not finished
// decides.
func (r *reportLog) write(group int64, g *groupReports) {
	if !r.listed || r.unsearched[group] {
		return
	}
	upTo := g.highest
	for other := range g.pending {
		upTo = min(upTo, other-1)
	}
	if upTo <= r.state.Reports[group].UpTo {
		return
	}
	if r.state.Reports == nil {
		r.state.Reports = map[int64]finishedReports{}
	}
	r.state.Reports[group] = finishedReports{CreatedAt: g.createdAt, UpTo: upTo}
	if !r.again {
		g.base = upTo
		for id := range g.done {
			if id <= upTo {
				delete(g.done, id)
			}
		}
	}
	if err := r.state.save(r.path); err != nil {
		r.log.Warn("a finished report could not be noted; it is handled again after the next start", "err", err)
	}
}
