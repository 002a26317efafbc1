package sim

import (
	"context"
	"errors"
	"sync"
	"time"

	core "github.com/simplex-lua/simplex-lua/internal/chat"
)

var _ core.Core = (*Core)(nil)

// Core is one actor's open database.
type Core struct {
	net   *Network
	db    *database
	queue *queue

	mu     sync.Mutex // guards the fields below
	closed bool
	busy   sync.WaitGroup // commands under way
}

// InitReply is what opening a database answered, as chat_migrate_init does.
type InitReply struct {
	// JSON is the reply itself: {"type":"ok"} or an error of migration.
	JSON []byte
}

// OK tells whether the database is open.
func (r InitReply) OK() bool { return string(r.JSON) == initOK }

const initOK = `{"type":"ok"}`

// ErrInit is the error of Open when the database did not open; the reply says why.
var ErrInit = errors.New("database not opened")

// Open opens the database of that path with its key, or makes it. The database
// lives on in the network when the Core is closed. As in the real core, a
// database may be open twice; the last one opened gets the events.
func (n *Network) Open(path, key, confirm string) (*Core, InitReply, error) {
	return n.OpenVersion("", path, key, confirm)
}

// OpenVersion is Open by the core of that version: "6.5.1" or "7.0". "" stands
// for the version that the database is of, and for the network's for a new one.
func (n *Network) OpenVersion(version, path, key, confirm string) (*Core, InitReply, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	d := n.databases[path]
	v7 := isSeven(version)
	if version == "" {
		v7 = n.v7
	}
	switch {
	case !knownConfirm(confirm):
		return nil, InitReply{tagged("invalidConfirmation")}, ErrInit
	case d == nil || d.wiped:
		d = newDatabase(n, path, key, v7)
		n.databases[path] = d
	case d.key != key:
		return nil, InitReply{tagged("errorNotADatabase", "dbFile", path+"_chat.db")}, ErrInit
	case version != "":
		if refused := d.migrate(v7, confirm); refused != nil {
			return nil, InitReply{refused}, ErrInit
		}
	}
	c := &Core{net: n, db: d, queue: newQueue(n.queueSize)}
	d.storeChanged, d.keepsApart = false, false
	if d.active != nil {
		d.active.load()
	}
	d.cores = append(d.cores, c)
	return c, InitReply{[]byte(initOK)}, nil
}

func knownConfirm(s string) bool {
	return s == "yesUp" || s == "yesUpDown" || s == "console" || s == "error"
}

// Send carries out one command. While the actor's event queue is full, commands
// that send messages wait, until ctx ends.
func (c *Core) Send(ctx context.Context, cmd string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !c.begin() {
		return nil, errClosed("send")
	}
	defer c.busy.Done()
	call := parse(cmd)
	for call.sends() {
		room := c.queue.waitRoom()
		if room == nil {
			break
		}
		select {
		case <-room:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	reply := c.db.carryOut(call)
	c.net.settle()
	return reply, nil
}

func (c *Core) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.busy.Add(1)
	return true
}

// Receive returns the next event.
func (c *Core) Receive(wait time.Duration) ([]byte, error) {
	event, wasFull, err := c.queue.take(wait)
	if wasFull { // letters may have waited for the room
		c.net.mu.Lock()
		defer c.net.mu.Unlock()
		c.db.collect()
		c.net.settle()
	}
	return event, err
}

// Enqueued returns how many events were put into the queue so far. When it
// equals the number received and handled, and no command is under way, nothing
// is left to do for this actor.
func (c *Core) Enqueued() uint64 { return c.queue.count() }

// Owned is always true: the process owns what it simulates.
func (c *Core) Owned() bool { return true }

// Close closes the database.
func (c *Core) Close(ctx context.Context) error {
	if !c.end() {
		return nil
	}
	done := make(chan struct{})
	go func() {
		c.busy.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Kill drops the actor as if its process had died: events that were not taken
// are lost, what is stored stays.
func (c *Core) Kill() { c.end() }

func (c *Core) end() bool {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return false
	}
	c.closed = true
	c.mu.Unlock()
	c.queue.close()
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	c.db.drop(c)
	return true
}

// pending is how many events wait in the queue.
func (c *Core) pending() int { return c.queue.length() }
