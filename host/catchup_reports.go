package host

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// openReports are the reports of a group that are to be handled, without what they
// say.
type openReports struct {
	c *catchUp

	mu   sync.Mutex // guards what follows
	kept map[int64]*chat.Item
}

func newOpenReports(c *catchUp) *openReports {
	return &openReports{c: c, kept: map[int64]*chat.Item{}}
}

func (o *openReports) keep(it *chat.Item) {
	it.Raw = nil // it is read again where it belongs
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept[it.ID] = it
}

func (o *openReports) drop(id int64) {
	o.mu.Lock()
	it := o.kept[id]
	delete(o.kept, id)
	o.mu.Unlock()
	if it != nil {
		o.c.skip(luaapi.Skipped{TooMany: 1})
		o.c.h.reports.end(it)
	}
}

// take hands out what is kept.
func (o *openReports) take() map[int64]*chat.Item {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept := o.kept
	o.kept = nil
	return kept
}

// unfinished finds the reports of a group that are neither finished nor here, from
// the newest page on. An error tells that there may be others.
func (c *catchUp) unfinished(ctx context.Context, s *search, newest *few) error {
	if c.first {
		return c.firstReports(ctx, s.of)
	}
	ref := chat.Ref{Type: chat.TypeGroup, ID: s.of.ID}
	base := c.h.reports.base(s.of.ID, s.of.CreatedAt)
	for page := "count=" + id(itemsPage); ; {
		p, err := c.h.readChat(ctx, ref, "content=report "+page)
		if gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		news := false
		for _, it := range p.Items {
			if it.ID <= base || c.foreign(&it) {
				continue
			}
			news = true
			if it.Received() && it.DirectedToUs() && !c.h.reports.knows(&it) {
				c.openReport(s.reports, &it, newest)
			}
		}
		if len(p.Items) < itemsPage || !news {
			return nil
		}
		page = "before=" + id(p.Items[0].ID) + " count=" + id(itemsPage)
	}
}

// firstReports finds the newest reports that are not for us.
func (c *catchUp) firstReports(ctx context.Context, of group) error {
	p, err := c.h.readChat(ctx, chat.Ref{Type: chat.TypeGroup, ID: of.ID}, "content=report count="+id(itemsPage))
	if gone(err) {
		return nil
	}
	for i := range p.Items {
		if it := &p.Items[i]; c.foreign(it) {
			c.wasBefore(it.ID)
		}
	}
	return err
}

func (c *catchUp) openReport(open *openReports, it *chat.Item, newest *few) {
	c.h.attempts.found(it)
	if c.old(it) {
		c.skip(luaapi.Skipped{TooOld: 1})
		c.h.reports.end(it)
		return
	}
	open.keep(it)
	newest.add(it.ID, open)
}

// reports makes the events of the reports that were found.
func (c *catchUp) reports(ctx context.Context, found *backlog, open *openReports) error {
	kept := open.take()
	var errs []error
	for _, n := range slices.Sorted(maps.Keys(kept)) {
		errs = append(errs, c.report(ctx, found, kept[n]))
	}
	return errors.Join(errs...)
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
	}
	return nil
}
