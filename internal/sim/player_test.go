package sim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

const (
	lateMs = 8000  // an event may come so much later than it was recorded, in virtual time
	soonMs = 15000 // or sooner: the recorded core was slow
	tailMs = 8000  // how long late events are waited for in the end
)

// answered is a reply of ours, beside the recorded one.
type answered struct {
	body      any
	want, got view
	order     int
}

// player drives the simulator through a recording and keeps what comes back.
type player struct {
	t        *testing.T
	rec      *recording
	d        *driver
	stage    *stage
	recorded *lens
	ours     *lens
	names    *renaming // learned on the way, for the next commands
	wanted   map[string][]*event
	waiting  map[string][]*event
	events   map[string][]*event
	replies  map[int]answered // by index of the line
	versions map[string]string
	paused   map[string]bool
	clock    int64
	order    int
}

// play runs the whole conversation in a folder of its own.
func play(t *testing.T, rec *recording, dir string) *player {
	t.Helper()
	p := &player{
		t: t, rec: rec, d: newDriver(t, sim.Options{Seed: 7, Dir: dir, Version: rec.core}), stage: newStage(t, dir),
		recorded: newLens(rec), ours: newLens(rec), names: newRenaming(),
		wanted: map[string][]*event{}, waiting: map[string][]*event{}, events: map[string][]*event{},
		replies: map[int]answered{}, versions: map[string]string{}, paused: map[string]bool{},
	}
	for _, l := range rec.lines {
		p.recorded.meet(l.body)
	}
	for _, l := range rec.lines {
		if l.Event != nil {
			e := newEvent(p.recorded, l.body, l.Actor, l.TMs)
			e.line, e.counted = l.number, l.begun >= int64(rec.counted)
			p.wanted[l.Actor] = append(p.wanted[l.Actor], e)
			p.waiting[l.Actor] = append(p.waiting[l.Actor], e)
		}
	}
	for i, l := range rec.lines {
		p.advance(l.begun - p.clock)
		p.step(i, l)
	}
	for range tailMs / 500 {
		p.advance(500)
	}
	return p
}

func (p *player) advance(ms int64) {
	if ms > 0 {
		p.clock += ms
		p.send("", map[string]any{"advance_ms": ms})
	}
}

func (p *player) step(i int, l line) {
	if v := l.versionSaid(); v != "" {
		p.versions[l.Actor] = v
	}
	server, up, ok := l.serverSaid()
	switch {
	case ok:
		p.send("", map[string]any{"server": server, "up": up})
	case l.Cmd != nil:
		p.stage.before(l)
		cmd := translator{p.names, l.Actor}.command(*l.Cmd)
		a := p.send(l.Actor, map[string]any{"actor": l.Actor, "cmd": cmd})
		a.want, a.got = p.recorded.read(l.body, l.Actor), p.ours.read(a.body, l.Actor)
		p.learn(a.want, a.got, false)
		p.replies[i] = a
	case l.Step == "chat_migrate_init":
		delete(p.paused, l.Actor)
		init := map[string]any{"path": l.Args["path"], "key": l.Args["key"], "confirm": l.Args["confirm"], "version": p.version(l.Actor)}
		p.send(l.Actor, map[string]any{"actor": l.Actor, "init": init})
	case l.Step == "chat_reopen_store":
		p.reopen(i, l)
	case l.Step == "chat_close_store":
		p.send(l.Actor, map[string]any{"actor": l.Actor, "close": true})
	case l.Step == "process killed with SIGKILL":
		p.send("", map[string]any{"actor": l.Actor, "kill": true})
	case l.Step == "the bot stops taking events":
		p.paused[l.Actor] = true
	default:
		p.stage.remark(l.Step)
	}
}

// reopen opens the database that the actor opened last.
func (p *player) reopen(i int, l line) {
	for j := i - 1; j >= 0; j-- {
		if o := p.rec.lines[j]; o.Step == "chat_migrate_init" && o.Actor == l.Actor {
			p.step(j, o)
			return
		}
	}
}

func (p *player) version(actor string) string {
	if v := p.versions[actor]; v != "" {
		return v
	}
	return p.rec.core
}

// send sends a line, keeps the events that come and returns the actor's reply.
func (p *player) send(actor string, l map[string]any) answered {
	p.t.Helper()
	var a answered
	for _, o := range p.d.exchange(l) {
		p.order++
		text := bytes.ReplaceAll(bytes.ReplaceAll(o.body(), []byte(p.stage.dir+"/"), nil), []byte(p.stage.dir), []byte("."))
		v := decode(text)
		p.ours.meet(v)
		switch {
		case o.Event != nil:
			e := newEvent(p.ours, v, o.Actor, p.clock)
			e.order, e.paused = p.order, p.paused[o.Actor]
			p.events[o.Actor] = append(p.events[o.Actor], e)
			p.recognise(e)
			p.checkFacts(o.Actor, o.Event)
		case o.Reply != nil && o.Actor == actor:
			a = answered{body: v, order: p.order}
			if l["cmd"] != nil {
				p.checkFacts(actor, o.Reply)
			}
		case o.Error != "" && l["cmd"] != nil:
			a = answered{body: map[string]any{"refused": o.Error}, order: p.order}
		case o.Error != "":
			p.t.Errorf("%v: %s", l, o.Error)
		}
	}
	return a
}

// checkFacts holds what a core answered or told against the documentation.
func (p *player) checkFacts(actor string, body json.RawMessage) {
	p.t.Helper()
	facts := sixFacts()
	if p.version(actor) == "7.0" {
		facts = sevenFacts()
	}
	if err := facts.checkBody(body); err != nil {
		p.t.Errorf("%s: %v", actor, err)
	}
}

// recognise finds the recorded event that this one will be, to learn its names
// for the next commands. The verdict comes later.
func (p *player) recognise(e *event) {
	left, best := p.waiting[e.actor], -1
	for i, r := range left {
		if r.at > e.at+soonMs {
			break
		}
		if r.text != e.text {
			continue
		}
		if _, bad := p.names.fits(r.names, e.names); bad == 0 {
			best = i
			break
		}
		if best < 0 {
			best = i
		}
	}
	if best >= 0 {
		r := left[best]
		p.waiting[e.actor] = append(left[:best:best], left[best+1:]...)
		p.learn(r.view, e.view, r.teardown())
	}
}

// learn takes the names of two views; those of values that differ only where
// nothing is known.
func (p *player) learn(want, got view, careful bool) {
	pairs := [][2]name{}
	if want.text == got.text {
		for i := range want.names {
			pairs = append(pairs, [2]name{want.names[i], got.names[i]})
		}
	} else {
		pairs, careful = samePlaces(want.names, got.names), true
	}
	for _, x := range pairs {
		learn := func(w, g name) {
			if careful {
				p.names.learn(w, g)
			} else {
				p.names.check(w, g)
			}
		}
		learn(x[0], x[1])
		if x[0].kind == "link" {
			a, b := keysOf(x[0].value), keysOf(x[1].value)
			for i := range a {
				if len(a) == len(b) {
					learn(name{kind: "key", value: a[i]}, name{kind: "key", value: b[i]})
				}
			}
		}
	}
}

// keysOf are the keys in a link.
func keysOf(link string) (keys []string) {
	replaceTokens(link[1:], func(kind, k string) string {
		if kind == "key" {
			keys = append(keys, k)
		}
		return k
	})
	return keys
}

// samePlaces pairs the names at the same path of values that differ elsewhere.
func samePlaces(want, got []name) (pairs [][2]name) {
	place := func(n name) string { return fmt.Sprint(n.kind, " ", n.path) }
	at := map[string][]name{}
	for _, n := range got {
		at[place(n)] = append(at[place(n)], n)
	}
	for _, n := range want {
		if left := at[place(n)]; len(left) > 0 {
			pairs = append(pairs, [2]name{n, left[0]})
			at[place(n)] = left[1:]
		}
	}
	return pairs
}
