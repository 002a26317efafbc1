package chat

import (
	"bytes"
	"sync/atomic"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// known remembers the text of an object that comes again and again, and what was
// read of it, so that it is passed over as a whole. It is safe for use by several
// goroutines.
type known[T any] struct {
	last   atomic.Pointer[knownText[T]]
	misses atomic.Uint32
}

type knownText[T any] struct {
	text  []byte
	value T
}

// forgetAfter is at how many other texts the remembered one is given up for the
// newest. Texts that take turns would else be copied each time.
const forgetAfter = 16

// What nearly every event and reply repeats: most of its text.
var (
	knownUsers            known[int64] // their ids
	knownPreferences      known[struct{}]
	knownGroupPreferences known[struct{}]
	knownProfiles         knownOf[string] // names
	knownMemberships      knownOf[string] // roles
	knownConnections      knownOf[struct{}]
	knownMemberProfiles   knownOf[string] // names
	knownMemberLinks      knownOf[struct{}]
)

// knownOf remembers texts of some chats or members: one of those whose ids leave
// the same remainder.
type knownOf[T any] [64]known[T]

func (k *knownOf[T]) of(id int64) *known[T] { return &k[uint64(id)%uint64(len(k))] }

// read returns what parse makes of the object that c stands before, and the zero
// value where it stands before something else.
func (k *known[T]) read(c *jsonscan.Cursor, parse func(text []byte) T) (value T) {
	if last := k.last.Load(); last != nil && c.Same(last.text) {
		return last.value
	}
	if c.Kind() != jsonscan.Object {
		c.Skip()
		return value
	}
	text := c.Raw()
	if text == nil {
		return value
	}
	value = parse(text)
	if k.misses.Add(1)%forgetAfter == 1 {
		k.last.Store(&knownText[T]{bytes.Clone(text), value})
	}
	return value
}

// skipKnown passes over the object that c stands before.
func skipKnown(k *known[struct{}], c *jsonscan.Cursor) {
	k.read(c, func([]byte) (nothing struct{}) { return nothing })
}
