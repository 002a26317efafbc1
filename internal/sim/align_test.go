package sim_test

import (
	"cmp"
	"slices"
	"testing"
)

// pair is a recorded event and the one of ours that stands for it.
type pair struct {
	want, got *event
	moved     *event // whose order it breaks, or nil
}

// similarity tells how well two events fit: 0 to 2, above 1 only if their shapes
// are the same.
func similarity(names *renaming, want, got *event) float64 {
	if !inTime(want, got, 2) {
		return 0
	}
	if want.text == got.text {
		known, bad := names.fits(want.names, got.names)
		if known == 0 {
			return 2 - 0.16
		}
		return 2 - 0.8*float64(bad)/float64(known)
	}
	shared := 0
	for f := range want.features {
		if got.features[f] {
			shared++
		}
	}
	all := len(want.features) + len(got.features) - shared
	return 0.05 + 0.9*float64(shared)/float64(max(1, all))
}

// align is the longest common subsequence, weighted by the scores.
func align(want, got []*event, score func(w, g *event) float64) (pairs []pair) {
	weights := make([][]float64, len(want))
	best := make([][]float64, len(want)+1)
	for i := range best {
		best[i] = make([]float64, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		weights[i] = make([]float64, len(got))
		for j := len(got) - 1; j >= 0; j-- {
			weights[i][j] = score(want[i], got[j])
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if w := weights[i][j]; w > 0 {
				best[i][j] = max(best[i][j], best[i+1][j+1]+w)
			}
		}
	}
	for i, j := 0, 0; i < len(want) && j < len(got); {
		switch w := weights[i][j]; {
		case w > 0 && best[i][j] == best[i+1][j+1]+w:
			pairs = append(pairs, pair{want: want[i], got: got[j]})
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// assign pairs events whatever their order, the best ones first.
func assign(want, got []*event, score func(w, g *event) float64) (pairs []pair) {
	type candidate struct {
		pair
		score float64
	}
	var all []candidate
	for _, w := range want {
		for _, g := range got {
			if s := score(w, g); s > 0 {
				all = append(all, candidate{pair{want: w, got: g}, s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	taken := map[*event]bool{}
	for _, c := range all {
		if !taken[c.want] && !taken[c.got] {
			taken[c.want], taken[c.got] = true, true
			pairs = append(pairs, c.pair)
		}
	}
	return pairs
}

// group is what only events of it are paired with.
type group struct{ kind, lane, member string }

// groupOf is the group of an event by its chat and member, in recorded names.
func groupOf(names *renaming, e *event, ours bool) group {
	lane, member := e.lane, e.member
	if ours {
		back := func(kind, id string) string { return names.back[nameKey{kind, e.actor, id}] }
		if lane != "" {
			lane = lane[:1] + back(refKinds[lane[:1]], lane[1:])
		}
		if member != "" {
			member = back("member", member)
		}
	}
	return group{e.kind, lane, member}
}

// match pairs the events of one actor, first within one chat and member, then of
// one type, and returns those that are missing and those that are more.
func match(names *renaming, want, got []*event) (pairs []pair, missing, more []*event) {
	score := func(w, g *event) float64 { return similarity(names, w, g) }
	for _, byLane := range []bool{true, false} {
		type sides struct{ want, got []*event }
		groups, order := map[group]*sides{}, []group(nil)
		side := func(e *event, ours bool) *sides {
			g := group{kind: e.kind}
			if byLane {
				g = groupOf(names, e, ours)
			}
			if groups[g] == nil {
				groups[g] = &sides{}
				order = append(order, g)
			}
			return groups[g]
		}
		for _, e := range want {
			s := side(e, false)
			s.want = append(s.want, e)
		}
		for _, e := range got {
			s := side(e, true)
			s.got = append(s.got, e)
		}
		taken := map[*event]bool{}
		for _, g := range order {
			s := groups[g]
			if len(s.want) == 0 || len(s.got) == 0 {
				continue
			}
			find := align
			if s.want[0].teardown() || g.kind == "chatItemsStatusesUpdated" {
				find = assign
			}
			for _, p := range find(s.want, s.got, score) {
				taken[p.want], taken[p.got] = true, true
				pairs = append(pairs, p)
			}
		}
		isTaken := func(e *event) bool { return taken[e] }
		want = slices.DeleteFunc(slices.Clone(want), isTaken)
		got = slices.DeleteFunc(slices.Clone(got), isTaken)
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.want.at, b.want.at), cmp.Compare(a.want.line, b.want.line))
	})
	markMoved(pairs)
	return pairs, want, got
}

// markMoved finds the fewest events that have to be called out of order.
func markMoved(pairs []pair) {
	breaks := make([]map[int]bool, len(pairs))
	for i := range pairs {
		breaks[i] = map[int]bool{}
		for j := range i {
			if pairs[j].got.order > pairs[i].got.order && !commute(pairs[j].want, pairs[i].want) {
				breaks[i][j], breaks[j][i] = true, true
			}
		}
	}
	for {
		worst := -1
		for i, b := range breaks {
			if len(b) > 0 && (worst < 0 || len(b) > len(breaks[worst])) {
				worst = i
			}
		}
		if worst < 0 {
			return
		}
		first := -1
		for j := range breaks[worst] {
			delete(breaks[j], worst)
			if first < 0 || j < first {
				first = j
			}
		}
		pairs[worst].moved, breaks[worst] = pairs[first].want, nil
	}
}

// TestOrder wants events in the recorded order, but for what the real core gives
// in either.
func TestOrder(t *testing.T) {
	t.Parallel()
	const (
		item    = `{"result":{"type":"newChatItems","chatItems":[{"chatInfo":{"contact":{"contactId":4}},"chatItem":{"meta":{"itemId":5}}}]}}`
		other   = `{"result":{"type":"newChatItems","chatItems":[{"chatInfo":{"contact":{"contactId":9}},"chatItem":{"meta":{"itemId":6}}}]}}`
		status  = `{"result":{"type":"chatItemsStatusesUpdated","chatItems":[{"chatInfo":{"contact":{"contactId":4}},"chatItem":{"meta":{"itemId":5}}}]}}`
		ready   = `{"result":{"type":"contactSndReady","contact":{"contactId":4}}}`
		ended   = `{"result":{"type":"agentConnsDeleted","agentConnIds":["x"]}}`
		started = `{"result":{"type":"hostConnected"}}`
	)
	l := newLens(&recording{})
	for _, tt := range []struct {
		name         string
		first, after string
		either       bool
	}{
		{"one chat", item, ready, false},
		{"two chats", item, other, true},
		{"a status and an item", item, status, true},
		{"a status and another event", status, ready, false},
		{"the end of a connection", ended, ready, true},
		{"no chat", started, item, false},
	} {
		first, after := newEvent(l, decode([]byte(tt.first)), "bot", 0), newEvent(l, decode([]byte(tt.after)), "bot", 0)
		a, b := *first, *after
		a.order, b.order = 2, 1
		pairs, missing, more := match(newRenaming(), []*event{first, after}, []*event{&b, &a})
		moved := 0
		for _, p := range pairs {
			if p.moved != nil {
				moved++
			}
		}
		if len(pairs) != 2 || len(missing)+len(more) != 0 || (moved == 0) != tt.either {
			t.Errorf("%s: %d pairs, %d out of order, want either order: %v", tt.name, len(pairs), moved, tt.either)
		}
	}
}
