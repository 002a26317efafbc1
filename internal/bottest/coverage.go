package bottest

import (
	"slices"
	"sync"
)

// coverage notes which handlers of a bot exist and which ran.
type coverage struct {
	mu    sync.Mutex // guards names and runs
	names []string   // in the order they were registered first
	runs  map[string]int
}

func newCoverage() *coverage { return &coverage{runs: map[string]int{}} }

func (c *coverage) registered(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.names, name) {
		c.names = append(c.names, name)
	}
}

func (c *coverage) ran(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs[name]++
}

// split returns the handlers that ran and those that never did.
func (c *coverage) split() (ran, never []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range c.names {
		if c.runs[name] > 0 {
			ran = append(ran, name)
		} else {
			never = append(never, name)
		}
	}
	return ran, never
}
