package luaapi

import (
	"slices"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Connections is what the core last told about its servers.
type Connections struct {
	// Online tells that a message server is connected. Since is when the last one
	// was lost, or the first one after that was back; zero where none was lost.
	Online  bool
	Since   time.Time
	Servers []Connection
	// Subscriptions counts, by the core's word for their state (active, pending, …),
	// the servers that messages are received from.
	Subscriptions map[string]int
}

// Connection is the connection to one server.
type Connection struct {
	Protocol, Host string
	Connected      bool
	Since          time.Time
}

// onlineWaits are the calls of wait_online under way.
type onlineWaits struct {
	mu      sync.Mutex // guards what follows
	waiting []*signal
}

func (ow *onlineWaits) add(s *signal) {
	ow.mu.Lock()
	defer ow.mu.Unlock()
	ow.waiting = append(ow.waiting, s)
}

func (ow *onlineWaits) remove(s *signal) {
	ow.mu.Lock()
	defer ow.mu.Unlock()
	ow.waiting = slices.DeleteFunc(ow.waiting, func(x *signal) bool { return x == s })
}

// note wakes those that wait, where an event says that a server is connected.
func (ow *onlineWaits) note(ev chat.Event, online func() bool) {
	if ev.Type != "hostConnected" {
		return
	}
	ow.mu.Lock()
	defer ow.mu.Unlock()
	if len(ow.waiting) == 0 || !online() {
		return
	}
	for _, s := range ow.waiting {
		s.fire()
	}
}

// nowOnline tells whether a message server is connected. It does not block.
func (rt *Runtime) nowOnline() bool {
	ask := rt.sending.connections.Load()
	return ask != nil && (*ask)().Online
}

// waitOnline is bot.wait_online([timeout]) → true, or nil at the time-out. The
// lane goes on meanwhile.
func (rt *Runtime) waitOnline(L *lua.LState) int {
	timeout := askTimeout
	if L.Get(1) != lua.LNil {
		timeout = rt.checkDuration(L, 1, "wait_online")
	}
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	s, ow := newSignal(c), &rt.sending.online
	ow.add(s)
	defer ow.remove(s)
	online := rt.nowOnline()
	if !online {
		rt.asking(L, c, timeout, func(over <-chan struct{}) { online = s.wait(c, over) })
	}
	if online {
		L.Push(lua.LTrue)
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// connectionsTable is bot.connections() → what the core last told about its
// servers.
func (rt *Runtime) connectionsTable(L *lua.LState) int {
	var c Connections
	if ask := rt.sending.connections.Load(); ask != nil {
		c = (*ask)()
	}
	servers, subscriptions := newTable(), newTable()
	connected := 0
	for _, one := range c.Servers {
		t := newTable()
		t.RawSetString("protocol", lua.LString(one.Protocol))
		t.RawSetString("host", lua.LString(one.Host))
		t.RawSetString("connected", lua.LBool(one.Connected))
		t.RawSetString("since", stamp(one.Since))
		servers.Append(t)
		if one.Connected {
			connected++
		}
	}
	for state, n := range c.Subscriptions {
		subscriptions.RawSetString(state, lua.LNumber(n))
	}
	t := newTable()
	t.RawSetString("online", lua.LBool(c.Online))
	t.RawSetString("since", stamp(c.Since))
	t.RawSetString("connected", lua.LNumber(connected))
	t.RawSetString("disconnected", lua.LNumber(len(c.Servers)-connected))
	t.RawSetString("servers", servers)
	t.RawSetString("subscriptions", subscriptions)
	L.Push(t)
	return 1
}

// stamp is a time as scripts see it, nil where there is none.
func stamp(t time.Time) lua.LValue {
	if t.IsZero() {
		return lua.LNil
	}
	return lua.LString(t.UTC().Format(time.RFC3339))
}
