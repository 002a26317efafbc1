package sim

import (
	"encoding/json"
	"fmt"
	"sort"
	"time"
)

// chat is the list of items of a contact, a group, the notes, or of the support
// chat of one member.
type chat struct {
	db      *database
	user    *user
	contact *contact
	group   *group
	support *supportChat // nil in the group's main chat
	notes   *noteFolder

	items    []*item // by number
	shared   map[string]*item
	unread   int
	mentions int
	marked   bool // as unread
	cleared  bool
}

func newChat(d *database, u *user) *chat { return &chat{db: d, user: u, shared: map[string]*item{}} }

// direction is who sent an item, and in which kind of chat.
type direction struct {
	Type   string `json:"type"`
	Member raw    `json:"groupMember,omitempty"`
}

type meta struct {
	ItemID            int64        `json:"itemId"`
	ItemTs            stamp        `json:"itemTs"`
	ItemText          string       `json:"itemText"`
	ItemStatus        itemStatus   `json:"itemStatus"`
	SentViaProxy      *bool        `json:"sentViaProxy,omitempty"`
	ItemSharedMsgID   string       `json:"itemSharedMsgId,omitempty"`
	ItemForwarded     raw          `json:"itemForwarded,omitempty"`
	ItemDeleted       *itemDeleted `json:"itemDeleted,omitempty"`
	ItemEdited        bool         `json:"itemEdited"`
	ItemTimed         *itemTimed   `json:"itemTimed,omitempty"`
	ItemLive          *bool        `json:"itemLive,omitempty"`
	UserMention       bool         `json:"userMention"`
	HasLink           bool         `json:"hasLink"`
	Deletable         bool         `json:"deletable"`
	Editable          bool         `json:"editable"`
	ForwardedByMember int64        `json:"forwardedByMember,omitempty"`
	ShowGroupAsSender bool         `json:"showGroupAsSender"`
	CreatedAt         stamp        `json:"createdAt"`
	UpdatedAt         stamp        `json:"updatedAt"`
}

type itemStatus struct {
	Type          string `json:"type"`
	MsgRcptStatus string `json:"msgRcptStatus,omitempty"`
	SndProgress   string `json:"sndProgress,omitempty"`
	AgentError    raw    `json:"agentError,omitempty"`
}

type itemDeleted struct {
	Type      string `json:"type"`
	DeletedTs *stamp `json:"deletedTs,omitempty"`
	ChatType  string `json:"chatType,omitempty"`
	ByMember  raw    `json:"byGroupMember,omitempty"`
}

type itemTimed struct {
	TTL      int64  `json:"ttl"`
	DeleteAt *stamp `json:"deleteAt,omitempty"`
}

// content is what an item says; only the fields of its type are set.
type content struct {
	Type            string   `json:"type"`
	MsgContent      raw      `json:"msgContent,omitempty"`
	Feature         string   `json:"feature,omitempty"`
	Enabled         *enabled `json:"enabled,omitempty"`
	Allowed         string   `json:"allowed,omitempty"`
	Param           *int64   `json:"param,omitempty"`
	GroupFeature    string   `json:"groupFeature,omitempty"`
	Preference      raw      `json:"preference,omitempty"`
	MemberRole      string   `json:"memberRole_,omitempty"`
	E2EEInfo        raw      `json:"e2eeInfo,omitempty"`
	RcvDirectEvent  raw      `json:"rcvDirectEvent,omitempty"`
	RcvGroupEvent   raw      `json:"rcvGroupEvent,omitempty"`
	SndGroupEvent   raw      `json:"sndGroupEvent,omitempty"`
	GroupInvitation raw      `json:"groupInvitation,omitempty"`
	Role            string   `json:"memberRole,omitempty"`
	DeleteMode      string   `json:"deleteMode,omitempty"`
}

type mention struct {
	MemberID  string `json:"memberId"`
	MemberRef raw    `json:"memberRef,omitempty"`
}

type quote struct {
	ChatDir       *direction  `json:"chatDir,omitempty"`
	ItemID        int64       `json:"itemId,omitempty"`
	SharedMsgID   string      `json:"sharedMsgId,omitempty"`
	SentAt        stamp       `json:"sentAt"`
	Content       raw         `json:"content"`
	FormattedText []formatted `json:"formattedText,omitempty"`
}

type reactionCount struct {
	Reaction     raw  `json:"reaction"`
	UserReacted  bool `json:"userReacted"`
	TotalReacted int  `json:"totalReacted"`
}

// item is one entry of a chat.
type item struct {
	ChatDir       direction          `json:"chatDir"`
	Meta          meta               `json:"meta"`
	Content       content            `json:"content"`
	Mentions      map[string]mention `json:"mentions"`
	FormattedText []formatted        `json:"formattedText,omitempty"`
	Quoted        *quote             `json:"quotedItem,omitempty"`
	Reactions     []reactionCount    `json:"reactions"`
	File          *fileInfo          `json:"file,omitempty"`

	chat       *chat
	sharedID   string
	msg        msgContent
	member     *member // who sent it, in groups
	author     *member // whom the direction names; for items about events too
	reactedBy  []reactor
	versions   []version
	recipients []*recipient // in groups
	file       *file
	timer      *timer
	gone       bool
	blocked    bool // the author was blocked when it came
}

// version is a text that an item had.
type version struct {
	ID        int64       `json:"chatItemVersionId"`
	Content   raw         `json:"msgContent"`
	Formatted []formatted `json:"formattedText,omitempty"`
	At        stamp       `json:"itemVersionTs"`
	CreatedAt stamp       `json:"createdAt"`
}

// live tells whether the item is still being written.
func (it *item) live() bool { return it.Meta.ItemLive != nil && *it.Meta.ItemLive }

// flag is a switch that is left out where it never was on.
func flag(on bool) *bool {
	if !on {
		return nil
	}
	return &on
}

// sent tells whether the user made the item.
func (it *item) sent() bool {
	t := it.ChatDir.Type
	return t == "directSnd" || t == "groupSnd" || t == "localSnd"
}

// listed is the item as it is read from the database: with its author as known
// now, without the connection. Only news of a new item shows that.
func (it *item) listed() raw {
	if it.author == nil {
		return encode(it)
	}
	shown := *it
	shown.ChatDir = it.author.stored()
	return encode(&shown)
}

func listedItems(items []*item) []raw {
	list := make([]raw, len(items))
	for i, it := range items {
		list[i] = it.listed()
	}
	return list
}

// message tells whether it is a message, not something that happened.
func (it *item) message() bool {
	return it.Content.Type == "sndMsgContent" || it.Content.Type == "rcvMsgContent"
}

// add stores an item under the next number of the database.
func (ch *chat) add(it *item) {
	d := ch.db
	d.lastItem++
	it.chat = ch
	it.Meta.ItemID = d.lastItem
	if it.Mentions == nil {
		it.Mentions = map[string]mention{}
	}
	if it.Reactions == nil {
		it.Reactions = []reactionCount{}
	}
	ch.items = append(ch.items, it)
	d.items[it.Meta.ItemID] = it
	if it.sharedID != "" {
		ch.shared[it.sharedID] = it
	}
	if ch.support != nil {
		ch.support.said(it)
	}
	if it.Meta.ItemStatus.Type == "rcvNew" {
		ch.unread++
		if it.Meta.UserMention {
			ch.mentions++
		}
	}
}

// remove deletes an item for good.
func (ch *chat) remove(it *item) {
	i := sort.Search(len(ch.items), func(i int) bool { return ch.items[i].Meta.ItemID >= it.Meta.ItemID })
	if i < len(ch.items) && ch.items[i] == it {
		ch.items = append(ch.items[:i], ch.items[i+1:]...)
	}
	delete(ch.db.items, it.Meta.ItemID)
	delete(ch.shared, it.sharedID)
	ch.markRead(it)
	it.gone = true
	if it.timer != nil {
		it.timer.dead = true
	}
}

// markRead makes an unread item read.
func (ch *chat) markRead(it *item) bool {
	if it.Meta.ItemStatus.Type != "rcvNew" {
		return false
	}
	it.Meta.ItemStatus.Type = "rcvRead"
	it.Meta.UpdatedAt = ch.db.net.now()
	ch.unread--
	if ch.support != nil {
		ch.support.read(it)
	}
	if it.Meta.UserMention {
		ch.mentions--
	}
	return true
}

// sortItems sorts by number.
func sortItems(items []*item) {
	sort.Slice(items, func(i, j int) bool { return items[i].Meta.ItemID < items[j].Meta.ItemID })
}

func (ch *chat) count() int { return len(ch.items) }

// lastFeature is the last item about the state of a feature.
func (ch *chat) lastFeature(feature string) *item {
	for i := len(ch.items) - 1; i >= 0; i-- {
		c := ch.items[i].Content
		if c.Feature == feature && (c.Type == "rcvChatFeature" || c.Type == "sndChatFeature") {
			return ch.items[i]
		}
	}
	return nil
}

// touch sets the time of the last item.
func (ch *chat) touch(at stamp) {
	switch {
	case ch.contact != nil:
		ch.contact.ChatTs = &at
	case ch.support != nil:
		ch.support.ChatTs = at
		ch.group.ChatTs = &at
	case ch.group != nil:
		ch.group.ChatTs = &at
	case ch.notes != nil:
		ch.notes.ChatTs = at
	}
}

func directInfo(contact raw) raw { return tagged("direct", "contact", contact) }

// info is the chat as it stands in items and lists.
func (ch *chat) info() raw {
	switch {
	case ch.contact != nil:
		return directInfo(encode(ch.contact))
	case ch.notes != nil:
		return tagged("local", "noteFolder", ch.notes)
	case ch.support != nil:
		return tagged("group", "groupInfo", encode(ch.group), "groupChatScope", ch.support.scope())
	default:
		return tagged("group", "groupInfo", encode(ch.group))
	}
}

// entry is an item with its chat.
func entry(info raw, it *item) raw { return object("chatInfo", info, "chatItem", it.listed()) }

// emitItems tells of new items with the chat as it was.
func (d *database) emitItems(ch *chat, info raw, items ...*item) {
	list := make([]raw, len(items))
	for i, it := range items {
		list[i] = object("chatInfo", info, "chatItem", encode(it))
	}
	d.emit(ch.user, "newChatItems", "chatItems", list)
}

// internalItem adds an item that is no message; it is read at once.
func (d *database) internalItem(ch *chat, dir string, c content, text string) *item {
	now := d.net.now()
	it := &item{ChatDir: direction{Type: dir}, Content: c, Meta: meta{
		ItemTs: now, ItemText: text, ItemStatus: itemStatus{Type: "rcvRead"}, CreatedAt: now, UpdatedAt: now,
	}}
	if it.sent() {
		it.Meta.ItemStatus.Type = "sndNew"
	}
	ch.add(it)
	if c.Type == "sndChatFeature" || c.Type == "sndChatPreference" {
		ch.touch(now)
	}
	return it
}

// banner adds the item that a chat begins with.
func (d *database) banner(ch *chat) *item {
	dir := "directSnd"
	if ch.group != nil {
		dir = "groupSnd"
	}
	it := d.internalItem(ch, dir, content{Type: "chatBanner"}, "chat banner")
	it.Meta.ItemTs = epoch
	ch.touch(it.Meta.CreatedAt)
	return it
}

// e2eeItem adds the item about the encryption of a chat. pq is nil where it
// is not known yet.
func (d *database) e2eeItem(ch *chat, pq *bool) *item {
	text := "This conversation is protected by end-to-end encryption"
	info := raw("{}")
	if pq != nil {
		info = object("pqEnabled", *pq)
		if *pq {
			text = "This conversation is protected by quantum resistant end-to-end encryption. It has perfect forward secrecy, repudiation and quantum resistant break-in recovery."
		} else {
			text += " with perfect forward secrecy, repudiation and break-in recovery."
		}
	}
	return d.internalItem(ch, "directRcv", content{Type: "rcvDirectE2EEInfo", E2EEInfo: info}, text)
}

// enabledItems adds the items about the features of a direct chat.
func (d *database) enabledItems(ct *contact) []*item {
	var items []*item
	for _, f := range chatFeatures {
		text, param := ct.MergedPreferences.state(f)
		e := ct.MergedPreferences.get(f).Enabled // a copy
		items = append(items, d.internalItem(ct.chat, "directRcv", content{Type: "rcvChatFeature", Feature: f, Enabled: &e, Param: param}, text))
	}
	return items
}

// item finds an item of a chat.
func (ch *chat) item(id int64) (*item, error) {
	if it := ch.db.items[id]; it != nil && it.chat == ch {
		return it, nil
	}
	return nil, storeError("chatItemNotFound", "itemId", id)
}

// msgContent is the content of a message: its type and text, and all of it.
type msgContent struct {
	typ, text string
	raw       raw
}

// readContent reads a message content and writes it as the core does: known
// types with their own fields only, unknown ones as they are.
func readContent(body []byte) (msgContent, error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return msgContent{}, errSyntax
	}
	var m msgContent
	if json.Unmarshal(fields["type"], &m.typ) != nil || m.typ == "" {
		return m, errSyntax
	}
	names, known := contentFields[m.typ]
	if err := json.Unmarshal(fields["text"], &m.text); known && (err != nil || fields["text"] == nil) {
		return m, errSyntax
	}
	if !known {
		if m.text == "" {
			m.text = "unknown message type"
		}
		m.raw = encode(json.RawMessage(body))
		return m, nil
	}
	pairs := []any{"text", m.text}
	for _, name := range names {
		v, ok := fields[name]
		if !ok && name != "ownerSig" {
			return m, errSyntax
		}
		if ok && string(v) != "null" {
			pairs = append(pairs, name, v)
		}
	}
	m.raw = tagged(m.typ, pairs...)
	return m, nil
}

// shown is the text of an item: a voice message without a text shows its length.
func (m msgContent) shown() string {
	if m.typ == "report" {
		var v struct{ Reason string }
		_ = json.Unmarshal(m.raw, &v)
		if m.text == "" {
			return "report " + v.Reason
		}
		return "report " + v.Reason + ": " + m.text
	}
	if m.typ != "voice" {
		return m.text
	}
	var v struct{ Duration int }
	_ = json.Unmarshal(m.raw, &v)
	s := fmt.Sprintf("voice message (%02d:%02d)", v.Duration/60, v.Duration%60)
	if m.text == "" {
		return s
	}
	return s + " " + m.text
}

// contentFields are the fields of the known types, besides the text.
var contentFields = map[string][]string{
	"text": nil, "link": {"preview"}, "image": {"image"}, "video": {"image", "duration"}, "voice": {"duration"},
	"file": nil, "report": {"reason"}, "chat": {"chatLink", "ownerSig"},
}

// epoch is the time of banners, so that they stand first.
var epoch = stamp{time.Unix(0, 0).UTC()}
