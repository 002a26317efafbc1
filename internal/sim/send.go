package sim

import (
	"encoding/json"
	"strings"
	"time"
)

// sendCommands send messages.
var sendCommands = table{
	"APISendMessages":         {run: sendMessages},
	"SendMessage":             {run: sendByName},
	"APICreateChatItems":      {run: createNotes},
	"APIForwardChatItems":     {run: forward},
	"APIPlanForwardChatItems": {run: planForward},
}

// maxMessage is how many bytes a message may have on its way: the JSON of its
// texts, quote included.
const maxMessage = 15488

// composed is a message that is to be sent.
type composed struct {
	FileSource   *cryptoFile      `json:"fileSource"`
	QuotedItemID *int64           `json:"quotedItemId"`
	MsgContent   json.RawMessage  `json:"msgContent"`
	Mentions     map[string]int64 `json:"mentions"`

	content   msgContent
	quoted    *item
	forwarded raw // where it comes from
}

// outgoing is one command to send: to which chat, and how.
type outgoing struct {
	chat    *chat
	live    bool
	ttl     *int64
	asGroup bool
	report  bool // is not counted as sent by the sender alone
	msgs    []composed
}

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

func sendMessages(c *call) (raw, error) {
	out := outgoing{live: c.cmd.On("liveMessage", false)}
	if c.cmd.Has("ttl") {
		ttl := c.cmd.Int("ttl")
		out.ttl = &ttl
	}
	if c.cmd.Has("text") {
		out.msgs = []composed{textMessage(c.cmd.Text("text"))}
	} else if err := c.decode("composedMessages", &out.msgs); err != nil {
		return nil, err
	}
	for i := range out.msgs {
		m, err := readContent(out.msgs[i].MsgContent)
		if err != nil {
			return nil, err
		}
		out.msgs[i].content = m
	}
	ref := c.cmd.Ref("sendRef")
	out.asGroup = ref.AsGroup
	ch, err := c.chat(ref)
	if err != nil {
		return nil, err
	}
	out.chat = ch
	return c.send(out)
}

func textMessage(text string) composed {
	return composed{MsgContent: json.RawMessage(tagged("text", "text", text))}
}

// sendByName is what people write at a terminal: @alice hello.
func sendByName(c *call) (raw, error) {
	m := textMessage(c.cmd.Text("text"))
	m.content, _ = readContent(m.MsgContent)
	name := c.cmd.Text("contactName")
	for _, ct := range c.user.contacts {
		if name != "" && ct.LocalDisplayName == name {
			return c.send(outgoing{chat: ct.chat, msgs: []composed{m}})
		}
	}
	name = c.cmd.Text("groupName")
	for _, g := range c.user.groups {
		if name != "" && g.LocalDisplayName == name {
			return c.send(outgoing{chat: g.chat, msgs: []composed{m}})
		}
	}
	return nil, storeError("contactNotFoundByName", "contactName", c.cmd.Text("contactName"))
}

// send stores messages, answers with them and posts them.
func (c *call) send(out outgoing) (raw, error) {
	if err := out.check(); err != nil {
		return nil, err
	}
	if out.chat.group != nil {
		return c.sendGroup(out)
	}
	ct := out.chat.contact
	if !ct.ready() {
		return nil, chatError("contactNotReady", "contact", ct)
	}
	if ct.ContactStatus != "active" {
		return nil, chatError("contactNotActive", "contact", ct)
	}
	large, err := out.prepare()
	if err != nil {
		return nil, err
	}
	if large != nil {
		defer c.db.event(result("chatErrors", "chatErrors", large))
	}
	ct.ActiveConn.PQSndEnabled = true
	info := out.chat.info()
	items := out.items(direction{Type: "directSnd"})
	reply := make([]raw, len(items))
	for i, it := range items {
		reply[i] = entry(info, it)
	}
	c.db.postDirect(ct, items, out)
	return c.reply("newChatItems", "chatItems", reply)
}

// check refuses what can't be sent in one command.
func (out *outgoing) check() error {
	quotes := 0
	for _, m := range out.msgs {
		if m.QuotedItemID != nil {
			quotes++
		}
		if m.content.typ == "report" && !out.report {
			return commandError("sending reports via this API is not supported")
		}
	}
	if len(out.msgs) > 1 && (out.live || quotes > 1) {
		return commandError("invalid multi send: live and more than one quote not supported")
	}
	return nil
}

// prepare finds the quoted items, and takes out messages that are too large:
// their errors are told where others can be sent.
func (out *outgoing) prepare() (large []raw, err error) {
	var fit []composed
	for _, m := range out.msgs {
		size := jsonSize(m.content)
		if m.FileSource != nil {
			if err := out.chat.db.checkFile(*m.FileSource); err != nil {
				return nil, err
			}
		}
		if m.QuotedItemID != nil {
			q, err := out.chat.item(*m.QuotedItemID)
			if err != nil {
				return nil, err
			}
			if !q.message() || q.Meta.ItemDeleted != nil {
				return nil, storeError("invalidQuote")
			}
			m.quoted = q
			size += jsonSize(quotedContent(q.msg))
		}
		if size > maxMessage {
			large = append(large, errLarge.(*apiError).body)
			continue
		}
		fit = append(fit, m)
	}
	if len(fit) == 0 {
		return nil, errLarge
	}
	out.msgs = fit
	return large, nil
}

var errLarge = storeError("largeMsg")

// jsonSize is how many bytes the variable part of a content takes.
func jsonSize(m msgContent) int {
	if m.typ == "text" {
		return len(encode(m.text)) - 2
	}
	return len(m.raw) - len(`{"type":"text","text":""}`)
}

// quotedContent is what of a message a quote carries: texts are cut only in
// the core's view of files, so only large previews are left out.
func quotedContent(m msgContent) msgContent {
	return m
}

// items stores the messages, all with one time.
func (out *outgoing) items(dir direction) []*item {
	now := out.chat.db.net.now()
	items := make([]*item, len(out.msgs))
	for i := range out.msgs {
		items[i] = out.chat.newMessage(dir, &out.msgs[i], now, out.live, out.timed())
	}
	out.chat.touch(now)
	return items
}

func (out *outgoing) timed() *int64 {
	if out.chat.contact == nil {
		return nil
	}
	m := out.chat.contact.MergedPreferences.get("timedMessages")
	switch {
	case !m.Enabled.ForUser || !m.Enabled.ForContact:
		return nil
	case out.ttl == nil:
		return timedTTL(m)
	case *out.ttl == 0:
		return nil
	}
	return out.ttl
}

// newMessage stores one message of the user.
func (ch *chat) newMessage(dir direction, m *composed, now stamp, live bool, ttl *int64) *item {
	d := ch.db
	it := &item{ChatDir: dir, msg: m.content, sharedID: d.net.key(12), Meta: meta{
		ItemTs: now, ItemText: m.content.shown(), ItemStatus: itemStatus{Type: "sndNew"}, ItemLive: flag(live),
		Deletable: true, Editable: m.forwarded == nil, CreatedAt: now, UpdatedAt: now, ItemForwarded: m.forwarded,
	}}
	it.Meta.ItemSharedMsgID = it.sharedID
	it.Content = content{Type: "sndMsgContent", MsgContent: m.content.raw}
	it.FormattedText, it.Meta.HasLink = markdown(m.content.text)
	it.Meta.HasLink = it.Meta.HasLink || m.content.typ == "link"
	if ttl != nil {
		at := stamp{d.net.now().Add(time.Duration(*ttl) * time.Second)}
		it.Meta.ItemTimed = &itemTimed{TTL: *ttl, DeleteAt: &at}
	}
	if m.quoted != nil {
		it.Quoted = ch.quoteOf(m.quoted)
	}
	if m.FileSource != nil {
		d.attach(it, *m.FileSource)
	}
	ch.add(it)
	return it
}

// quoteOf is a quote of an item of this chat.
func (ch *chat) quoteOf(q *item) *quote {
	dir := q.ChatDir
	if q.author != nil {
		dir = q.author.stored()
	}
	f, _ := markdown(q.msg.text)
	return &quote{ChatDir: &dir, ItemID: q.Meta.ItemID, SharedMsgID: q.sharedID, SentAt: q.Meta.ItemTs,
		Content: quotedContent(q.msg).raw, FormattedText: f}
}

// wire is the item as peers get it.
func (it *item) wire() message {
	m := message{sharedID: it.sharedID, content: it.msg, live: it.live(), forwarded: it.Meta.ItemForwarded != nil}
	if it.Meta.ItemTimed != nil {
		m.ttl = &it.Meta.ItemTimed.TTL
	}
	if it.Quoted != nil {
		q := &quoteRef{sharedID: it.Quoted.SharedMsgID, sentAt: it.Quoted.SentAt, content: msgContent{raw: it.Quoted.Content}}
		if src := it.chat.db.items[it.Quoted.ItemID]; src != nil {
			q.content, q.sent = src.msg, src.sent()
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
func (d *database) postDirect(ct *contact, items []*item, out outgoing) {
	if !ct.ActiveConn.peerGone() {
		d.net.post(d, func() { d.itemsSent(ct.chat, items) })
	}
	msgs := make([]message, len(items))
	for i, it := range items {
		msgs[i] = it.wire()
	}
	ct.ActiveConn.sendOr(func(peer *conn) {
		peer.PQRcvEnabled = true
		if peer.contact == nil {
			return
		}
		peer.db.messagesReceived(peer.contact, msgs)
	}, func() { d.sendFailed(ct, items) })
}

// itemsSent marks items as sent and tells so.
func (d *database) itemsSent(ch *chat, items []*item) {
	d.statuses(ch, items, func(it *item) bool {
		if it.Meta.ItemStatus.Type != "sndNew" {
			return false
		}
		it.Meta.ItemStatus = itemStatus{Type: "sndSent", SndProgress: "complete"}
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
	info := ch.info()
	list := make([]raw, len(changed))
	for i, it := range changed {
		list[i] = entry(info, it)
		it.Meta.UpdatedAt = d.net.now()
	}
	d.emit(ch.user, "chatItemsStatusesUpdated", "chatItems", list)
}

// sendFailed marks items as refused by the server: the contact is gone.
func (d *database) sendFailed(ct *contact, items []*item) {
	cn := ct.ActiveConn
	if cn == nil {
		return
	}
	d.statuses(ct.chat, items, func(it *item) bool {
		it.Meta.ItemStatus = itemStatus{Type: "sndError", AgentError: tagged("auth")}
		return true
	})
	d.event(object("error", tagged("errorAgent",
		"agentError", tagged("SMP", "serverAddress", serverAddress, "smpErr", tag{"AUTH"}), "agentConnId", cn.AgentConnID,
		"connectionEntity_", tagged("rcvDirectMsgConnection", "entityConnection", cn, "contact", ct))))
	cn.AuthErrCounter++
}

// messagesReceived stores messages of a contact, tells of each, and sends one
// receipt for all.
func (d *database) messagesReceived(ct *contact, msgs []message) {
	var ids []string
	for _, m := range msgs {
		it := d.received(ct.chat, direction{Type: "directRcv"}, m)
		if q := m.quote; q != nil {
			it.Quoted = ct.chat.quoteFrom(q, func(sent bool) direction {
				if sent {
					return direction{Type: "directRcv"}
				}
				return direction{Type: "directSnd"}
			})
		}
		d.emitItems(ct.chat, ct.chat.info(), it)
		ct.ChatDeleted = false
		d.offered(it, m.file)
		ids = append(ids, m.sharedID)
	}
	if !ct.sendsReceipts() {
		return
	}
	ct.ActiveConn.send(func(peer *conn) {
		if peer.contact != nil {
			peer.db.receiptReceived(peer.contact, ids)
		}
	})
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
	if at.IsZero() {
		at = now.second()
	}
	it := &item{ChatDir: dir, msg: m.content, sharedID: m.sharedID, Meta: meta{
		ItemTs: at, ItemText: m.content.shown(), ItemStatus: itemStatus{Type: "rcvNew"}, ItemSharedMsgID: m.sharedID,
		ItemLive: flag(m.live), UserMention: m.userMention, CreatedAt: now, UpdatedAt: now,
	}}
	it.Content = content{Type: "rcvMsgContent", MsgContent: m.content.raw}
	it.member, it.author = m.author, m.author
	if m.content.typ == "report" {
		it.Meta.ItemStatus.Type = "rcvRead"
	}
	it.FormattedText, it.Meta.HasLink = markdown(m.content.text)
	it.Meta.HasLink = it.Meta.HasLink || m.content.typ == "link"
	if m.ttl != nil {
		it.Meta.ItemTimed = &itemTimed{TTL: *m.ttl}
	}
	if m.forwarded {
		it.Meta.ItemForwarded = tagged("unknown")
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
		it.Meta.ItemStatus = itemStatus{Type: "sndRcvd", MsgRcptStatus: "ok", SndProgress: "complete"}
		return true
	})
}

func createNotes(c *call) (raw, error) {
	var msgs []composed
	if err := c.decode("composedMessages", &msgs); err != nil {
		return nil, err
	}
	notes := c.user.notes
	if c.cmd.Int("noteFolderId") != notes.NoteFolderID {
		return nil, storeError("noteFolderNotFound", "noteFolderId", c.cmd.Int("noteFolderId"))
	}
	now := c.db.net.now()
	info := notes.chat.info()
	list := []raw{}
	for i := range msgs {
		m, err := readContent(msgs[i].MsgContent)
		if err != nil {
			return nil, err
		}
		msgs[i].content = m
	}
	for i := range msgs {
		it := notes.chat.newMessage(direction{Type: "localSnd"}, &msgs[i], now, false, nil)
		it.Meta.ItemSharedMsgID, it.sharedID, it.Meta.Deletable = "", "", false
		list = append(list, entry(info, it))
	}
	notes.chat.touch(now)
	return c.reply("newChatItems", "chatItems", list)
}

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

// names of features in errors.
func notAllowed(feature string) error {
	return commandError(strings.TrimSpace("feature not allowed " + featureNames[feature]))
}
