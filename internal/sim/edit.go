package sim

import "encoding/json"

// editCommands change messages.
var editCommands = table{
	"APIUpdateChatItem":  {run: updateItem},
	"APIGetChatItemInfo": {run: itemInfo},
}

func updateItem(c *call) (raw, error) {
	m, mentions, err := c.updated()
	if err != nil {
		return nil, err
	}
	ref := c.cmd.Ref("chatRef")
	if len(mentions) > 0 && ref.Type != '#' {
		return nil, errMentions
	}
	ch, err := c.chat(ref)
	if err != nil {
		return nil, err
	}
	if err := ch.canSend(); err != nil {
		return nil, err
	}
	if ch.group != nil {
		if err := ch.prohibited(m, false); err != nil {
			return nil, err
		}
	}
	it, err := ch.item(c.cmd.Int("chatItemId"))
	if err != nil {
		return nil, err
	}
	if it.Content.Type != "sndMsgContent" || it.Meta.ItemDeleted != nil || !it.Meta.Editable {
		return nil, chatError("invalidChatItemUpdate")
	}
	if jsonSize(m) > maxMessage {
		return nil, storeError("largeMsg")
	}
	if ch.group != nil {
		refs, err := ch.group.mentions(mentions, m.text)
		if err != nil {
			return nil, err
		}
		if refs != nil {
			it.Mentions = refs
		}
	}
	live := c.cmd.On("liveMessage", false)
	if string(m.raw) == string(it.msg.raw) && !it.live() {
		return c.reply("chatItemNotChanged", "chatItem", entry(ch.info(), it))
	}
	d := c.db
	d.edited(it, m, live, d.net.now())
	if ch.notes == nil {
		d.postEdit(it)
	}
	return c.reply("chatItemUpdated", "chatItem", entry(ch.info(), it))
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

// canSend is the error of sending to a chat that can't be sent to.
func (ch *chat) canSend() error {
	switch {
	case ch.contact != nil && !ch.contact.ready():
		return chatError("contactNotReady", "contact", ch.contact)
	case ch.group != nil && !ch.group.Membership.current():
		return commandError("not current member")
	}
	return nil
}

// edited changes an item. An item that was live is finished, not edited, and
// becomes no live one again.
func (d *database) edited(it *item, m msgContent, live bool, at stamp) {
	wasLive := it.live()
	changed := string(m.raw) != string(it.msg.raw)
	if changed {
		if len(it.versions) == 0 && !wasLive {
			it.addVersion(it.msg, it.Meta.ItemTs)
		}
		if !wasLive || !live {
			it.addVersion(m, at)
		}
	}
	it.msg = m
	it.Content.Detail = m.raw
	it.Meta.ItemText = m.shown()
	it.FormattedText, _ = markdown(m.text)
	if it.Meta.ItemLive != nil {
		still := wasLive && live
		it.Meta.ItemLive = &still
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
	id, m, live, ch := it.sharedID, it.msg, it.live(), it.chat
	if ch.group != nil {
		d.postGroupEdit(it)
		return
	}
	ch.contact.ActiveConn.send(func(peer *conn) {
		if peer.contact == nil {
			return
		}
		p := peer.db
		old := peer.contact.chat.shared[id]
		if old == nil { // edited before it was known, or deleted here: arrives as new
			msg := message{sharedID: id, content: m, live: live}
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
	shown := *it
	shown.Mentions = map[string]mention{} // are not read here
	return c.reply("chatItemInfo", "chatItem", entry(ch.info(), &shown),
		"chatItemInfo", object("itemVersions", versions, "memberDeliveryStatuses", statuses, "forwardedFromChatItem", from))
}
