package host

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// reports hands the reports of a group that were not finished to the lanes of
// their support chats. An error tells that there may be others.
func (c *catchUp) reports(ctx context.Context, found *backlog, of group) error {
	if c.first {
		return c.firstReports(ctx, of)
	}
	newest := newFew(c.limits.MaxItems - c.handled)
	open := openReports{c: c, kept: map[int64]*chat.Item{}}
	err := c.unfinished(ctx, of, func(it *chat.Item) {
		c.h.attempts.found(it)
		if c.old(it) {
			c.skipped.TooOld++
			c.h.reports.end(it)
			return
		}
		it.Raw = nil // it is read again where it belongs
		open.kept[it.ID] = it
		newest.add(it.ID, &open)
	})
	if gone(err) {
		return nil
	}
	errs := []error{err}
	for _, n := range slices.Sorted(maps.Keys(open.kept)) {
		errs = append(errs, c.report(ctx, found, open.kept[n]))
	}
	return errors.Join(errs...)
}

// firstReports finds the newest reports that are not for us.
func (c *catchUp) firstReports(ctx context.Context, of group) error {
	p, err := c.h.readChat(ctx, chat.Ref{Type: chat.TypeGroup, ID: of.ID}, "content=report count="+id(itemsPage))
	if gone(err) {
		return nil
	}
	for i := range p.Items {
		if it := &p.Items[i]; c.foreign(it) {
			c.older = max(c.older, it.ID)
		}
	}
	return err
}

// openReports are the reports of a group that are to be handled, without what they say.
type openReports struct {
	c    *catchUp
	kept map[int64]*chat.Item
}

func (o *openReports) drop(id int64) {
	if it := o.kept[id]; it != nil {
		delete(o.kept, id)
		o.c.skipped.TooMany++
		o.c.h.reports.end(it)
	}
}

// unfinished finds the reports of a group that are neither finished nor here, from
// the newest page on.
func (c *catchUp) unfinished(ctx context.Context, of group, found func(it *chat.Item)) error {
	ref := chat.Ref{Type: chat.TypeGroup, ID: of.ID}
	base := c.h.reports.base(of.ID, of.CreatedAt)
	for page := "count=" + id(itemsPage); ; {
		p, err := c.h.readChat(ctx, ref, "content=report "+page)
		if err != nil {
			return err
		}
		news := false
		for i := range p.Items {
			it := p.Items[i]
			if it.ID <= base || c.foreign(&it) {
				continue
			}
			news = true
			if it.Received() && it.DirectedToUs() && !c.h.reports.knows(&it) {
				found(&it)
			}
		}
		if len(p.Items) < itemsPage || !news {
			return nil
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
