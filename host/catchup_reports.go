package host

import (
	"context"
	"errors"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// reports hands the reports of a group that were not finished to the lanes of
// their support chats. An error tells that there may be others.
func (c *catchUp) reports(ctx context.Context, found *backlog, of group) error {
	if c.first {
		return nil
	}
	items, err := c.unfinished(ctx, of)
	if gone(err) {
		return nil
	}
	oldest := oldestOf(c.eligible(nil, items, maxItem), c.limits.MaxItems-c.handled)
	errs := []error{err}
	for i := range items {
		it := &items[i]
		c.h.attempts.found(it)
		switch {
		case c.old(it):
			c.skipped.TooOld++
			c.h.reports.end(it)
		case it.ID < oldest:
			c.skipped.TooMany++
			c.h.reports.end(it)
		default:
			errs = append(errs, c.report(ctx, found, it))
		}
	}
	return errors.Join(errs...)
}

// unfinished lists the reports of a group that are neither finished nor here.
func (c *catchUp) unfinished(ctx context.Context, of group) (found []chat.Item, err error) {
	ref := chat.Ref{Type: chat.TypeGroup, ID: of.ID}
	base := c.h.reports.base(of.ID, of.CreatedAt)
	for page := "count=" + id(itemsPage); ; {
		p, err := c.h.readChat(ctx, ref, "content=report "+page)
		if err != nil {
			return found, err
		}
		var more []chat.Item
		news := false
		for _, it := range p.Items {
			if it.ID <= base || c.foreign(&it) {
				continue
			}
			news = true
			if it.Received() && it.DirectedToUs() && !c.h.reports.knows(&it) {
				more = append(more, it)
			}
		}
		found = append(more, found...)
		if len(p.Items) < itemsPage || !news {
			return found, nil
		}
		page = "before=" + id(p.Items[0].ID) + " count=" + id(itemsPage)
	}
}

// report reads one report where it belongs, the support chat of who reported; the
// list tells it as a message of the group.
func (c *catchUp) report(ctx context.Context, found *backlog, listed *chat.Item) error {
	at := chat.Ref{Type: chat.TypeGroup, ID: listed.Chat.ID, Support: true, MemberID: listed.Member.ID}
	it, user, ok, err := c.h.readItem(ctx, at, listed.ID)
	if err != nil || !ok {
		return err // not there any more, if that is no error
	}
	if c.h.taken.find(&it, c.h.clock.Now()) {
		c.h.reports.begin(&it)
		found.add(at, again(user, &it))
		c.handled++
	}
	return nil
}
