package sim

import (
	"container/heap"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Options are the settings of a network. The zero value is a network on the
// real clock.
type Options struct {
	// Clock tells the time; nil stands for Real.
	Clock Clock
	// Seed makes ids and keys; the same seed gives the same ones.
	Seed uint64
	// QueueSize is how many events an actor's queue holds; 0 stands for 4096,
	// as in the real core.
	QueueSize int
	// Dir is the folder that relative paths of files begin in; "" stands for
	// the working folder.
	Dir string
	// Version is the version of the core that new databases are made by:
	// "6.5.1", which "" stands for too, or "7.0". OpenVersion makes others.
	Version string
	// Versions are those of actors of ServeLines, by name, where they are others.
	Versions map[string]string
	// JoinDelay is how long it takes until an accepted contact can be sent to;
	// 0 stands for at once.
	JoinDelay time.Duration
}

// Network is one simulated world: servers, databases, people. All methods are
// safe for use by several goroutines.
type Network struct {
	clock     Clock
	queueSize int
	dir       string
	joinDelay time.Duration
	v7        bool // new databases are of version 7.0

	mu        sync.Mutex // guards everything below and all state of all databases
	rand      *rand.Rand
	last      stamp // last time given out
	databases map[string]*database
	links     map[string]*link // by full and by short link
	mail      []letter
	timers    timers
	timerSeq  uint64
	wake      *time.Timer // real clock: for the next timer
	settling  bool
	// steady is set while a message is on its way, see shown.go.
	steady     bool
	generation uint64
	down       map[string]bool // servers that are away: "smp", "xftp"
	// delay and jitter are how long messages take.
	delay, jitter time.Duration
	people        map[string]*Person
	known         known
	alone         map[string]*upload // files without a chat, by their descriptions
	woken         func(*Core)        // told of each first event in an empty queue; nil without ServeLines

	peopleMu sync.Mutex // one Person is made at a time
}

// New returns an empty network.
func New(opts Options) *Network {
	n := &Network{
		clock: opts.Clock, queueSize: opts.QueueSize, dir: opts.Dir, joinDelay: opts.JoinDelay, v7: isSeven(opts.Version),
		rand:      rand.New(rand.NewPCG(opts.Seed, 0x73696d)),
		databases: map[string]*database{}, links: map[string]*link{}, down: map[string]bool{},
		people: map[string]*Person{}, alone: map[string]*upload{},
	}
	if n.clock == nil {
		n.clock = Real{}
	}
	if n.queueSize <= 0 {
		n.queueSize = queueSize
	}
	return n
}

// queueSize is the capacity of the real core's event queue.
const queueSize = 4096

// letter is something on its way to a database. It is handed over when the
// database is running and its event queue has room.
type letter struct {
	to     *database
	hand   func()
	steady bool
}

// post sends a letter. It is handed over after the present command.
func (n *Network) post(to *database, hand func()) { n.postAs(to, hand, false) }

// postAs is post for what may be a steady step.
func (n *Network) postAs(to *database, hand func(), steady bool) {
	n.mail = append(n.mail, letter{to, hand, steady})
}

// later is post for what takes a while in the real network: a connection that
// is being made.
func (n *Network) later(to *database, hand func()) {
	if n.joinDelay <= 0 {
		n.post(to, hand)
		return
	}
	n.after(n.joinDelay, func() { n.post(to, hand) })
}

// settle hands over letters until none can be. The caller holds mu.
func (n *Network) settle() {
	if n.settling {
		return
	}
	n.settling = true
	defer func() { n.settling = false }()
	for i := 0; i < len(n.mail); i++ {
		l := n.mail[i]
		n.mail[i] = letter{}
		if len(l.to.waiting) > 0 || !l.to.reachable() { // nothing overtakes
			l.to.waiting = append(l.to.waiting, l)
			continue
		}
		n.step(l.steady, l.hand)
	}
	n.mail = n.mail[:0]
}

// now returns a time that was not given out before.
func (n *Network) now() stamp {
	s := stampOf(n.clock.Now())
	if !n.last.before(s) {
		s.us = n.last.us + 1
	}
	if s == s.second() { // whole seconds mean something else
		s.us++
	}
	n.last = s
	return s
}

// Now returns the time of the network.
func (n *Network) Now() time.Time { return n.clock.Now() }

// Advance moves a virtual clock and runs what comes due, in order. On a real
// clock it only runs what is due.
func (n *Network) Advance(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	end := n.clock.Now().Add(d)
	for len(n.timers) > 0 && !n.timers[0].at.After(end) {
		t := heap.Pop(&n.timers).(*timer)
		if v, ok := n.clock.(*Virtual); ok {
			v.set(t.at)
		}
		if !t.dead {
			n.step(false, t.run)
			n.settle()
		}
	}
	if v, ok := n.clock.(*Virtual); ok {
		v.set(end)
	}
	n.settle()
}

// NextTimer tells when the network's next timer is due: a message on its way, one
// that disappears, a part of a file. ok is false where there is none.
func (n *Network) NextTimer() (at time.Time, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.timers) > 0 && n.timers[0].dead {
		heap.Pop(&n.timers)
	}
	if len(n.timers) == 0 {
		return time.Time{}, false
	}
	return n.timers[0].at, true
}

// SetDelay makes messages between people take so long, each up to jitter longer.
// Those of one connection stay in order, as on the real network; those of
// different connections may come in any. What is on its way is not changed.
func (n *Network) SetDelay(d, jitter time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay, n.jitter = max(d, 0), max(jitter, 0)
}

// travel is how long the next message of a connection takes.
func (n *Network) travel(c *conn) time.Duration {
	if n.delay == 0 && n.jitter == 0 && c.arrives == 0 {
		return 0
	}
	d := n.delay
	if n.jitter > 0 {
		d += time.Duration(n.rand.Int64N(int64(n.jitter) + 1))
	}
	now := n.clock.Now().UnixNano()
	c.arrives = max(c.arrives, now+int64(d))
	return time.Duration(c.arrives - now)
}

// after runs f when d has passed. Setting dead on the timer stops it.
func (n *Network) after(d time.Duration, f func()) *timer {
	n.timerSeq++
	t := &timer{at: n.clock.Now().Add(d), seq: n.timerSeq, run: f}
	heap.Push(&n.timers, t)
	if _, virtual := n.clock.(*Virtual); !virtual {
		n.rewind()
	}
	return t
}

// rewind sets the machine's timer for the first of ours.
func (n *Network) rewind() {
	if n.wake != nil {
		n.wake.Stop()
		n.wake = nil
	}
	if len(n.timers) == 0 {
		return
	}
	n.wake = time.AfterFunc(time.Until(n.timers[0].at), func() {
		n.Advance(0)
		n.mu.Lock()
		defer n.mu.Unlock()
		n.rewind()
	})
}

// SetServer takes a server away or brings it back: "smp" for messages, "xftp"
// for files. While it is away, nothing is handed over.
func (n *Network) SetServer(name string, up bool) error {
	if name != "smp" && name != "xftp" {
		return fmt.Errorf("unknown server %q: use smp or xftp", name)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.down[name] == !up {
		return nil
	}
	n.down[name] = !up
	for _, path := range slices.Sorted(maps.Keys(n.databases)) {
		n.databases[path].serverChanged(name, up)
	}
	n.settle()
	return nil
}

// Close drops all actors and timers. It is safe to call twice.
func (n *Network) Close() {
	n.mu.Lock()
	var cores []*Core
	for _, d := range n.databases {
		cores = append(cores, d.cores...)
	}
	n.timers = nil
	n.rewind()
	n.mu.Unlock()
	for _, c := range cores {
		c.Kill()
	}
}

// bytes returns random bytes.
func (n *Network) bytes(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(n.rand.Uint32())
	}
	return b
}

// key returns a random key of the given size in the core's text form.
func (n *Network) key(size int) string { return base64.URLEncoding.EncodeToString(n.bytes(size)) }

// rawKey is a key without padding, as links have them.
func (n *Network) rawKey(size int) string { return base64.RawURLEncoding.EncodeToString(n.bytes(size)) }

// agentID is the id of a connection as the core shows it: base64 of base64.
func (n *Network) agentID() string {
	return base64.URLEncoding.EncodeToString([]byte(base64.RawURLEncoding.EncodeToString(n.bytes(12))))
}
