package host

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// NetworkStatus is what the core last told about its servers. The core finds
// out late: a connection that dies silently is noticed after minutes.
type NetworkStatus struct {
	// Offline tells that there were connections to message servers and that all
	// are lost, or that none could be made since the start though there is somebody
	// to hear from. Since is when that changed last, zero where it never did.
	Offline bool
	Since   time.Time
	// Servers are those that a connection was made to, by protocol and host.
	Servers []ServerStatus
	// Subscriptions counts, by the core's word for their state (active, pending, …),
	// the servers that messages are received from.
	Subscriptions map[string]int
}

// ServerStatus is the connection to one server.
type ServerStatus struct {
	Protocol, Host string
	Connected      bool
	Since          time.Time
}

// network follows the core's events about its servers.
type network struct {
	mu            sync.Mutex // guards what follows
	servers       map[server]ServerStatus
	awaited       bool              // there is somebody to hear from, and no server was connected yet
	subscriptions map[string]string // by address
	offline       bool
	since         time.Time

	heard atomic.Bool // a message came, so there is a network
}

type server struct{ protocol, host string }

// networkEvent is what hostConnected, hostDisconnected and subscriptionStatus tell.
type networkEvent struct {
	Protocol string `json:"protocol"`
	Host     string `json:"transportHost"`
	Server   string `json:"server"`
	Status   struct {
		Type string `json:"type"`
	} `json:"subscriptionStatus"`
	Connections []json.RawMessage `json:"connections"`
}

// maxServers bounds what is kept: members' relays come and go by the hundred.
const maxServers = 1000

// note takes an event over and tells whether the bot came online or went offline by it.
func (n *network) note(tag string, ev networkEvent, now time.Time) (changed, offline bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.servers == nil {
		n.servers, n.subscriptions = map[server]ServerStatus{}, map[string]string{}
	}
	if tag == "subscriptionStatus" {
		if _, known := n.subscriptions[ev.Server]; known || len(n.subscriptions) < maxServers {
			n.subscriptions[ev.Server] = ev.Status.Type
		}
		return false, n.offline
	}
	key := server{ev.Protocol, ev.Host}
	connected := tag == "hostConnected"
	s, known := n.servers[key]
	if !known && len(n.servers) >= maxServers {
		return false, n.offline
	}
	if !known || s.Connected != connected {
		n.servers[key] = ServerStatus{ev.Protocol, ev.Host, connected, now}
	}
	return n.update(now)
}

// noteSubscriptions takes over whether there is somebody to hear from of whom
// nothing can be heard, where no event has told about a message server so far.
func (n *network) noteSubscriptions(awaited bool, now time.Time) (changed, offline bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.awaited = awaited
	return n.update(now)
}

// update looks, with mu held, whether the bot is offline now.
func (n *network) update(now time.Time) (changed, offline bool) {
	if offline = n.lost(); offline != n.offline {
		n.offline, n.since = offline, now
		return true, offline
	}
	return false, offline
}

// known tells that an event has told about a message server, or came from one.
func (n *network) known() bool {
	if n.heard.Load() {
		return true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for key := range n.servers {
		if key.protocol == "smp" {
			return true
		}
	}
	return false
}

// lost tells, with mu held, that no message server is left of those that were
// there, or that none ever was.
func (n *network) lost() bool {
	lost := n.awaited
	for key, s := range n.servers {
		if key.protocol != "smp" {
			continue
		}
		if s.Connected {
			return false
		}
		lost = true
	}
	return lost
}

// The core is asked for its subscriptions at these intervals, until it has told
// about a message server or a message has come.
const (
	firstLook = 10 * time.Second
	lastLook  = time.Minute
)

// lookForNetwork finds out that a bot was started without a network: the core
// gives no event then until the first server is connected, but knows of
// subscriptions that wait. It ends when an event tells more, at a core that
// cannot tell, and with ctx.
func (h *Host) lookForNetwork(ctx context.Context) {
	timer := time.NewTimer(firstLook)
	defer timer.Stop()
	for wait := firstLook; ; timer.Reset(wait) {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if h.network.known() {
			h.tellNetwork(h.network.noteSubscriptions(false, h.clock.Now()))
			return
		}
		active, waiting, err := h.subscriptions(ctx)
		if err != nil {
			h.log.Debug("the core does not tell its subscriptions", "err", err)
			return
		}
		h.tellNetwork(h.network.noteSubscriptions(active == 0 && waiting > 0, h.clock.Now()))
		if active > 0 {
			return
		}
		wait = min(2*wait, lastLook)
	}
}

// subscriptions asks how many queues of ours the servers listen on, and how many
// wait for a connection.
func (h *Host) subscriptions(ctx context.Context) (active, waiting int, err error) {
	var reply struct {
		Total *struct {
			Active  int `json:"ssActive"`
			Waiting int `json:"ssPending"`
		} `json:"subsTotal"`
	}
	r, err := h.ctl.send(ctx, "/get subs total "+id(h.ctl.userID))
	if err == nil {
		err = r.Decode(&reply)
	}
	if err == nil && reply.Total == nil {
		err = fmt.Errorf("the core answered %s", r.Type)
	}
	if err != nil {
		return 0, 0, err
	}
	return reply.Total.Active, reply.Total.Waiting, nil
}

func (n *network) status() NetworkStatus {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := NetworkStatus{Offline: n.offline, Since: n.since, Subscriptions: map[string]int{}}
	for _, one := range n.servers {
		s.Servers = append(s.Servers, one)
	}
	slices.SortFunc(s.Servers, func(a, b ServerStatus) int {
		return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.Host, b.Host))
	})
	for _, state := range n.subscriptions {
		s.Subscriptions[state]++
	}
	return s
}

// connections is the status as scripts see it. A core that is not ours was
// connected before we came, and did not tell us.
func (h *Host) connections() luaapi.Connections {
	s := h.network.status()
	c := luaapi.Connections{
		Online: !h.core.Owned() && len(s.Servers) == 0, Since: s.Since, Subscriptions: s.Subscriptions,
	}
	for _, one := range s.Servers {
		c.Servers = append(c.Servers, luaapi.Connection(one))
		c.Online = c.Online || one.Connected && one.Protocol == "smp"
	}
	return c
}

// tellNetwork logs that the bot came online or went offline.
func (h *Host) tellNetwork(changed, offline bool) {
	switch {
	case changed && offline && !h.network.known():
		h.log.Warn("no message server is connected; the core goes on trying")
	case changed && offline:
		h.log.Warn("all message servers are lost; the core goes on trying")
	case changed:
		h.log.Info("a message server is connected again")
	}
}

// observeNetwork keeps the state and logs it. That all servers are lost is
// logged in any case: the bot answers nobody meanwhile.
func (h *Host) observeNetwork(ev chat.Event, verbose bool) {
	var body networkEvent
	if json.Unmarshal(ev.Raw, &body) != nil {
		return
	}
	h.tellNetwork(h.network.note(ev.Type, body, h.clock.Now()))
	if !verbose {
		return
	}
	switch ev.Type {
	case "hostConnected":
		h.log.Info("connected to a server", "protocol", body.Protocol, "server", body.Host)
	case "hostDisconnected":
		h.log.Warn("disconnected from a server", "protocol", body.Protocol, "server", body.Host)
	default:
		h.log.Info("subscriptions changed", "status", body.Status.Type, "connections", len(body.Connections))
	}
}
