package host

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// fakeItem is one item of a chat; fakeCore.mu guards those that it has.
type fakeItem struct {
	id     int64
	chat   string // "@4"
	text   string
	read   bool
	stored time.Time
	sent   time.Time // zero is stored
	own    bool      // the bot wrote it
	kind   string    // tag of content; "" is rcvMsgContent
	report bool
	live   bool  // still being written
	member int64 // who wrote it in a group; 0 is the member of the scope, or 1
	whole  bool  // was live and is finished
}

// store keeps an item as the core does, unread, without an event.
func (c *fakeCore) store(chat, text string) *fakeItem {
	c.mu.Lock()
	defer c.mu.Unlock()
	it := &fakeItem{id: int64(len(c.items) + 1), chat: chat, text: text, stored: time.Now()}
	it.stored = it.stored.Add(time.Duration(it.id)) // no two at the same time
	c.items = append(c.items, it)
	return it
}

// receive stores an item and makes its event.
func (c *fakeCore) receive(chat, text string) *fakeItem {
	it := c.store(chat, text)
	c.emit(it.event())
	return it
}

// unread counts the items that are not marked.
func (c *fakeCore) unread() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, it := range c.items {
		if !it.read {
			n++
		}
	}
	return n
}

// chatTs is when something was last stored in a chat, in any scope of it.
func (c *fakeCore) chatTs(ref string) (ts time.Time) {
	for _, it := range c.items {
		if whole(it.chat) == whole(ref) && it.stored.After(ts) {
			ts = it.stored
		}
	}
	return ts
}

// whole is the chat without its scope.
func whole(ref string) string {
	ref, _, _ = strings.Cut(ref, "(")
	return ref
}

func chatInfo(ref string) string { return chatInfoAt(ref, time.Unix(1e9, 0)) }

func chatInfoAt(ref string, at time.Time) string {
	r, _ := chat.ParseRef(ref)
	ts := at.UTC().Format(time.RFC3339Nano)
	if r.Type == chat.TypeDirect {
		return fmt.Sprintf(`{"type":"direct","contact":{"contactId":%d,"localDisplayName":"alice","chatTs":%q}}`, r.ID, ts)
	}
	scope := ""
	if r.Support {
		scope = fmt.Sprintf(`,"groupChatScope":{"type":"memberSupport","groupMember_":{"groupMemberId":%d}}`, r.MemberID)
	}
	return fmt.Sprintf(`{"type":"group","groupInfo":{"groupId":%d,"localDisplayName":"team","chatTs":%q}%s}`, r.ID, ts, scope)
}

func (it *fakeItem) json() string {
	r, _ := chat.ParseRef(it.chat)
	status, dir, kind, msg, live := "rcvNew", `{"type":"directRcv"}`, it.kind, "text", ""
	if it.live {
		live = `,"itemLive":true`
	}
	if it.whole {
		live = `,"itemLive":false`
	}
	if it.read {
		status = "rcvRead"
	}
	if r.Type == chat.TypeGroup {
		dir = fmt.Sprintf(`{"type":"groupRcv","groupMember":{"groupMemberId":%d}}`, cmp.Or(it.member, r.MemberID, 1))
	}
	if kind == "" {
		kind = "rcvMsgContent"
	}
	if it.own {
		dir, kind, status = `{"type":"directSnd"}`, "sndMsgContent", "sndSent"
	}
	if it.report {
		msg = "report"
	}
	stored := it.stored.UTC().Format(time.RFC3339Nano)
	return fmt.Sprintf(`{"chatDir":%s,"meta":{"itemId":%d,"itemTs":%q,"createdAt":%q,"itemStatus":{"type":%q}%s},"content":{"type":%q,"msgContent":{"type":%q,"text":%q}}}`,
		dir, it.id, it.ts().UTC().Format(time.RFC3339Nano), stored, status, live, kind, msg, it.text)
}

// ts is the time of sending, by which a chat's items are sorted.
func (it *fakeItem) ts() time.Time {
	if it.sent.IsZero() {
		return it.stored
	}
	return it.sent
}

func (it *fakeItem) event() string {
	return fmt.Sprintf(`{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[{"chatInfo":%s,"chatItem":%s}]}}`, chatInfo(it.chat), it.json())
}

// of returns the items of a chat and whether it is asked for in a list.
func (c *fakeCore) of(ref string) (items []*fakeItem, unread int) {
	for _, it := range c.items {
		if it.chat == ref {
			items = append(items, it)
			if !it.read {
				unread++
			}
		}
	}
	return items, unread
}

func (c *fakeCore) listChats(query string) string {
	count := number(query, "count=")
	var before time.Time
	if _, after, ok := strings.Cut(query, "before="); ok {
		word, _, _ := strings.Cut(after, " ")
		before, _ = time.Parse(time.RFC3339Nano, word)
	}
	var refs []string
	for _, it := range c.items {
		if ref := whole(it.chat); !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	slices.SortStableFunc(refs, func(a, b string) int { return c.chatTs(b).Compare(c.chatTs(a)) })
	var list []string
	for _, ref := range refs {
		items, unread := c.of(ref)
		ts := c.chatTs(ref)
		if len(list) == count || unread == 0 && strings.Contains(query, "unread") || !before.IsZero() && !ts.Before(before) {
			continue
		}
		last := ""
		if len(items) > 0 {
			last = slices.MaxFunc(items, func(a, b *fakeItem) int { return a.ts().Compare(b.ts()) }).json()
		}
		list = append(list, fmt.Sprintf(`{"chatInfo":%s,"chatItems":[%s],"chatStats":{"unreadCount":%d}}`, chatInfoAt(ref, ts), last, unread))
	}
	return `{"result":{"type":"apiChats","user":` + c.user() + `,"chats":[` + strings.Join(list, ",") + `]}}`
}

func number(s, key string) int {
	_, after, ok := strings.Cut(s, key)
	if !ok {
		return -1
	}
	word, _, _ := strings.Cut(after, " ")
	n, _ := strconv.Atoi(word)
	return n
}

func (c *fakeCore) readChat(query string) string {
	if !c.started {
		return refusal("error", "errorType", "chatNotStarted")
	}
	ref, page, _ := strings.Cut(query, " ")
	items, unread := c.of(ref)
	if rest, reports := strings.CutPrefix(page, "content=report "); reports {
		items, page = nil, rest
		for _, it := range c.items {
			if it.report && strings.HasPrefix(it.chat, ref+"(") {
				items = append(items, it)
			}
		}
	}
	if len(items) == 0 {
		return refusal("errorStore", "storeError", "contactNotFound")
	}
	from, to, count := 0, len(items), number(page, "count=")
	find := func(id int) int {
		for i, it := range items {
			if it.id == int64(id) {
				return i
			}
		}
		return -1
	}
	stats := 0
	switch {
	case strings.HasPrefix(page, "initial="):
		count = number(page, "initial=")
		for from < to && items[from].read {
			from++
		}
		if at := find(int(c.initial)); at >= 0 {
			from = at
		}
		from, to, stats = max(from-count, 0), min(from+count+1, to), unread
	case strings.HasPrefix(page, "after="):
		from = find(number(page, "after=")) + 1
		to = min(from+count, to)
	case strings.HasPrefix(page, "before="):
		to = find(number(page, "before="))
		from = max(to-count, 0)
	case strings.HasPrefix(page, "around="):
		at := find(number(page, "around="))
		if at < 0 {
			return refusal("errorStore", "storeError", "chatItemNotFound")
		}
		from, to, stats = max(at-count, 0), min(at+count+1, to), unread
	default:
		from = max(to-count, 0)
	}
	after := 0
	for _, it := range items[to:] {
		if !it.read {
			after++
		}
	}
	var list []string
	for _, it := range items[from:to] {
		list = append(list, it.json())
	}
	return fmt.Sprintf(`{"result":{"type":"apiChat","user":%s,"chat":{"chatInfo":%s,"chatItems":[%s],"chatStats":{"unreadCount":%d}},"navInfo":{"afterUnread":%d}}}`,
		c.user(), chatInfo(ref), strings.Join(list, ","), stats, after)
}

func (c *fakeCore) markRead(query string) string {
	ref, ids, _ := strings.Cut(query, " ")
	for word := range strings.SplitSeq(ids, ",") {
		for _, it := range c.items {
			if it.chat == ref && strconv.FormatInt(it.id, 10) == word {
				it.read = true
			}
		}
	}
	return `{"result":{"type":"itemsReadForChat"}}`
}
