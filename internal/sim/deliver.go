package sim

// message is a message on its way to one peer.
type message struct {
	sharedID    string
	content     msgContent
	quote       *quoteRef
	mentions    map[string]string // name to the member's id in the group
	live        bool
	ttl         *int64
	file        *offer
	forwarded   bool
	asGroup     bool    // from the channel, not from a member
	userMention bool    // here
	author      *member // here, in groups
	at          stamp   // when the server took it
}

// quoteRef is a quote as peers see it.
type quoteRef struct {
	sharedID string
	sentAt   stamp
	content  msgContent
	sent     bool   // by the one who quotes
	memberID string // in groups: who wrote it
}

// wire is the item as peers get it.
func (it *item) wire() message {
	m := message{sharedID: it.sharedID, content: *it.msg, live: it.live(), forwarded: it.ItemForwarded != nil,
		asGroup: it.Meta.ShowGroupAsSender}
	if it.ItemTimed != nil {
		m.ttl = &it.ItemTimed.TTL
	}
	if it.Quoted != nil {
		q := &quoteRef{sharedID: it.Quoted.SharedMsgID, sentAt: it.Quoted.SentAt, content: msgContent{raw: it.Quoted.Content}}
		if src := it.chat.db.items[it.Quoted.ItemID]; src != nil {
			q.content, q.sent = src.quotedWith(*it.msg), src.sent()
			if it.chat.group != nil {
				q.memberID = src.authorID()
			}
		}
		m.quote = q
	}
	if len(it.Mentions) > 0 {
		m.mentions = map[string]string{}
		for name, men := range it.Mentions {
			m.mentions[name] = men.MemberID
		}
	}
	m.file = it.offer()
	return m
}

// postDirect posts items to a contact, and the news of their delivery.
func (d *database) postDirect(ct *contact, items []*item) {
	if !ct.ActiveConn.peerGone() {
		d.net.postAs(d, func() { d.itemsSent(ct.chat, items) }, true)
	}
	msgs, steady := wires(items)
	ct.ActiveConn.sendOr(func(peer *conn) {
		peer.receivesPQ()
		if peer.contact == nil {
			return
		}
		peer.db.messagesReceived(peer.contact, msgs)
	}, func() { d.sendFailed(ct, items) }, steady)
}

// wires are items as peers get them; steady is whether they are messages only.
func wires(items []*item) (msgs []message, steady bool) {
	steady = true
	for _, it := range items {
		m := it.wire()
		steady = steady && m.file == nil
		msgs = append(msgs, m)
	}
	return msgs, steady
}

// itemsSent marks items as sent and tells so.
func (d *database) itemsSent(ch *chat, items []*item) {
	d.statuses(ch, items, func(it *item) bool {
		if it.Meta.ItemStatus.Type != "sndNew" {
			return false
		}
		it.Meta.ItemStatus = sndSent
		noProxy := false
		it.Meta.SentViaProxy = &noProxy
		d.startTimer(it)
		return true
	})
}

// statuses changes the status of items and tells of those that changed; the
// time of the change is stored, but not yet told.
func (d *database) statuses(ch *chat, items []*item, change func(*item) bool) {
	var changed []*item
	for _, it := range items {
		if !it.gone && change(it) {
			changed = append(changed, it)
		}
	}
	if len(changed) == 0 {
		return
	}
	d.event(itemsResult(ch.user.json(), ch, "chatItemsStatusesUpdated", nil, changed, (*item).storedDir))
	for _, it := range changed {
		it.Meta.UpdatedAt = d.net.now()
	}
}

// sendFailed marks items as refused by the server: the contact is gone.
func (d *database) sendFailed(ct *contact, items []*item) {
	cn := ct.ActiveConn
	if cn == nil {
		return
	}
	d.statuses(ct.chat, items, func(it *item) bool {
		it.Meta.ItemStatus = &itemStatus{Type: "sndError", AgentError: tagged("auth")}
		return true
	})
	entity := tagged("rcvDirectMsgConnection", "entityConnection", cn, "contact", ct)
	d.event(object("error", tagged("errorAgent",
		"agentError", tagged("SMP", "serverAddress", serverAddress, "smpErr", tag{"AUTH"}), "agentConnId", cn.AgentConnID,
		"connectionEntity_", entity)))
	cn.AuthErrCounter++
	if cn.AuthErrCounter >= refusalsUntilDisabled {
		d.event(result("connectionDisabled", "connectionEntity", entity))
	}
}
