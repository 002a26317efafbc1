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
	_, err := n.pass(ctx, n.clock.Now().Add(d), func() (bool, error) { return false, nil })
	return err
}

// pass lets time pass until end or until enough says so, which is asked whenever
// the bot is at rest.
func (n *network) pass(ctx context.Context, end time.Time, enough func() (bool, error)) (bool, error) {
	return n.clock.Pass(n.sim, end, func() (bool, error) {
		if err := n.rest(ctx); err != nil {
			return false, err
		}
		return enough()
	})
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
