package notify

import (
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Notifier talks to the service manager that started the process. A nil one does
// nothing. It is safe for use by several goroutines; sending does not wait for
// anybody.
type Notifier struct {
	log      *slog.Logger
	watchdog time.Duration

	mu     sync.Mutex // guards what follows
	status string
}

// FromEnv returns nil where no service manager asks to be told.
func FromEnv(log *slog.Logger) *Notifier {
	if os.Getenv("NOTIFY_SOCKET") == "" {
		return nil
	}
	n := &Notifier{log: log}
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("the watchdog's interval is not readable; it is not served", "err", err)
	}
	n.watchdog = interval
	return n
}

// Interval is how often Alive must be called at least, 0 where nobody watches.
func (n *Notifier) Interval() time.Duration {
	if n == nil {
		return 0
	}
	return n.watchdog / 2
}

// Ready tells that the start, or a reload, is done.
func (n *Notifier) Ready() { n.send(daemon.SdNotifyReady) }

// Reloading tells that a reload has begun; Ready ends it.
func (n *Notifier) Reloading() {
	n.send(daemon.SdNotifyReloading + "\n" + strings.TrimSuffix(daemon.SdNotifyMonotonicUsec(), "\n"))
}

// Stopping tells that the end has begun, and how long it may take; 0 is not told.
func (n *Notifier) Stopping(limit time.Duration) {
	state := daemon.SdNotifyStopping
	if limit > 0 {
		state += "\nEXTEND_TIMEOUT_USEC=" + strconv.FormatInt(limit.Microseconds(), 10)
	}
	n.send(state)
}

// Alive tells the watchdog that all is well.
func (n *Notifier) Alive() { n.send(daemon.SdNotifyWatchdog) }

// Status tells in one line how the process is; the same line is told once.
func (n *Notifier) Status(line string) {
	if n == nil {
		return
	}
	line = strings.ReplaceAll(line, "\n", " ")
	n.mu.Lock()
	same := line == n.status
	n.status = line
	n.mu.Unlock()
	if !same {
		n.send("STATUS=" + line)
	}
}

func (n *Notifier) send(state string) {
	if n == nil {
		return
	}
	if _, err := daemon.SdNotify(false, state); err != nil {
		n.log.Warn("the service manager could not be told", "what", state, "err", err)
	}
}
