package sim

func directInfo(contact raw) raw { return tagged("direct", "contact", contact) }

// info is the chat as it stands in items and lists.
func (ch *chat) info() raw { return ch.appendInfo(make(raw, 0, ch.infoSize())) }

// infoSize is about how many bytes info takes.
func (ch *chat) infoSize() int {
	switch {
	case ch.contact != nil:
		return ch.contact.shown.size()
	case ch.group != nil:
		return ch.group.shown.size()
	}
	return 0
}

func (ch *chat) appendInfo(b raw) raw {
	n := ch.db.net
	switch {
	case ch.contact != nil:
		ct := ch.contact
		return ct.shown.append(b, n, &ct.ChatTs, func() raw { return directInfo(encode(ct)) })
	case ch.notes != nil:
		return append(b, tagged("local", "noteFolder", ch.notes)...)
	case ch.support != nil:
		return append(b, ch.infoWith(encode(ch.group))...)
	default:
		g := ch.group
		return g.shown.append(b, n, &g.ChatTs, func() raw { return tagged("group", "groupInfo", encode(g)) })
	}
}

// infoWith is info of a group's chat with the group as it was.
func (ch *chat) infoWith(group raw) raw {
	if ch.support == nil {
		return tagged("group", "groupInfo", group)
	}
	return tagged("group", "groupInfo", group, "groupChatScope", ch.support.scope())
}

// entry is an item with its chat.
func entry(info raw, it *item) raw { return object("chatInfo", info, "chatItem", it.listed()) }

// emitItems tells of new items with the chat as it was.
func (d *database) emitItems(ch *chat, info raw, items ...*item) {
	d.event(itemsResult(ch.user.json(), ch, "newChatItems", info, items, (*item).dir))
}

// dir is the direction as the news of an item shows it.
func (it *item) dir() direction { return it.ChatDir }

// storedDir is the direction as it is read from the database: with the author
// as known now, without the connection.
func (it *item) storedDir() direction {
	if it.author == nil {
		return it.ChatDir
	}
	return it.author.stored()
}

// itemsResult is a reply or event that shows items of a chat; without info, with
// the chat as it is now. It is written in one piece, because it is most of what
// a busy network says.
func itemsResult(user raw, ch *chat, tag string, info raw, items []*item, dir func(*item) direction) raw {
	size := len(tag) + len(user) + 64
	for _, it := range items {
		size += len(info) + it.sizeWith(dir(it)) + 64
		if info == nil {
			size += ch.infoSize()
		}
	}
	b := append(append(make(raw, 0, size), `{"result":{"type":"`...), tag...)
	b = append(append(append(b, `","user":`...), user...), `,"chatItems":[`...)
	for i, it := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"chatInfo":`...)
		if info != nil {
			b = append(b, info...)
		} else {
			b = ch.appendInfo(b)
		}
		b = it.append(append(b, `,"chatItem":`...), dir(it))
		b = append(b, '}')
	}
	return append(b, "]}}"...)
}
