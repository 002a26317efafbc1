package sim

// messagesReceived stores messages of a contact, tells of each, and sends one
// receipt for all.
func (d *database) messagesReceived(ct *contact, msgs []message) {
	var ids []string
	for _, m := range msgs {
		ids = append(ids, m.sharedID)
		if d.refusesFile(m.file) {
			continue
		}
		it := d.received(ct.chat, direction{Type: "directRcv"}, m)
		if q := m.quote; q != nil {
			it.Quoted = ct.chat.quoteFrom(q, func(sent bool) direction {
				if sent {
					return direction{Type: "directRcv"}
				}
				return direction{Type: "directSnd"}
			})
		}
		d.emitItems(ct.chat, nil, it)
		if ct.ChatDeleted {
			ct.ChatDeleted = false
			d.net.changed()
		}
		d.offered(it, m.file)
	}
	if !ct.sendsReceipts() {
		return
	}
	ct.ActiveConn.sendOr(func(peer *conn) {
		if peer.contact != nil {
			peer.db.receiptReceived(peer.contact, ids)
		}
	}, nil, true)
}

func (ct *contact) sendsReceipts() bool {
	if ct.ChatSettings.SendRcpts != nil {
		return *ct.ChatSettings.SendRcpts
	}
	return ct.user.SendRcptsContacts
}

// received stores a message of a peer.
func (d *database) received(ch *chat, dir direction, m message) *item {
	now := d.net.now()
	at := m.at
	if at.isZero() {
		at = now.second()
	}
	msg := m.content // a copy, so that the rest need not be kept
	it := &item{ChatDir: dir, said: &said{msg: &msg, ItemLive: flag(m.live)}, sharedID: m.sharedID, Meta: meta{
		ItemTs: at, ItemText: m.content.shown(), ItemStatus: rcvNew, ItemSharedMsgID: m.sharedID,
		UserMention: m.userMention, CreatedAt: now, UpdatedAt: now,
	}}
	it.Content = &content{Type: "rcvMsgContent", Detail: m.content.raw}
	it.member, it.author = m.author, m.author
	if m.content.typ == "report" {
		it.Meta.ItemStatus = rcvRead
	}
	it.FormattedText, it.Meta.HasLink = markdown(m.content.text)
	it.Meta.HasLink = it.Meta.HasLink || m.content.typ == "link"
	if on, _ := ch.disappearing(); on && m.ttl != nil {
		it.ItemTimed = &itemTimed{TTL: *m.ttl}
	}
	if m.forwarded {
		it.ItemForwarded = forwardedUnknown
	}
	if m.file != nil {
		d.receiveOffer(it, m.file)
	}
	ch.add(it)
	ch.touch(now)
	return it
}

// quoteFrom is a quote as it is shown here; the item may be unknown here.
func (ch *chat) quoteFrom(q *quoteRef, dir func(sent bool) direction) *quote {
	f, _ := markdown(q.content.text)
	dr := dir(q.sent)
	r := &quote{ChatDir: &dr, SharedMsgID: q.sharedID, SentAt: q.sentAt, Content: q.content.raw, FormattedText: f}
	it := ch.shared[q.sharedID]
	if it == nil && ch.group != nil {
		it = ch.group.shared(q.sharedID)
	}
	if it != nil {
		r.ItemID = it.Meta.ItemID
	}
	return r
}

// receiptReceived marks items as delivered.
func (d *database) receiptReceived(ct *contact, ids []string) {
	if !ct.sendsReceipts() {
		return
	}
	var items []*item
	for _, id := range ids {
		if it := ct.chat.shared[id]; it != nil {
			items = append(items, it)
		}
	}
	d.statuses(ct.chat, items, func(it *item) bool {
		it.Meta.ItemStatus = sndRcvd
		return true
	})
}
