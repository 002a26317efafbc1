package sim

import "time"

// startTimer starts the clock of a disappearing message that was read, or was
// sent; when it ends, the item is deleted here.
func (d *database) startTimer(it *item) {
	t := it.ItemTimed
	if t == nil || it.timer != nil || it.live() {
		return
	}
	if t.DeleteAt == nil {
		at := d.net.now().add(time.Duration(t.TTL) * time.Second)
		t = &itemTimed{TTL: t.TTL, DeleteAt: &at}
		it.ItemTimed = t
	}
	it.timer = d.net.after(t.DeleteAt.time().Sub(d.net.clock.Now()), func() {
		if it.gone {
			return
		}
		before := object("deletedChatItem", entry(it.chat.info(), it))
		it.chat.remove(it)
		if d.started {
			d.emit(it.chat.user, "chatItemsDeleted", "chatItemDeletions", []raw{before}, "byUser", true, "timed", true)
		}
	})
}
