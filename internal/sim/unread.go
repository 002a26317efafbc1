package sim

// Unread takes the read marks of items back, as if the process had died before
// it could send them. What is unread or unknown stays as it is.
func (c *Core) Unread(ids ...int64) {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	for _, id := range ids {
		it := c.db.items[id]
		if it == nil || it.Meta.ItemStatus.Type != "rcvRead" {
			continue
		}
		ch := it.chat
		it.Meta.ItemStatus = rcvNew
		ch.unread++
		if it.Meta.UserMention {
			ch.mentions++
		}
		if ch.support != nil {
			ch.support.Unread++
			c.net.changed()
		}
	}
}
