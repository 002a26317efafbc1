package sim

import "slices"

// deleteChat deletes a contact, a group or a connection.
func deleteChat(c *call) (raw, error) {
	ref := c.cmd.Ref("chatRef")
	switch ref.Type {
	case '@':
		ct, err := c.contact(ref.ID)
		if err != nil {
			return nil, err
		}
		return c.deleteContact(ct)
	case '#':
		if ref.Support {
			return nil, errNotSupported
		}
		g, err := c.group(ref.ID)
		if err != nil {
			return nil, err
		}
		return c.deleteGroup(g)
	case ':':
		cn, err := c.pendingConn(ref.ID)
		if err != nil {
			return nil, err
		}
		shown := cn.pending()
		c.db.deleteConns(c.user, []*conn{cn})
		return c.reply("contactConnectionDeleted", "connection", shown)
	}
	return nil, errNotSupported
}

func (c *call) deleteContact(ct *contact) (raw, error) {
	d := c.db
	reply := encode(ct)
	switch c.cmd.Text("mode") {
	case "messages":
		for _, it := range slices.Clone(ct.chat.items) {
			if it.Content.Type != "chatBanner" {
				ct.chat.remove(it)
			}
		}
		ct.ChatDeleted = true
		reply = encode(ct)
		ct.UpdatedAt = d.net.now()
		return c.reply("contactDeleted", "contact", reply)
	case "entity":
		ct.chat.abandonFiles()
		d.leave(ct, c.cmd.On("notify", true))
		ct.ContactStatus = "deletedByUser"
		ct.UpdatedAt = d.net.now()
		return c.reply("contactDeleted", "contact", ct)
	}
	d.leave(ct, c.cmd.On("notify", true))
	d.forgetContact(ct)
	return c.reply("contactDeleted", "contact", reply)
}

// leave ends the connection to a contact.
func (d *database) leave(ct *contact, notify bool) {
	cn := ct.ActiveConn
	if cn == nil {
		return
	}
	if notify && cn.is("ready") && ct.ContactStatus == "active" {
		id := d.net.key(12)
		cn.send(func(peer *conn) {
			if peer.contact != nil {
				peer.db.deletedByContact(peer.contact, id)
			}
		})
	}
	ct.ActiveConn = nil
	ids := []string{cn.AgentConnID}
	cn.deleted = true
	d.forgetConn(cn)
	d.queuesDeleted(ids, !cn.is("deleted"))
}

// deletedByContact is when the contact deleted the user.
func (d *database) deletedByContact(ct *contact, id string) {
	cn := ct.ActiveConn
	cn.status("deleted")
	ct.ContactStatus = "deleted"
	it := d.internalItem(ct.chat, "directRcv", content{Type: "rcvDirectEvent", Detail: tagged("contactDeleted")}, "contact deleted")
	it.Meta.ItemTs, it.Meta.ItemSharedMsgID = it.Meta.CreatedAt.second(), id
	d.emitItems(ct.chat, ct.chat.info(), it)
	d.emit(ct.user, "contactDeletedByContact", "contact", ct)
	d.queuesDeleted([]string{cn.AgentConnID}, true)
	ct.UpdatedAt = d.net.now()
}

// forgetContact removes a contact and what belongs to it.
func (d *database) forgetContact(ct *contact) {
	for _, it := range slices.Clone(ct.chat.items) {
		ct.chat.remove(it)
	}
	if r := ct.user.requests[ct.ContactRequestID]; r != nil {
		d.freeRequest(r)
	}
	if !d.staysMember(ct) {
		d.free("profile", ct.Profile.ProfileID)
		delete(ct.user.names, ct.LocalDisplayName)
	}
	d.free("contact", ct.ContactID)
	delete(ct.user.contacts, ct.ContactID)
	delete(ct.user.asked, ct.chat.xContactID)
}

// staysMember tells whether a contact that is deleted goes on as a member of
// groups, which then keeps name and profile.
func (d *database) staysMember(ct *contact) bool {
	stays := false
	for _, g := range ct.user.groups {
		for _, m := range g.members {
			if m.MemberContactID == ct.ContactID {
				m.MemberContactID, m.UpdatedAt, stays = 0, d.net.now(), true
			}
		}
	}
	return stays
}
