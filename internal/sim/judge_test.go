package sim_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// leftOut are the service commands: sent, but not compared (docs/simulator.md).
var leftOut = strings.Fields(`/_db /db /sql /_servers /_server /_validate_servers /_network /network /_info /_operators /_conditions /_ntf
	/_call /_app /_check /_resubscribe /reconnect /_queue /smp /xftp /get /debug /v /version /help /list`)

func isLeftOut(cmd string) bool {
	if strings.HasPrefix(cmd, "/_get app settings") {
		return true
	}
	return slices.ContainsFunc(leftOut, func(s string) bool {
		return cmd == s || strings.HasPrefix(cmd, s+" ") || strings.HasPrefix(cmd, s+"_")
	})
}

// verdict counts the steps of a conversation that agree and lists the others.
type verdict struct {
	agree, steps int
	differences  []string
}

func (v *verdict) count(line int, actor, what, problem string) {
	v.steps++
	switch {
	case problem == "":
		v.agree++
	case line == 0:
		v.differences = append(v.differences, fmt.Sprintf("one more, %s %s: %s", actor, what, problem))
	default:
		v.differences = append(v.differences, fmt.Sprintf("line %d, %s %s: %s", line, actor, what, problem))
	}
}

// task is one step to judge; they are judged in the order of the recording.
type task struct {
	at   int64
	kind int // events of a moment come before replies, what was not recorded last
	line int
	do   func()
}

// judge is the judgement of a conversation that was played.
type judge struct {
	*player
	names      *renaming
	firstReply map[string]int // order of the reply that made an item, by actor and number
	strays     map[string]int // how many stray errors more an actor may get
	verdict    verdict
}

// judged judges by the rule in docs/simulator.md.
func judged(p *player) verdict {
	j := &judge{player: p, names: newRenaming(), firstReply: map[string]int{}, strays: map[string]int{}}
	var tasks []task
	actors := map[string]bool{}
	for i, l := range p.rec.lines {
		if l.Cmd != nil {
			j.noteItems(i, l)
			tasks = append(tasks, task{l.TMs, 1, l.number, func() { j.reply(i, l) }})
		}
		actors[l.Actor] = true
	}
	for actor := range actors {
		pairs, missing, more := match(p.names, p.wanted[actor], p.events[actor])
		for _, x := range pairs {
			tasks = append(tasks, task{x.want.at, 0, x.want.line, func() { j.event(x) }})
		}
		for _, e := range missing {
			tasks = append(tasks, task{e.at, 0, e.line, func() { j.event(pair{want: e}) }})
		}
		for _, e := range more {
			tasks = append(tasks, task{e.at, 2, e.order, func() { j.more(e) }})
		}
		j.strays[actor] = 2
		for _, e := range p.wanted[actor] {
			if e.stray() {
				j.strays[actor]++
			}
		}
	}
	slices.SortStableFunc(tasks, func(a, b task) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind), cmp.Compare(a.line, b.line))
	})
	for _, t := range tasks {
		t.do()
	}
	return j.verdict
}

func (j *judge) noteItems(i int, l line) {
	if !strings.HasPrefix(*l.Cmd, "/_send ") {
		return
	}
	items, _ := dig(j.replies[i].body, "result", "chatItems").([]any)
	for _, it := range items {
		if key := l.Actor + itemID(it); j.firstReply[key] == 0 {
			j.firstReply[key] = j.replies[i].order
		}
	}
}

// reply judges the reply to a command.
func (j *judge) reply(i int, l line) {
	if isLeftOut(*l.Cmd) {
		return
	}
	want, got := j.replies[i].want, j.replies[i].got
	problem := ""
	switch wantKind, gotKind := kindOf(l.body), kindOf(j.replies[i].body); {
	case wantKind != gotKind:
		problem = fmt.Sprintf("want %s, got %s", wantKind, gotKind)
	case want.text != got.text:
		problem = firstDifference(want.tree, got.tree, "")
	default:
		problem = j.names.checkAll(want.names, got.names)
	}
	if l.begun >= int64(j.rec.counted) {
		j.verdict.count(l.number, l.Actor, "reply to "+short(*l.Cmd), problem)
	}
}

// event judges a recorded event and the one that stands for it, if there is one.
func (j *judge) event(p pair) {
	problem := j.problem(p)
	if p.want.counted && (problem == "" || !p.want.stray()) {
		j.verdict.count(p.want.line, p.want.actor, "event "+p.want.kind, problem)
	}
}

func (j *judge) problem(p pair) string {
	switch {
	case p.got == nil:
		return "missing"
	case p.want.text != p.got.text:
		return firstDifference(p.want.tree, p.got.tree, "")
	}
	if problem := j.names.checkAll(p.want.names, p.got.names); problem != "" {
		return problem
	}
	if p.moved != nil {
		return fmt.Sprintf("out of order with %s of line %d", p.moved.kind, p.moved.line)
	}
	if !inTime(p.want, p.got, 1) {
		return fmt.Sprintf("comes %.1f s later", float64(p.got.at-p.want.at)/1000)
	}
	if p.want.kind == "chatItemsStatusesUpdated" {
		for _, it := range p.got.chatItems() {
			if j.firstReply[p.got.actor+itemID(it)] > p.got.order {
				return "status of an item before the reply to its /_send"
			}
		}
	}
	return ""
}

// more judges an event that was not recorded.
func (j *judge) more(e *event) {
	last := j.rec.lines[len(j.rec.lines)-1].begun
	if e.stray() {
		j.strays[e.actor]--
		if j.strays[e.actor] >= 0 {
			return
		}
	}
	if e.paused || e.at > last && last > 0 || e.at < int64(j.rec.counted) {
		return
	}
	j.verdict.count(0, e.actor, "event "+e.kind, strings.TrimSpace("not recorded "+e.hint()))
}

// sortedTypeFirst are the keys of an object; the type says most.
func sortedTypeFirst(m map[string]any) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if (a == "type") != (b == "type") {
			if a == "type" {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return keys
}
