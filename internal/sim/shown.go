package sim

import (
	"bytes"
	"time"
)

// Most steps of a busy network are messages, and those change nothing of a
// contact, a group or a member but the time of the last item. So in such a
// steady step, and only there, their JSON is kept: it holds as long as no other
// step came between. A steady step that does change more says so with changed.

// step runs one step; steady is whether it is a message on its way.
func (n *Network) step(steady bool, run func()) {
	if !steady {
		n.changed()
	}
	n.steady = steady
	run()
	n.steady = false
}

// changed makes all JSON that is kept stale.
func (n *Network) changed() { n.generation++ }

// shown is the JSON of a chat, around the time of its last item.
type shown struct {
	generation uint64
	head, tail []byte
}

// noTime stands in JSON where the time will be.
var noTime = stampOf(time.Date(1, 2, 3, 4, 5, 6, 7000, time.UTC))

// size is about how many bytes the JSON has.
func (s *shown) size() int { return len(s.head) + len(s.tail) + len(stampLayout) }

// append adds the JSON that write gives, with the time at which at points.
func (s *shown) append(b raw, n *Network, at **stamp, write func() raw) raw {
	if !n.steady || *at == nil {
		return append(b, write()...)
	}
	if s.head == nil || s.generation != n.generation {
		now := *at
		*at = &noTime
		body := write()
		*at = now
		mark := noTime.append(nil)
		i := bytes.Index(body, mark)
		s.generation, s.head, s.tail = n.generation, body[:i], body[i+len(mark):]
	}
	return append((*at).append(append(b, s.head...)), s.tail...)
}

// from is the direction of what a member did.
func (m *member) from() direction {
	if !m.group.chat.db.net.steady {
		return direction{Type: "groupRcv", Member: encode(m)}
	}
	m.keep()
	return m.kept
}

// stored is the direction as it is read from the database: without the
// connection.
func (m *member) stored() direction {
	if !m.group.chat.db.net.steady {
		return m.withoutConn()
	}
	m.keep()
	return m.keptStored
}

func (m *member) keep() {
	n := m.group.chat.db.net
	if m.kept.Member != nil && m.generation == n.generation {
		return
	}
	m.generation = n.generation
	m.kept, m.keptStored = direction{Type: "groupRcv", Member: encode(m)}, m.withoutConn()
}

func (m *member) withoutConn() direction {
	shown := *m
	shown.ActiveConn = nil
	return direction{Type: "groupRcv", Member: encode(&shown)}
}
