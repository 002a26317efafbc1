package sim

import (
	"cmp"
	"slices"
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

	xContactID string // of the request that the chat began with
}

func newChat(d *database, u *user) *chat { return &chat{db: d, user: u} }

// share enters an item under the id that peers know it by.
func (ch *chat) share(it *item, id string) {
	if ch.shared == nil {
		ch.shared = map[string]*item{}
	}
	delete(ch.shared, it.sharedID)
	it.sharedID = id
	ch.shared[id] = it
}

// item is one entry of a chat; item_json.go writes it.
type item struct {
	ChatDir direction
	Meta    meta
	Content *content // is shared and replaced, never changed
	*said            // nothingSaid where it is no message

	chat     *chat
	sharedID string
	member   *member // who sent it, in groups
	author   *member // whom the direction names; for items about events too
	gone     bool
	blocked  bool // the author was blocked when it came
}

// said is what only messages have. Most items are none: they would double what a
// person takes.
type said struct {
	ItemForwarded raw
	ItemTimed     *itemTimed
	ItemLive      *bool
	Mentions      map[string]mention
	FormattedText []formatted
	Quoted        *quote
	Reactions     []reactionCount
	File          *fileInfo

	msg        *msgContent // replaced, never changed
	reactedBy  []reactor
	versions   []version
	recipients []*recipient // in groups
	file       *file
	timer      *timer
}

// nothingSaid is shared by all items that are no messages; see own.
var nothingSaid = &said{msg: &msgContent{}}

// own gives the item a said of its own, so that it can be changed.
func (it *item) own() {
	if it.said == nothingSaid {
		it.said = &said{msg: nothingSaid.msg}
	}
}

// How long after it was sent a message can be changed or taken back, and how much
// later the core still takes the command to delete it for everybody.
const (
	recallWithin = 24 * time.Hour
	deleteWithin = recallWithin + 6*time.Hour
)

// recallable tells whether the user's message is there still and not older than that.
// The notes have no such limit.
func (it *item) recallable(within time.Duration) bool {
	return it.Content.Type == "sndMsgContent" && it.Meta.ItemDeleted == nil &&
		(it.chat.notes != nil || it.chat.db.net.clock.Now().Sub(it.Meta.ItemTs.time()) < within)
}

// deletable tells whether the message is shown as one that can be deleted for everybody.
func (it *item) deletable() bool { return it.recallable(recallWithin) }

// editable tells whether it is shown as one that can be changed.
func (it *item) editable() bool { return it.deletable() && it.ItemForwarded == nil }

// live tells whether the item is still being written.
func (it *item) live() bool { return it.ItemLive != nil && *it.ItemLive }

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

// listed is the item as it is read from the database.
func (it *item) listed() raw { return it.json(it.storedDir()) }

func listedItems(items []*item) []raw {
	list := make([]raw, len(items))
	for i, it := range items {
		list[i] = it.listed()
	}
	return list
}

// forwarded notes which relay passed the item on.
func (it *item) forwarded() {
	if g := it.chat.group; g != nil && g.via != nil {
		it.Meta.ForwardedByMember = g.via.GroupMemberID
	}
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
	ch.items = append(ch.items, it)
	d.items[it.Meta.ItemID] = it
	if it.sharedID != "" {
		ch.share(it, it.sharedID)
	}
	if ch.support != nil {
		d.net.changed()
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
	it.abandonFile()
	if it.file != nil {
		delete(ch.db.files, it.File.FileID)
	}
	if it.timer != nil {
		it.timer.dead = true
	}
}

// markRead makes an unread item read.
func (ch *chat) markRead(it *item) bool {
	if it.Meta.ItemStatus.Type != "rcvNew" {
		return false
	}
	it.Meta.ItemStatus = rcvRead
	it.Meta.UpdatedAt = ch.db.net.now()
	ch.unread--
	if ch.support != nil {
		ch.db.net.changed()
		ch.support.read(it)
	}
	if it.Meta.UserMention {
		ch.mentions--
	}
	return true
}

// sortItems sorts by number.
func sortItems(items []*item) {
	slices.SortFunc(items, func(a, b *item) int { return cmp.Compare(a.Meta.ItemID, b.Meta.ItemID) })
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

// item finds an item of a chat; in groups, the core takes those of all scopes.
func (ch *chat) item(id int64) (*item, error) {
	if it := ch.db.items[id]; it != nil && (it.chat == ch || ch.group != nil && it.chat.group == ch.group) {
		return it, nil
	}
	return nil, storeError("chatItemNotFound", "itemId", id)
}

// epoch is the time of banners, so that they stand first.
var epoch = stampOf(time.Unix(0, 0))
