package host

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Support chats and reports stand in no list of unread chats: a group's unread
// count leaves its support chats out, and reports are stored as read. So after
// the start each group that the bot moderates is asked for them. Which lanes they
// need is not known before, so those of all support chats stay closed until all
// groups were asked.

// maxItem is an id that no item is above.
const maxItem = math.MaxInt64

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
// finished, to their lanes. It returns all groups.
func (c *catchUp) support(ctx context.Context) []group {
	var list struct {
		Groups []group `json:"groups"`
	}
	if err := c.ask(ctx, "/_groups "+id(c.h.ctl.userID), &list); err != nil {
		c.failed(ctx, "groups", err)
		return nil
	}
	var moderated []group
	for _, g := range list.Groups {
		if g.Membership.moderates() {
			moderated = append(moderated, g)
		}
	}
	c.h.reports.list(moderated)
	found := &backlog{}
	for _, g := range list.Groups {
		if n := g.Membership.Support.Unread; n > 0 {
			c.supportChat(ctx, found, chat.Ref{Type: chat.TypeGroup, ID: g.ID, Support: true}, n)
		}
	}
	for _, g := range moderated {
		c.moderated(ctx, found, g)
	}
	slices.SortFunc(*found, func(a, b foundItem) int { return cmp.Compare(a.id, b.id) })
	for _, one := range *found {
		c.h.dispatcher.Close(c.lane(one.at))
		c.h.dispatcher.Reopen(c.lane(one.at), []chat.Event{one.ev})
	}
	return list.Groups
}

// backlog is what was found in support chats.
type backlog []foundItem

type foundItem struct {
	at chat.Ref
	id int64
	ev chat.Event
}

func (b *backlog) add(at chat.Ref, ev chat.Event) {
	*b = append(*b, foundItem{at, ev.Newest(), ev})
}

// moderated looks for what members of one group wrote.
func (c *catchUp) moderated(ctx context.Context, found *backlog, g group) {
	members, err := c.members(ctx, g.ID)
	if err != nil {
		c.failed(ctx, "members", err)
	}
	for _, m := range members {
		if m.Support.Unread > 0 {
			c.supportChat(ctx, found, chat.Ref{Type: chat.TypeGroup, ID: g.ID, Support: true, MemberID: m.ID}, m.Support.Unread)
		}
	}
	if err := c.reports(ctx, found, g); err != nil {
		c.failed(ctx, "reports", err)
		return
	}
	c.h.reports.searched(g.ID, g.CreatedAt)
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
	r, err := c.h.look(ctx, cmd)
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
func (c *catchUp) supportChat(ctx context.Context, found *backlog, ref chat.Ref, unread int) {
	if c.first {
		c.firstSupport(ctx, ref, unread)
		return
	}
	s := c.sieve(ref, unread, span{newest: maxItem, after: true}, newFew(c.limits.MaxItems-c.handled))
	if err := c.back(ctx, ref, unread, s.page); err != nil {
		c.failed(ctx, "support chat", err)
	}
	events := s.events()
	for _, ev := range events {
		found.add(ref, ev)
	}
	c.handled += len(events)
}

// firstSupport counts the messages of a support chat that are not for us. What is
// not foreign comes as an event, now or after it was found.
func (c *catchUp) firstSupport(ctx context.Context, ref chat.Ref, unread int) {
	ours := 0
	if err := c.back(ctx, ref, unread, func(p chat.Chat) {
		for _, it := range unreadOf(p.Items) {
			if c.foreign(&it) {
				c.older = max(c.older, it.ID)
			} else {
				ours++
			}
		}
	}); err != nil {
		c.failed(ctx, "support chat", err)
	}
	c.skipped.FirstRun += max(unread-ours, 0)
}
