package lanes

import (
	"log/slog"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Options are what a Dispatcher is made of. Log, Handle, ReadBack and Report must
// be there. The functions are called by several goroutines at once, never with a
// lock held.
type Options struct {
	// Log is told when events do not fit, and of panics.
	Log *slog.Logger
	// Global puts all events in one lane.
	Global bool
	// PerLane is how many events one lane keeps in memory; 0 for 256.
	PerLane int
	// Kept is how many messages all lanes keep by their ids; 0 for 100,000.
	Kept int
	// Handle handles one event and returns when the lane may go on.
	Handle func(ev chat.Event)
	// ReadBack reads messages that were kept by their ids, in the order of ids. It is
	// false where they are gone.
	ReadBack func(ref chat.Ref, ids []int64) (chat.Event, bool)
	// Leave is told the ids of messages that are not kept at all. Unread finds them
	// when their chat's turn comes, or some of them, the oldest; more tells that there
	// are others, and is false where it has found none. Where Unread is nil, all
	// messages are kept.
	Leave  func(ids []int64)
	Unread func(ref chat.Ref) (found []chat.Event, more bool)
	// Report takes the bugs that Handle, ReadBack and Unread panic with.
	Report func(err error)
	// Wants tells whether anybody would see an event of that tag; it is quick. Nil:
	// somebody would.
	Wants func(tag string) bool
	// Handled is told, when an event's turn is over, the time since it was pushed.
	// Nil where nobody measures.
	Handled func(lag time.Duration)
}
