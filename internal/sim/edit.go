package sim

import "encoding/json"

// editCommands change messages.
var editCommands = table{
	"APIUpdateChatItem":  {run: updateItem, reads: func(c *call) error { _, _, err := c.updated(); return err }},
	"APIGetChatItemInfo": {run: itemInfo},
}

func updateItem(c *call) (raw, error) {
	m, mentions, err := c.updated()
	if err != nil {
		return nil, err
	}
	if m.typ == "report" {
		return nil, errReport
	}
	ref := c.cmd.Ref("chatRef")
	if len(mentions) > 0 && ref.Type != '#' {
		return nil, errMentions
	}
	ch, err := c.chat(ref)
	if err != nil {
		return nil, err
	}
	if err := ch.mayEdit(m); err != nil {
		return nil, err
	}
	it, err := ch.item(c.cmd.Int("chatItemId"))
	if err != nil {
		return nil, err
	}
	if it.Content.Type != "sndMsgContent" || ch.notes == nil && !it.editable() {
		return nil, chatError("invalidChatItemUpdate")
	}
	if ch.group != nil {
		if _, err := ch.audience(); err != nil {
			return nil, err
		}
	}
	live := c.cmd.On("liveMessage", false)
	if string(m.raw) == string(it.msg.raw) && !it.live() {
		return c.reply("chatItemNotChanged", "chatItem", entry(ch.info(), it))
	}
	if err := ch.unheard(); err != nil {
		return nil, err
	}
	var refs map[string]mention
	if ch.group != nil {
		if refs, err = ch.group.mentions(mentions, m.text); err != nil {
			return nil, err
		}
	}
	if ch.notes == nil && jsonSize(m) > maxMessage {
		return nil, storeError("largeMsg")
	}
	if refs != nil {
		it.Mentions = refs
	}
	d := c.db
	d.edited(it, m, live, d.net.now())
	reply, err := c.reply("chatItemUpdated", "chatItem", entry(ch.info(), it))
	if ch.notes == nil {
		d.postEdit(it)
	}
	return reply, err
}

// mayEdit is the error of a user who may not change messages in this chat.
func (ch *chat) mayEdit(m msgContent) error {
	if ch.group == nil {
		return nil
	}
	if ch.support == nil {
		if err := ch.group.requireRole("author"); err != nil {
			return err
		}
	}
	return ch.group.prohibitedLink(m.text)
}

// errMentions is the answer to mentions where there are no members.
var errMentions = commandError("mentions are not supported in this chat")

// updated reads the new content of an item.
func (c *call) updated() (msgContent, map[string]int64, error) {
	if c.cmd.Has("text") {
		m, err := readContent(textMessage(c.cmd.Text("text")).MsgContent)
		return m, nil, err
	}
	var u struct {
		MsgContent json.RawMessage  `json:"msgContent"`
		Mentions   map[string]int64 `json:"mentions"`
	}
	if err := c.decode("updatedMessage", &u); err != nil {
		return msgContent{}, nil, err
	}
	m, err := readContent(u.MsgContent)
	return m, u.Mentions, err
}

// edited changes an item. An item that was live is finished, not edited, and
// becomes no live one again.
func (d *database) edited(it *item, m msgContent, live bool, at stamp) {
	it.own()
	wasLive := it.live()
	changed := string(m.raw) != string(it.msg.raw)
	if changed {
		if len(it.versions) == 0 && !wasLive {
			it.addVersion(*it.msg, it.Meta.ItemTs)
		}
		if !wasLive || !live {
			it.addVersion(m, at)
		}
	}
	it.msg = &m
	it.Content = &content{Type: it.Content.Type, Detail: m.raw}
	it.Meta.ItemText = m.shown()
	it.FormattedText, _ = markdown(m.text)
	if it.ItemLive != nil {
		still := wasLive && live
		it.ItemLive = &still
		if wasLive && !still && (it.sent() || it.Meta.ItemStatus.Type == "rcvRead") {
			d.startTimer(it)
		}
	}
	if !wasLive {
		it.Meta.ItemEdited = true
	}
}

func (it *item) addVersion(m msgContent, at stamp) {
	d := it.chat.db
	d.lastVersion++
	f, _ := markdown(m.text)
	it.versions = append([]version{{ID: d.lastVersion, Content: m.raw, Formatted: f, At: at, CreatedAt: d.net.now().second()}}, it.versions...)
}

// postEdit tells the peers.
func (d *database) postEdit(it *item) {
	id, m, live, ch := it.sharedID, *it.msg, it.live(), it.chat
	if ch.group != nil {
		d.postGroupEdit(it)
		return
	}
	ttl := it.wire().ttl
	ch.contact.ActiveConn.send(func(peer *conn) {
		if peer.contact == nil {
			return
		}
		p := peer.db
		old := peer.contact.chat.shared[id]
		if old == nil { // edited before it was known, or deleted here: arrives as new
			msg := message{sharedID: id, content: m, live: live, ttl: ttl}
			fresh := p.received(peer.contact.chat, direction{Type: "directRcv"}, msg)
			fresh.addVersion(m, p.net.now().second())
			fresh.Meta.ItemEdited = true
			p.emit(peer.user, "chatItemUpdated", "chatItem", entry(peer.contact.chat.info(), fresh))
			return
		}
		p.edited(old, m, live, p.net.now().second())
		p.emit(peer.user, "chatItemUpdated", "chatItem", entry(peer.contact.chat.info(), old))
	})
}

func itemInfo(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	it, err := ch.item(c.cmd.Int("chatItemId"))
	if err != nil {
		return nil, err
	}
	versions := it.versions
	if len(versions) == 0 && it.message() { // the text it was sent with, under the number of the item
		f, _ := markdown(it.msg.text)
		versions = []version{{it.Meta.ItemID, it.msg.raw, f, it.Meta.ItemTs, it.Meta.CreatedAt}}
	} else if versions == nil {
		versions = []version{}
	}
	var statuses any
	if ch.group != nil && it.sent() {
		statuses = it.memberStatuses()
	}
	var from any // the item that was forwarded
	if src := it.forwardedItem(); src != nil {
		from = entry(src.chat.info(), src)
	}
	shown, words := *it, *it.said
	words.Mentions = nil // are not read here
	shown.said = &words
	return c.reply("chatItemInfo", "chatItem", entry(ch.info(), &shown),
		"chatItemInfo", object("itemVersions", versions, "memberDeliveryStatuses", statuses, "forwardedFromChatItem", from))
}
