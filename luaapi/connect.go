package luaapi

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// links knows the calls of connect_to under way.
type links struct {
	mu      sync.Mutex // guards what follows, and the fields of all of them
	waiting []*linkWait
}

// linkWait is a connect_to under way. It stands before the command is sent, so
// that no event is too fast, and learns from the reply which connection to look
// for.
type linkWait struct {
	signal *signal
	// made are the contacts and groups of the connections made meanwhile.
	made map[int64]json.RawMessage
	conn int64 // the connection to wait for, 0 until it is known
}

func (ls *links) add(w *linkWait) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.waiting = append(ls.waiting, w)
}

func (ls *links) remove(w *linkWait) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.waiting = slices.DeleteFunc(ls.waiting, func(x *linkWait) bool { return x == w })
}

// expect says which connection w waits for.
func (ls *links) expect(w *linkWait, conn int64) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	w.conn = conn
	if w.made[conn] != nil {
		w.signal.fire()
		return
	}
	clear(w.made) // the others are of no use
}

// result is what came of the connection, nil for nothing yet.
func (ls *links) result(w *linkWait) json.RawMessage {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return w.made[w.conn]
}

// note takes the events that say that a connection was made.
func (ls *links) note(ev chat.Event) {
	if ev.Type != "contactConnected" && ev.Type != "userJoinedGroup" {
		return
	}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if len(ls.waiting) == 0 {
		return
	}
	type connected struct {
		ActiveConn struct {
			ID int64 `json:"connId"`
		} `json:"activeConn"`
	}
	var body struct{ Contact, GroupInfo, HostMember json.RawMessage }
	var by connected
	if json.Unmarshal(ev.Raw, &body) != nil {
		return
	}
	what, conn := body.Contact, body.Contact
	if ev.Type == "userJoinedGroup" {
		what, conn = body.GroupInfo, body.HostMember
	}
	if json.Unmarshal(conn, &by) != nil || by.ActiveConn.ID == 0 {
		return
	}
	for _, w := range ls.waiting {
		switch w.conn {
		case 0:
			w.made[by.ActiveConn.ID] = what
		case by.ActiveConn.ID:
			w.made[w.conn] = what
			w.signal.fire()
		}
	}
}

// linkReply is what the core answers to a link.
type linkReply struct {
	Connection struct {
		ID int64 `json:"pccConnId"`
	} `json:"connection"`
	Contact json.RawMessage `json:"contact"`
	Plan    struct {
		Address    knownPlan `json:"contactAddressPlan"`
		Invitation knownPlan `json:"invitationLinkPlan"`
		Group      knownPlan `json:"groupLinkPlan"`
	} `json:"connectionPlan"`
}

// knownPlan is the part of a plan that says what the link led to before.
type knownPlan struct {
	Contact        json.RawMessage `json:"contact"`
	ContactMaybe   json.RawMessage `json:"contact_"`
	GroupInfo      json.RawMessage `json:"groupInfo"`
	GroupInfoMaybe json.RawMessage `json:"groupInfo_"`
}

// known returns the contact or the group that the link led to before, nil for
// none.
func (r *linkReply) known() (contact, group json.RawMessage) {
	first := func(vs ...json.RawMessage) json.RawMessage {
		for _, v := range vs {
			if len(v) > 0 && v[0] == '{' {
				return v
			}
		}
		return nil
	}
	p := &r.Plan
	contact = first(r.Contact, p.Address.Contact, p.Address.ContactMaybe, p.Invitation.Contact, p.Invitation.ContactMaybe)
	return contact, first(p.Group.GroupInfo, p.Group.GroupInfoMaybe)
}

// connectTo is bot.connect_to(link[, timeout]) → contact, or nil at the
// time-out. A link of a group gives the group. What the link led to before is
// returned at once. The lane goes on meanwhile.
func (rt *Runtime) connectTo(L *lua.LState) int {
	link, ok := L.Get(1).(lua.LString)
	if !ok || link == "" || strings.ContainsFunc(string(link), func(r rune) bool { return r <= ' ' }) {
		rt.raisef(L, ErrArgument, "connect_to: want a link, got %s", describe(L.Get(1)))
	}
	timeout := askTimeout
	if L.Get(2) != lua.LNil {
		timeout = rt.checkDuration(L, 2, "connect_to")
	}
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	cmd := "/connect " + string(link)
	rt.checkCommand(L, cmd)

	w, ls := &linkWait{signal: newSignal(c), made: map[int64]json.RawMessage{}}, &rt.sending.links
	ls.add(w)
	defer ls.remove(w)
	resp := rt.command(L, cmd)
	var reply linkReply
	if err := resp.Decode(&reply); err != nil {
		rt.raise(L, &Error{Type: ErrCommand, Command: "/connect", Message: "/connect: " + err.Error()})
	}
	conn := reply.Connection.ID
	if conn == 0 {
		var found json.RawMessage
		if found, conn = rt.knownByLink(L, cmd, resp, &reply); found != nil {
			return rt.pushJSON(L, found)
		}
	}
	ls.expect(w, conn)
	rt.asking(L, c, timeout, func(over <-chan struct{}) { w.signal.wait(c, over) })
	return rt.pushJSON(L, ls.result(w))
}

// knownByLink looks at an answer that began no connection: the link led to a
// contact or a group before, or to a connection that is still being made.
// Anything else raises.
func (rt *Runtime) knownByLink(L *lua.LState, cmd string, resp chat.Response, reply *linkReply) (found json.RawMessage, conn int64) {
	contact, group := reply.known()
	var s contactState
	switch {
	case group != nil:
		return group, 0
	case contact != nil && json.Unmarshal(contact, &s) == nil && s.usable():
		return contact, 0
	case s.ActiveConn != nil && s.Status == "active":
		return nil, s.ActiveConn.ID
	}
	rt.raiseAnswer(L, "connect_to", cmd, resp, rt.replyValue(L, cmd, resp))
	return nil, 0
}

// pushJSON pushes what the core wrote, nil where it is nothing.
func (rt *Runtime) pushJSON(L *lua.LState, raw json.RawMessage) int {
	if raw == nil {
		L.Push(lua.LNil)
		return 1
	}
	v, err := luaconv.Decode(raw, false)
	if err != nil {
		rt.raise(L, err)
	}
	L.Push(v)
	return 1
}
