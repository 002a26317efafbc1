package sim

import "time"

// maxHistory is how many messages a new member gets, and keepFiles how long files
// stay at the server.
const (
	maxHistory = 100
	keepFiles  = 48 * time.Hour
)

// pastMessage is a message that a new member gets, with its author as the group
// knows them.
type pastMessage struct {
	message
	author introduced
}

// sendHistory sends a new member the last messages and the description of the
// group, if the group says so.
func (d *database) sendHistory(g *group, m *member) {
	if !g.allows("history", m) || m.customer() {
		return
	}
	defer d.sendDescription(g, m)
	msgs := g.history()
	if len(msgs) == 0 {
		return
	}
	m.post(func(to *group, by *member) {
		p := to.chat.db
		for _, w := range msgs {
			author := by
			if w.author.memberID != by.MemberID {
				author = to.byMemberID(w.author.memberID)
			}
			if author == nil { // is in the group no more
				author = p.stranger(to, by, w.author)
			}
			it := p.receivedInGroup(to.chat, author, w.message)
			it.Meta.ForwardedByMember = by.GroupMemberID
			p.emitItems(to.chat, to.chat.info(), it)
			p.offered(it, w.file)
		}
	})
}

// history are the last messages of the group, but those of blocked members.
func (g *group) history() []pastMessage {
	var items []*item
	for _, it := range g.chat.items {
		if it.message() && it.Meta.ItemDeleted == nil {
			items = append(items, it)
		}
	}
	var msgs []pastMessage
	for _, it := range items[max(0, len(items)-maxHistory):] {
		author := g.Membership
		if it.member != nil {
			author = it.member
		}
		w := it.wire()
		w.at, w.file = it.Meta.ItemTs, it.fileLeft()
		if !author.BlockedByAdmin && (it.msg.text != "" || w.file != nil) {
			msgs = append(msgs, pastMessage{w, author.asIntroduced()})
		}
	}
	return msgs
}

// fileLeft is the file of an item, if it can be had from the server still.
func (it *item) fileLeft() *offer {
	f := it.file
	if f == nil || f.cancelled || !f.sent && !f.descr || !f.offer.upload.ready || f.offer.upload.gone ||
		it.chat.db.net.clock.Now().Sub(it.Meta.ItemTs.time()) > keepFiles {
		return nil
	}
	return f.offer
}

// description shows the user the description of a group that sends no history.
func (d *database) description(g *group, host *member) {
	text := g.GroupProfile.Description
	seen := g.PreparedGroup != nil && g.PreparedGroup.WelcomeID != ""
	if text == "" || seen || g.FullGroupPreferences.History.Enable == "on" {
		return
	}
	content, _ := readContent(textMessage(text).MsgContent)
	it := d.receivedInGroup(g.chat, host, message{content: content})
	it.Meta.ItemTs = it.Meta.CreatedAt
	d.emitItems(g.chat, g.chat.info(), it)
}

// sendDescription sends the group's description as a message.
func (d *database) sendDescription(g *group, m *member) {
	if g.GroupProfile.Description == "" || m.seenWelcome {
		return
	}
	content, _ := readContent(textMessage(g.GroupProfile.Description).MsgContent)
	w := message{sharedID: d.net.key(12), content: content}
	m.post(func(to *group, by *member) {
		p := to.chat.db
		p.emitItems(to.chat, to.chat.info(), p.receivedInGroup(to.chat, by, w))
	})
}
