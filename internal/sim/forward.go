package sim

// forwardedFrom is where a forwarded item comes from.
func forwardedFrom(it *item) raw {
	dir := "rcv"
	if it.sent() {
		dir = "snd"
	}
	id := it.Meta.ItemID
	switch ch := it.chat; {
	case ch.contact != nil:
		return tagged("contact", "chatName", ch.contact.LocalDisplayName, "msgDir", dir, "contactId", ch.contact.ContactID, "chatItemId", id)
	case ch.group != nil:
		return tagged("group", "chatName", ch.group.LocalDisplayName, "msgDir", dir, "groupId", ch.group.GroupID, "chatItemId", id)
	}
	return tagged("unknown")
}

func forward(c *call) (raw, error) {
	from, err := c.chat(c.cmd.Ref("fromChat"))
	if err != nil {
		return nil, err
	}
	to, err := c.chat(c.cmd.Ref("toChat"))
	if err != nil {
		return nil, err
	}
	out := outgoing{chat: to}
	for _, id := range c.cmd.Ints("chatItemIds") {
		it, err := from.item(id)
		if err != nil {
			return nil, err
		}
		if !it.message() || it.Meta.ItemDeleted != nil {
			continue
		}
		out.msgs = append(out.msgs, composed{content: it.msg, forwarded: forwardedFrom(it)})
	}
	if len(out.msgs) == 0 {
		return c.reply("newChatItems", "chatItems", []raw{})
	}
	return c.send(out)
}

func planForward(c *call) (raw, error) {
	from, err := c.chat(c.cmd.Ref("fromChat"))
	if err != nil {
		return nil, err
	}
	ids := []int64{}
	for _, id := range c.cmd.Ints("chatItemIds") {
		if it, err := from.item(id); err == nil && it.message() && it.Meta.ItemDeleted == nil {
			ids = append(ids, id)
		}
	}
	return c.reply("forwardPlan", "itemsCount", len(c.cmd.Ints("chatItemIds")), "chatItemIds", ids)
}
