package host

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
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

// groupList are all groups, if they are known.
type groupList struct {
	groups []group
	known  bool
}

func (c *catchUp) groups(ctx context.Context) groupList {
	var list struct {
		Groups []group `json:"groups"`
	}
	if err := c.ask(ctx, "/_groups "+id(c.h.ctl.userID), &list); err != nil {
		c.failed(ctx, "groups", err)
		return groupList{}
	}
	return groupList{list.Groups, true}
}

// support hands unread messages of support chats, and reports that were not
// finished, to their lanes.
func (c *catchUp) support(ctx context.Context, groups []group) {
	var asked, moderated []group
	for _, g := range groups {
		if g.Membership.moderates() {
			moderated = append(moderated, g)
		}
		if g.Membership.moderates() || g.Membership.Support.Unread > 0 {
			asked = append(asked, g)
		}
	}
	c.h.reports.list(moderated)
	newest := newFew(c.room())
	beside(ctx, c, asked, true, func(g group) *search { return c.search(ctx, g, newest) }, func(all []*search) {
		beside(ctx, c, all, true, func(s *search) backlog { return c.finish(ctx, s) }, c.backlogs)
	})
}

// search is what was found in the support chats of one group.
type search struct {
	of      group
	chats   []*sieve
	reports *openReports
	// all tells that no report was missed.
	all bool
}

// search looks for what members of one group wrote.
func (c *catchUp) search(ctx context.Context, g group, newest *few) *search {
	s := &search{of: g, reports: newOpenReports(c)}
	own := chat.Ref{Type: chat.TypeGroup, ID: g.ID, Support: true}
	c.supportChat(ctx, s, own, g.Membership.Support.Unread, newest)
	if !g.Membership.moderates() {
		return s
	}
	members, err := c.members(ctx, g.ID)
	if err != nil {
		c.failed(ctx, "members", err)
	}
	for _, m := range members {
		of := own
		of.MemberID = m.ID
		c.supportChat(ctx, s, of, m.Support.Unread, newest)
	}
	if err := c.unfinished(ctx, s, newest); err != nil {
		c.failed(ctx, "reports", err)
		return s
	}
	s.all = true
	return s
}

// finish makes the events of what was found, when it is known which messages are
// the newest of all groups.
func (c *catchUp) finish(ctx context.Context, s *search) (found backlog) {
	for _, one := range s.chats {
		for _, ev := range one.events() {
			found.add(one.ref, ev)
		}
	}
	err := c.reports(ctx, &found, s.reports)
	if err != nil {
		c.failed(ctx, "reports", err)
	}
	if s.all && err == nil {
		c.h.reports.searched(s.of.ID, s.of.CreatedAt)
	}
	c.found(len(found))
	return found
}

// backlogs hands what was found to the lanes.
func (c *catchUp) backlogs(found []backlog) {
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b foundItem) int { return cmp.Compare(a.id, b.id) })
	for _, one := range all {
		c.h.dispatcher.Close(c.lane(one.at))
		c.h.dispatcher.Reopen(c.lane(one.at), []chat.Event{one.ev})
	}
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
	c.fail()
	if ctx.Err() == nil && !gone(err) {
		c.h.log.Error("support chats and reports could not be looked for; they are at the next start", "asked", what, "err", err)
	}
}

// supportChat reads the unread messages of one support chat, if there are any.
func (c *catchUp) supportChat(ctx context.Context, s *search, ref chat.Ref, unread int, newest *few) {
	if unread <= 0 {
		return
	}
	if c.first {
		c.firstSupport(ctx, ref, unread)
		return
	}
	one := c.sieve(ref, unread, span{newest: maxItem, after: true}, newest)
	s.chats = append(s.chats, one)
	if err := c.back(ctx, ref, unread, one.page); err != nil {
		c.failed(ctx, "support chat", err)
	}
}

// firstSupport counts the messages of a support chat that are not for us. What is
// not foreign comes as an event, now or after it was found.
func (c *catchUp) firstSupport(ctx context.Context, ref chat.Ref, unread int) {
	ours := 0
	if err := c.back(ctx, ref, unread, func(p chat.Chat) {
		for _, it := range unreadOf(p.Items) {
			if c.foreign(&it) {
				c.wasBefore(it.ID)
			} else {
				ours++
			}
		}
	}); err != nil {
		c.failed(ctx, "support chat", err)
	}
	c.skip(luaapi.Skipped{FirstRun: max(unread-ours, 0)})
}
