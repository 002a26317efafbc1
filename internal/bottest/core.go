package bottest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
)

var _ chat.Core = (*core)(nil)

// core is the bot's controller, with a place for events that a test makes up.
type core struct {
	*sim.Core
	events   chan []byte // what either source has to give
	err      error       // why the pump ended; read after closed is closed
	closed   chan struct{}
	injected atomic.Uint64
	gone     chan struct{} // closed when nobody receives any more
	once     sync.Once
}

// pumpWait is how long one call waits for an event; closing the core ends it.
const pumpWait = time.Minute

func newCore(c *sim.Core) *core {
	k := &core{Core: c, events: make(chan []byte), closed: make(chan struct{}), gone: make(chan struct{})}
	go k.pump() // ends when the core is closed
	return k
}

func (k *core) pump() {
	defer close(k.closed)
	for {
		event, err := k.Core.Receive(pumpWait)
		if err != nil {
			k.err = err
			k.leave()
			return
		}
		if event == nil {
			continue
		}
		select {
		case k.events <- event:
		case <-k.gone:
		}
	}
}

func (k *core) leave() { k.once.Do(func() { close(k.gone) }) }

// Receive returns the next event.
func (k *core) Receive(wait time.Duration) ([]byte, error) {
	if wait <= 0 {
		return nil, nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case event := <-k.events:
		return event, nil
	case <-k.closed:
		return nil, k.err
	case <-t.C:
		return nil, nil
	}
}

// inject gives the bot an event, {"type":…}.
func (k *core) inject(event json.RawMessage) error {
	k.injected.Add(1)
	select {
	case k.events <- append(append([]byte(`{"result":`), event...), '}'):
		return nil
	case <-k.gone:
		return fmt.Errorf("raw: the bot does not run: %w", fs.ErrClosed)
	}
}

// made counts the events of both sources.
func (k *core) made() uint64 { return k.Enqueued() + k.injected.Load() }
