package sim

// internalItem adds an item that is no message; it is read at once.
func (d *database) internalItem(ch *chat, dir string, c content, text string) *item {
	now := d.net.now()
	it := &item{ChatDir: direction{Type: dir}, said: nothingSaid, Content: d.net.known.content(c), Meta: meta{
		ItemTs: now, ItemText: text, ItemStatus: rcvRead, CreatedAt: now, UpdatedAt: now,
	}}
	if it.sent() {
		it.Meta.ItemStatus = sndNew
	}
	ch.add(it)
	switch c.Type {
	case "sndChatFeature", "sndChatPreference", "sndConnEvent":
		ch.touch(now)
	}
	return it
}

// banner adds the item that a chat begins with.
func (d *database) banner(ch *chat) *item {
	dir := "directSnd"
	if ch.group != nil {
		dir = "groupSnd"
	}
	it := d.internalItem(ch, dir, content{Type: "chatBanner"}, "chat banner")
	it.Meta.ItemTs = epoch
	ch.touch(it.Meta.CreatedAt)
	return it
}

// e2eeItem adds the item about the encryption of a chat. pq is nil where it
// is not known yet.
func (d *database) e2eeItem(ch *chat, pq *bool) *item {
	text := "This conversation is protected by end-to-end encryption"
	info := raw("{}")
	if pq != nil {
		info = object("pqEnabled", *pq)
		if *pq {
			text = "This conversation is protected by quantum resistant end-to-end encryption. It has perfect forward secrecy, repudiation and quantum resistant break-in recovery."
		} else {
			text += " with perfect forward secrecy, repudiation and break-in recovery."
		}
	}
	return d.internalItem(ch, "directRcv", content{Type: "rcvDirectE2EEInfo", Detail: info}, text)
}

// enabledItems adds the items about the features of a direct chat.
func (d *database) enabledItems(ct *contact) []*item {
	var items []*item
	for _, f := range chatFeatures {
		text, param := ct.MergedPreferences.state(f)
		e := ct.MergedPreferences.get(f).Enabled // a copy
		items = append(items, d.internalItem(ct.chat, "directRcv", content{Type: "rcvChatFeature", Feature: f, Enabled: &e, Param: param}, text))
	}
	return items
}
