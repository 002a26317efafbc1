package control

import "time"

// Phases of a bot.
const (
	Starting   = "starting"
	CatchingUp = "catching up" // it runs, and still reads what came while it was off
	Running    = "running"
	Waiting    = "waiting" // it has failed and is started again at Retry
	Ended      = "ended"   // as asked
	Failed     = "failed"  // with an error, and for good
	// NotRunning is what somebody says of a bot whose process nobody finds.
	NotRunning = "not running"
)

// Status is what is known about a bot. It holds no texts of messages, names of
// people or keys; the address is the bot's own and public.
type Status struct {
	Bot   string `json:"bot"`
	Phase string `json:"phase"`
	PID   int    `json:"pid"`
	// Version is this program's, CoreVersion the chat core's.
	Version     string `json:"version"`
	CoreVersion string `json:"core_version,omitempty"`
	Script      string `json:"script"`
	Data        string `json:"data"`
	// Started is when this run of the bot began, Loaded when its generation of the
	// script took over.
	Started    *time.Time `json:"started,omitempty"`
	Generation int        `json:"generation"`
	Loaded     *time.Time `json:"loaded,omitempty"`
	Restarts   int        `json:"restarts"`
	Retry      *time.Time `json:"retry,omitempty"`
	Address    string     `json:"address,omitempty"`
	Network    Network    `json:"network"`
	Queue      Queue      `json:"queue"`
	// LastError is the last one that was logged.
	LastError *LastError `json:"last_error,omitempty"`
}

// Network is what the core last told about its servers.
type Network struct {
	Offline   bool           `json:"offline"`
	Receiving bool           `json:"receiving"` // events of the core arrive
	Servers   []ServerStatus `json:"servers"`
	// WantsRestart: the core asked for a restart of the bot after a critical error.
	WantsRestart bool `json:"wants_restart,omitempty"`
}

// ServerStatus is the connection to one server.
type ServerStatus struct {
	Protocol  string    `json:"protocol"`
	Host      string    `json:"host"`
	Connected bool      `json:"connected"`
	Since     time.Time `json:"since"`
}

// Connected counts the servers that are connected.
func (n Network) Connected() int {
	c := 0
	for _, s := range n.Servers {
		if s.Connected {
			c++
		}
	}
	return c
}

// Queue is what waits and what was done.
type Queue struct {
	Waiting      int    `json:"waiting"` // events in memory
	WaitingBytes int64  `json:"waiting_bytes"`
	Chats        int    `json:"chats"`    // with something to do
	Busy         int    `json:"busy"`     // handlers and tasks under way
	Unmarked     int    `json:"unmarked"` // handled and not yet marked as read
	Handled      uint64 `json:"handled"`
	Spilled      uint64 `json:"spilled"` // kept in the database until their turn
	Dropped      uint64 `json:"dropped"`
	Unwanted     uint64 `json:"unwanted"`   // nobody had registered for them
	Unreadable   uint64 `json:"unreadable"` // lost
	SetAside     uint64 `json:"set_aside"`  // messages: marked, not handled
	Skipped      uint64 `json:"skipped"`    // messages of the time before the start
}

// LastError is an error without texts, names and links.
type LastError struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}
