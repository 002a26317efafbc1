package host

import (
	"context"
	"encoding/json"
	"math"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Support chats and reports stand in no list of unread chats: a group's unread
// count leaves its support chats out, and reports are stored as read. So after
// the start each group that the bot moderates is asked for them. Their lanes
// cannot be closed before the start, for which ones there are is not known
// then; so only what was stored before the start is taken, all else comes as
// an event.

// group is what the list of groups tells about one; raw is all of it.
type group struct {
	ID         int64  `json:"groupId"`
	CreatedAt  string `json:"createdAt"`
	Membership member

	raw json.RawMessage
}

func (g *group) UnmarshalJSON(raw []byte) error {
	type plain group
	g.raw = append(json.RawMessage(nil), raw...)
	return json.Unmarshal(raw, (*plain)(g))
}

type member struct {
	ID      int64  `json:"groupMemberId"`
	Role    string `json:"memberRole"`
	Status  string `json:"memberStatus"`
	Support struct {
		Unread int `json:"unread"`
	} `json:"supportChat"`
	// InviterID is the member who invited us, Inviter.Contact the contact.
	InviterID int64 `json:"invitedByGroupMemberId"`
	Inviter   struct {
		Contact int64 `json:"byContactId"`
	} `json:"invitedBy"`
}

func (m member) moderates() bool {
	return m.Role == "owner" || m.Role == "admin" || m.Role == "moderator"
}

// support hands unread messages of support chats, and reports that were not
// finished, to their lanes.
func (c *catchUp) support(ctx context.Context, groups []group) {
	for _, g := range groups {
		if g.Membership.Support.Unread > 0 {
			c.supportChat(ctx, chat.Ref{Type: chat.TypeGroup, ID: g.ID, Support: true}, g.Membership.Support.Unread)
		}
		if !g.Membership.moderates() {
			continue
		}
		members, err := c.members(ctx, g.ID)
		if err != nil {
			c.failed(ctx, "members", err)
			continue
		}
		for _, m := range members {
			if m.Support.Unread > 0 {
				c.supportChat(ctx, chat.Ref{Type: chat.TypeGroup, ID: g.ID, Support: true, MemberID: m.ID}, m.Support.Unread)
			}
		}
		c.reports(ctx, g)
	}
}

func (c *catchUp) members(ctx context.Context, group int64) ([]member, error) {
	var in struct {
		Group struct {
			Members []member `json:"members"`
		} `json:"group"`
	}
	err := c.ask(ctx, "/_members #"+id(group), &in)
	return in.Group.Members, err
}

func (c *catchUp) ask(ctx context.Context, cmd string, into any) error {
	r, err := c.h.ctl.asUser(ctx, cmd)
	if err != nil {
		return err
	}
	return json.Unmarshal(r.Raw, into)
}

func (c *catchUp) failed(ctx context.Context, what string, err error) {
	c.incomplete = true
	if ctx.Err() == nil && !gone(err) {
		c.h.log.Error("support chats and reports could not be looked for; they are at the next start", "asked", what, "err", err)
	}
}

// supportChat reads the unread messages of one support chat.
func (c *catchUp) supportChat(ctx context.Context, ref chat.Ref, unread int) {
	var found []chat.Item
	var user []byte
	for page := "count=" + id(itemsPage); len(found) < unread; {
		p, err := c.h.readChat(ctx, ref, page)
		if err != nil {
			c.failed(ctx, "support chat", err)
			break
		}
		found, user = append(unreadOf(p.Items), found...), p.User
		if len(p.Items) < itemsPage {
			break
		}
		page = "before=" + id(p.Items[0].ID) + " count=" + id(itemsPage)
	}
	var before []chat.Item
	for _, it := range found {
		if stored(&it).Before(c.started) {
			before = append(before, it)
		}
	}
	all := span{newest: math.MaxInt64} // what came after the start is left out already
	all.oldest = oldestOf(c.eligible(nil, before, all.newest), c.limits.MaxItems-c.handled)
	events, seen := c.sort(ref, user, before, all)
	c.hand(ref, events, seen)
}

// reports reads the reports of a group that were not finished.
func (c *catchUp) reports(ctx context.Context, of group) {
	groupID := of.ID
	ref := chat.Ref{Type: chat.TypeGroup, ID: groupID}
	page, err := c.h.readChat(ctx, ref, "content=report count="+id(itemsPage))
	if err != nil {
		c.failed(ctx, "reports", err)
		return
	}
	for _, it := range page.Items {
		if known, _ := c.h.taken.has(it.ID); known || !it.Received() || !it.DirectedToUs() || !stored(&it).Before(c.started) || c.foreign(&it) ||
			it.ID <= c.h.reports.finished(groupID, of.CreatedAt) || c.old(&it) {
			continue
		}
		// The list tells them as messages of the group; where they belong is the
		// support chat of who reported.
		at := chat.Ref{Type: chat.TypeGroup, ID: groupID, Support: true, MemberID: it.Member.ID}
		if ev, ok := c.h.readBack(at, []int64{it.ID}); ok {
			c.h.attempts.found(&it)
			c.h.taken.add(it.ID)
			ev.Attempt = 1
			var seen []int64
			if c.returned {
				seen = []int64{it.ID}
			}
			c.hand(at, []chat.Event{ev}, seen)
		}
	}
}

// hand puts events in front of what waits in a lane; those of the items in seen
// are left out when they come.
func (c *catchUp) hand(ref chat.Ref, events []chat.Event, seen []int64) {
	if len(events) == 0 {
		return
	}
	c.h.dispatcher.Close(c.lane(ref))
	c.h.dispatcher.Reopen(c.lane(ref), events, seen)
	c.handled += len(events)
}
