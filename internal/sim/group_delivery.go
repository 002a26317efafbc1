package sim

import (
	"cmp"
	"slices"
)

// recipient is the delivery of an item to one member.
type recipient struct {
	member *member
	status string // sndNew, sndSent, sndRcvd; refused by the server, or forwarded where another member hands it on
}

// postGroup posts items to members, and the news of their delivery.
func (d *database) postGroup(ch *chat, items []*item, to []*member) {
	msgs, steady := wires(items)
	scope := ch.scopeID()
	for _, m := range to {
		if m.introducer() != nil {
			m.post(func(to *group, by *member) { to.chat.db.groupMessages(by, scope, msgs) })
			continue
		}
		if m.ActiveConn.peerGone() {
			d.refusedByServer(items, m)
			continue
		}
		d.net.postAs(d, func() { d.delivered(ch, items, m, "sndSent") }, true)
		m.ActiveConn.sendOr(func(peer *conn) {
			if peer.member == nil || peer.member.gone() {
				return
			}
			at := peer.member.group
			if at.isRelay() && at.mayWrite(peer.member) {
				at.forward(peer.member, true, steady, func(to *group, by *member) { to.chat.db.groupMessages(by, scope, msgs) })
			}
			peer.db.groupMessages(peer.member, scope, msgs)
		}, nil, steady)
	}
}

// refusedByServer notes that a member's queue is gone.
func (d *database) refusedByServer(items []*item, m *member) {
	d.net.changed()
	for _, it := range items {
		for _, r := range it.recipients {
			if r.member == m {
				r.status = "refused"
			}
		}
	}
	cn := m.ActiveConn
	if cn.AuthErrCounter++; cn.AuthErrCounter == refusalsUntilDisabled {
		d.event(result("connectionDisabled", "connectionEntity", tagged("rcvGroupMsgConnection", "entityConnection", cn, "groupInfo", m.group, "groupMember", m)))
	}
}

// delivered notes that items went to, or reached, one member.
func (d *database) delivered(ch *chat, items []*item, m *member, status string) {
	d.statuses(ch, items, func(it *item) bool {
		for _, r := range it.recipients {
			if r.member == m && statusRank[r.status] < statusRank[status] {
				r.status = status
			}
		}
		next := it.groupStatus()
		if now := it.Meta.ItemStatus; next.Type == now.Type && next.SndProgress == now.SndProgress {
			return false
		}
		it.Meta.ItemStatus = next
		d.startTimer(it)
		return true
	})
}

var statusRank = map[string]int{"sndNew": 0, "sndSent": 1, "sndRcvd": 2}

// groupStatus is the status of an item of all its deliveries.
func (it *item) groupStatus() *itemStatus {
	sent, received := 0, 0
	for _, r := range it.recipients {
		switch r.status {
		case "sndSent":
			sent++
		case "sndRcvd":
			sent++
			received++
		}
	}
	progress := func(n int) string {
		if n == len(it.recipients) {
			return "complete"
		}
		return "partial"
	}
	switch {
	case received > 0:
		return &itemStatus{Type: "sndRcvd", MsgRcptStatus: "ok", SndProgress: progress(received)}
	case sent > 0:
		return &itemStatus{Type: "sndSent", SndProgress: progress(sent)}
	}
	return it.Meta.ItemStatus
}

// memberStatuses are the deliveries of an item, by member.
func (it *item) memberStatuses() any {
	list := []raw{}
	rs := slices.Clone(it.recipients)
	slices.SortFunc(rs, func(a, b *recipient) int { return cmp.Compare(a.member.GroupMemberID, b.member.GroupMemberID) })
	for _, r := range rs {
		status := tagged(r.status)
		switch r.status {
		case "sndSent":
			status = tagged("sent")
		case "sndRcvd":
			status = tagged("rcvd", "msgRcptStatus", "ok")
		case "sndNew":
			status = tagged("new")
		case "refused":
			status = tagged("error", "agentError", tagged("auth"))
		}
		list = append(list, object("groupMemberId", r.member.GroupMemberID, "memberDeliveryStatus", status, "sentViaProxy", false))
	}
	return list
}
