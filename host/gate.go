package host

import (
	"context"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// gatedCore holds back commands while the chat is stopped for a snapshot, so
// that handlers wait and do not fail, and nothing is marked as read meanwhile.
type gatedCore struct {
	chat.Core

	mu    sync.Mutex    // guards what follows
	under int           // commands under way
	shut  chan struct{} // closed when the gate opens again; nil while it is open
	idle  chan struct{} // closed when no command is under way any more; nil where nobody waits
}

// harmless is the command that needs neither chat nor database: who watches the
// core may send it at any time.
const harmless = "/v"

func (c *gatedCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	if cmd == harmless {
		return c.Core.Send(ctx, cmd)
	}
	if err := c.enter(ctx); err != nil {
		return nil, err
	}
	defer c.leave()
	return c.Core.Send(ctx, cmd)
}

// enter waits until the gate is open.
func (c *gatedCore) enter(ctx context.Context) error {
	for {
		c.mu.Lock()
		shut := c.shut
		if shut == nil {
			c.under++
			c.mu.Unlock()
			return nil
		}
		c.mu.Unlock()
		select {
		case <-shut:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *gatedCore) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.under--; c.under == 0 && c.idle != nil {
		close(c.idle)
		c.idle = nil
	}
}

// hold keeps back all commands to come and waits for those under way. Only one
// may do so at a time. When ctx ends first, it is open again.
func (c *gatedCore) hold(ctx context.Context) error {
	c.mu.Lock()
	c.shut = make(chan struct{})
	var idle chan struct{}
	if c.under > 0 {
		idle = make(chan struct{})
		c.idle = idle
	}
	c.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		c.release()
		return ctx.Err()
	}
}

// release lets commands through again.
func (c *gatedCore) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.shut)
	c.shut, c.idle = nil, nil
}
