package bottest

import (
	"context"
	"fmt"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

var _ luaapi.SimNetwork = (*network)(nil)

// network is the world of one case.
type network struct {
	sim    *sim.Network
	clock  *sim.Timers
	bot    *bot
	people map[string]*person
	dir    string // where relative paths begin
}

// newNetwork makes an empty world in which relative paths begin in dir.
func newNetwork(dir string) *network {
	c := sim.NewTimers(start)
	return &network{
		sim:   sim.New(sim.Options{Clock: c.Virtual, Seed: 1, Dir: dir}),
		clock: c, people: map[string]*person{}, dir: dir,
	}
}

func (n *network) close() { n.sim.Close() }

// Bot is the bot under test.
func (n *network) Bot() luaapi.SimBot { return n.bot }

// Person returns the person of that name.
func (n *network) Person(_ context.Context, name string) (luaapi.SimPerson, error) {
	if p := n.people[name]; p != nil {
		return p, nil
	}
	if name == n.bot.Name() {
		return nil, fmt.Errorf("user: the bot is called %s, too; give the person another name", name)
	}
	sp, err := n.sim.Person(name)
	if err != nil {
		return nil, err
	}
	p := &person{Person: sp, net: n, writing: map[int64]bool{}}
	n.people[name] = p
	return p, nil
}

// rest waits until the bot has nothing to do. One that has stopped is at rest.
func (n *network) rest(ctx context.Context) error {
	if n.bot == nil || !n.bot.Running() {
		return ctx.Err()
	}
	return n.bot.rest(ctx)
}

// Advance lets time pass.
func (n *network) Advance(ctx context.Context, d time.Duration) error {
	end := n.clock.Now().Add(d)
	for {
		more, err := n.step(ctx, end)
		if err != nil || !more {
			return err
		}
	}
}

// step waits until the bot is at rest and moves the time to the next timer, of a
// script or of the network, or to end where there is none before; then it
// returns false.
func (n *network) step(ctx context.Context, end time.Time) (more bool, err error) {
	if err := n.rest(ctx); err != nil {
		return false, err
	}
	at, more := n.clock.Next(end)
	if !more {
		at = end
	}
	if own, ok := n.sim.NextTimer(); ok && !own.After(at) {
		at, more = own, true
	}
	n.sim.Advance(at.Sub(n.clock.Now()))
	if err := n.rest(ctx); err != nil { // what the network's own timers brought comes first
		return false, err
	}
	n.clock.Fire() // where one is due
	return more, n.rest(ctx)
}

// SetDelay makes messages take so long.
func (n *network) SetDelay(d, jitter time.Duration) { n.sim.SetDelay(d, jitter) }

// SetServers takes the servers away or brings them back.
func (n *network) SetServers(ctx context.Context, up bool) error {
	for _, name := range []string{"smp", "xftp"} {
		if err := n.sim.SetServer(name, up); err != nil {
			return err
		}
	}
	return n.rest(ctx)
}
