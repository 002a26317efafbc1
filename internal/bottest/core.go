package bottest

import (
	"bytes"
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
	now      func() time.Time // of the network
	gone     chan struct{}    // closed when nobody receives any more
	once     sync.Once

	mu   sync.Mutex // guards last
	last []taken
}

// taken is an event with messages, and when the bot got it.
type taken struct {
	event []byte
	at    time.Time
}

// A bot marks handled messages as read so much later at most, or when there are
// so many.
const (
	markDelay = 250 * time.Millisecond
	markMost  = 1000
)

// pumpWait is how long one call waits for an event; closing the core ends it.
const pumpWait = time.Minute

func newCore(c *sim.Core, now func() time.Time) *core {
	k := &core{Core: c, now: now, events: make(chan []byte), closed: make(chan struct{}), gone: make(chan struct{})}
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
		k.note(event)
		select {
		case k.events <- event:
		case <-k.gone:
		}
	}
}

// note remembers an event with messages while they may be unmarked.
func (k *core) note(event []byte) {
	if !bytes.HasPrefix(event, []byte(`{"result":{"type":"newChatItems"`)) {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	now, old := k.now(), 0
	for old < len(k.last) && (now.Sub(k.last[old].at) >= markDelay || len(k.last)-old >= markMost) {
		old++
	}
	k.last = append(k.last[old:], taken{event, now})
}

// recent are the items of the messages that may be unmarked at that time.
func (k *core) recent(now time.Time) (ids []int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, t := range k.last {
		var e struct {
			Result struct {
				ChatItems []struct {
					ChatItem struct{ Meta struct{ ItemID int64 } }
				}
			}
		}
		if now.Sub(t.at) < markDelay && json.Unmarshal(t.event, &e) == nil {
			for _, it := range e.Result.ChatItems {
				ids = append(ids, it.ChatItem.Meta.ItemID)
			}
		}
	}
	return ids
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
