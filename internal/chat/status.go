package chat

// Statuses returns the sent items whose status a chatItemsStatusesUpdated event
// tells, in order; other events have none.
func (e Event) Statuses() []Item {
	if e.Type != "chatItemsStatusesUpdated" {
		return nil
	}
	return e.finish(e.read().items)
}
