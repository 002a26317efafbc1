package luaapi

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// readiness tells sends that wait when their contact can be written to.
type readiness struct {
	mu    sync.Mutex // guards what follows
	count uint64     // events so far
	// last are the latest events, a ring. A send looks there for what came
	// between its command and the core's refusal.
	last    [64]readyEvent
	waiting map[*signal]int64 // contact ids
}

type readyEvent struct {
	contact int64
	number  uint64
}

// now returns the number of events so far.
func (r *readiness) now() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

// note takes an event about the connection of a contact.
func (r *readiness) note(contact int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	r.last[r.count%uint64(len(r.last))] = readyEvent{contact, r.count}
	for s, id := range r.waiting {
		if id == contact {
			s.fire()
		}
	}
}

// await makes s fire at the next event of a contact after the number since.
func (r *readiness) await(s *signal, contact int64, since uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.last[:], func(e readyEvent) bool { return e.contact == contact && e.number > since }) {
		s.fire()
		return
	}
	if r.waiting == nil {
		r.waiting = map[*signal]int64{}
	}
	r.waiting[s] = contact
}

func (r *readiness) forget(s *signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, s)
}

// connecting are the states of a connection that will be ready by itself.
var connecting = []string{"new", "prepared", "joined", "requested", "accepted"}

// contactState is what of a contact decides whether it can be written to.
type contactState struct {
	ID         int64  `json:"contactId"`
	Status     string `json:"contactStatus"`
	CreatedAt  string `json:"createdAt"`
	ActiveConn *struct {
		ID     int64 `json:"connId"`
		Status struct {
			Type string `json:"type"`
		} `json:"connStatus"`
	} `json:"activeConn"`
}

// usable tells that messages can be sent to the contact now.
func (s *contactState) usable() bool {
	return s.Status == "active" && s.ActiveConn != nil &&
		(s.ActiveConn.Status.Type == "ready" || s.ActiveConn.Status.Type == "sndReady")
}

// stillConnecting returns the contact that a send was refused for, where the
// refusal will pass by itself.
func stillConnecting(err error) (contact int64, ok bool) {
	var refused *chat.CommandError
	if !errors.As(err, &refused) || !refused.IsTag("contactNotReady") {
		return 0, false
	}
	var body struct {
		Err struct {
			Contact contactState `json:"contact"`
		} `json:"errorType"`
	}
	if json.Unmarshal(refused.Raw, &body) != nil {
		return 0, false
	}
	s := body.Err.Contact
	ok = s.Status == "active" && s.ActiveConn != nil && slices.Contains(connecting, s.ActiveConn.Status.Type)
	return s.ID, ok
}

// sendWhenReady sends one /_send command. Where the contact is still connecting,
// it waits for the core's event that says otherwise, for at most patience in
// all, and sends again: the core has not taken the command then. No other
// command is sent twice.
func (rt *Runtime) sendWhenReady(L *lua.LState, cmd string, patience time.Duration, parse replyReader) (chat.Response, error) {
	end := rt.clock.Now().Add(patience)
	for {
		since := rt.sending.ready.now()
		resp, err := rt.exchange(L, cmd, parse)
		if err == nil {
			return resp, nil
		}
		contact, connecting := stillConnecting(err)
		left := end.Sub(rt.clock.Now())
		if !connecting || left <= 0 {
			return resp, err
		}
		if !rt.waitReady(L, contact, since, left) {
			e := errorOf(err)
			e.Hint = "the contact was still connecting after " + patience.String() + " (ready_timeout)"
			return resp, e
		}
	}
}

// waitReady waits, for at most left, until the contact has changed since.
func (rt *Runtime) waitReady(L *lua.LState, contact int64, since uint64, left time.Duration) (fired bool) {
	r := &rt.sending.ready
	c := callOf(L)
	s := newSignal(c)
	r.await(s, contact, since)
	defer r.forget(s) // also where the call is cut
	rt.unlocked(L, func(context.Context) { fired = c.linger(s, left) })
	return fired
}
