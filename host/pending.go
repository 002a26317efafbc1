package host

import (
	"context"
	"encoding/json"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Requests and invitations that came while nobody looked leave no unread
// message, but they stay until somebody decides. Where the script wants their
// events, each start hands out those of the time before, in the form of the
// events and with "redelivered":true. What the core's lists do not tell is
// missing in them: a request's agentInvitationId, xContactId, versions and the
// address's id.

const (
	requestTag    = "receivedContactRequest"
	invitationTag = "receivedGroupInvitation"
)

// contact is what the list of contacts tells about one; raw is all of it.
type contact struct {
	ID        int64           `json:"contactId"`
	Request   int64           `json:"contactRequestId"`
	Name      string          `json:"localDisplayName"`
	Profile   json.RawMessage `json:"profile"`
	Conn      json.RawMessage `json:"activeConn"`
	Status    string          `json:"contactStatus"`
	CreatedAt string          `json:"createdAt"`
	UpdatedAt string          `json:"updatedAt"`

	raw json.RawMessage
}

func (c *contact) UnmarshalJSON(raw []byte) error {
	type plain contact
	c.raw = append(json.RawMessage(nil), raw...)
	return json.Unmarshal(raw, (*plain)(c))
}

// waits tells that the contact is a request that nobody has answered.
func (c *contact) waits() bool { return c.Request != 0 && c.Conn == nil && c.Status == "active" }

// request has the fields of UserContactRequest that the list tells.
type request struct {
	ID        int64           `json:"contactRequestId"`
	ContactID int64           `json:"contactId_"`
	Name      string          `json:"localDisplayName"`
	ProfileID int64           `json:"profileId"`
	Profile   json.RawMessage `json:"profile"`
	CreatedAt string          `json:"createdAt"`
	UpdatedAt string          `json:"updatedAt"`
}

// tasksTurn is how long tasks of on_start have to register for what was pending.
const tasksTurn = time.Second

// awaitScript waits until on_start, and what it has begun, had the time to register
// for what pending and tell tell.
func (c *catchUp) awaitScript(ctx context.Context) {
	select {
	case <-c.h.ready:
	case <-ctx.Done():
		return
	}
	if c.returned {
		return // the script runs for long
	}
	ctx, cancel := context.WithTimeout(ctx, tasksTurn)
	defer cancel()
	_ = poll(ctx, func() bool { return c.h.script.wants(requestTag) || c.h.script.busy() == 0 })
}

// pending hands out requests and invitations, if anybody wants them. What was
// there before the bot's first run is not for it.
func (c *catchUp) pending(ctx context.Context, groups []group) {
	if c.first {
		return
	}
	requests := c.h.script.wants(requestTag)
	var invited []group
	for _, g := range groups {
		if g.Membership.Status == "invited" && c.h.script.wants(invitationTag) && c.ours(g.CreatedAt) {
			invited = append(invited, g)
		}
	}
	if !requests && len(invited) == 0 {
		return
	}
	var list struct {
		User     json.RawMessage `json:"user"`
		Contacts []contact       `json:"contacts"`
	}
	if err := c.ask(ctx, "/_contacts "+id(c.h.ctl.userID), &list); err != nil {
		c.failed(ctx, "contacts", err)
		return
	}
	byID := map[int64]*contact{}
	for i := range list.Contacts {
		one := &list.Contacts[i]
		byID[one.ID] = one
		if requests && one.waits() && c.ours(one.CreatedAt) && c.untold(requestTag, one.Request, one.CreatedAt) {
			c.emit(requestEvent(list.User, one))
		}
	}
	for _, g := range invited {
		if c.untold(invitationTag, g.ID, g.CreatedAt) {
			c.emit(c.invitationEvent(ctx, list.User, g, byID[g.Membership.Inviter.Contact]))
		}
	}
}

// ours tells that something came after the bot's first run.
func (c *catchUp) ours(createdAt string) bool {
	t, err := time.Parse(time.RFC3339Nano, createdAt)
	return err == nil && t.After(c.since)
}

// untold tells that the script was not told about it, and is now.
func (c *catchUp) untold(tag string, id int64, createdAt string) bool {
	return c.h.taken.findRequest(requestKey{tag, id}, createdAt, c.h.clock.Now())
}

func (c *catchUp) emit(body any) {
	ev, err := chat.ParseEvent([]byte(`{"result":` + compact(body) + `}`))
	if err != nil {
		c.h.log.Error("a pending request or invitation is not readable", "err", err)
		return
	}
	c.h.dispatcher.Push(ev)
}

func requestEvent(user json.RawMessage, from *contact) any {
	var p struct {
		ID int64 `json:"profileId"`
	}
	_ = json.Unmarshal(from.Profile, &p) // it has been read as JSON before
	type info struct {
		Type    string          `json:"type"`
		Contact json.RawMessage `json:"contact"`
	}
	return struct {
		Type        string          `json:"type"`
		User        json.RawMessage `json:"user"`
		Request     request         `json:"contactRequest"`
		Chat        any             `json:"chat_"`
		Redelivered bool            `json:"redelivered"`
	}{
		requestTag, user,
		request{from.Request, from.ID, from.Name, p.ID, from.Profile, from.CreatedAt, from.UpdatedAt},
		struct {
			Info  info  `json:"chatInfo"`
			Items []int `json:"chatItems"`
		}{info{chat.TypeDirect, from.raw}, []int{}}, true,
	}
}

// invitationEvent asks for the inviting member's role, which no list tells.
func (c *catchUp) invitationEvent(ctx context.Context, user json.RawMessage, g group, from *contact) any {
	ev := struct {
		Type        string          `json:"type"`
		User        json.RawMessage `json:"user"`
		Group       json.RawMessage `json:"groupInfo"`
		Contact     json.RawMessage `json:"contact,omitempty"`
		FromRole    string          `json:"fromMemberRole,omitempty"`
		Role        string          `json:"memberRole"`
		Redelivered bool            `json:"redelivered"`
	}{Type: invitationTag, User: user, Group: g.raw, Role: g.Membership.Role, Redelivered: true}
	if from != nil {
		ev.Contact = from.raw
	}
	members, err := c.members(ctx, g.ID)
	if err != nil {
		c.failed(ctx, "members", err)
	}
	for _, m := range members {
		if m.ID == g.Membership.InviterID {
			ev.FromRole = m.Role
		}
	}
	return ev
}
