package sim

import (
	"slices"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// listCommands list chats.
var listCommands = table{
	"APIGetChats":   forUser(getChats).atAnyTime(),
	"LastChats":     {run: lastChats, early: true},
	"ListContacts":  {run: listContacts},
	"APIListGroups": forUser(listGroups),
}

type chatStats struct {
	UnreadCount     int   `json:"unreadCount"`
	UnreadMentions  int   `json:"unreadMentions"`
	ReportsCount    int   `json:"reportsCount"`
	MinUnreadItemID int64 `json:"minUnreadItemId"`
	UnreadChat      bool  `json:"unreadChat"`
}

var noStats chatStats

func (ch *chat) stats() chatStats {
	s := chatStats{UnreadCount: ch.unread, UnreadMentions: ch.mentions, UnreadChat: ch.marked, MinUnreadItemID: ch.firstUnread()}
	if ch.group != nil && ch.support == nil {
		s.ReportsCount = ch.group.openReports()
	}
	return s
}

// firstUnread is the number of the first unread item, 0 if there is none.
func (ch *chat) firstUnread() int64 {
	if ch.unread == 0 {
		return 0
	}
	var id int64
	left := ch.unread
	for i := len(ch.items) - 1; i >= 0 && left > 0; i-- {
		if ch.items[i].Meta.ItemStatus.Type == "rcvNew" {
			id, left = ch.items[i].Meta.ItemID, left-1
		}
	}
	return id
}

// listed is a chat in a list, with the time it is sorted by.
type listed struct {
	at   time.Time
	json func() raw
}

type chatQuery struct {
	Type     string `json:"type"`
	Favorite bool   `json:"favorite"`
	Unread   bool   `json:"unread"`
	Search   string `json:"search"`
}

func getChats(c *call) (raw, error) {
	q := chatQuery{Type: "filters"}
	if c.cmd.Has("query") {
		if err := c.decode("query", &q); err != nil || q.Type != "filters" && q.Type != "search" {
			return nil, errSyntax
		}
	}
	page := c.cmd.Page("pagination")
	if page.Mode == "" {
		page = syntax.Page{Mode: "count", Count: 5000}
	}
	chats, err := cut(c.chats(q), page)
	if err != nil {
		return nil, err
	}
	return c.reply("apiChats", "chats", chats)
}

// cut takes a page out of the list, the latest first.
func cut(all []listed, page syntax.Page) ([]raw, error) {
	slices.SortStableFunc(all, func(a, b listed) int { return b.at.Compare(a.at) })
	if page.From != "" {
		from, err := time.Parse(time.RFC3339Nano, page.From)
		if err != nil {
			return nil, errSyntax
		}
		var kept []listed
		for _, l := range all {
			if page.Mode == "before" && l.at.Before(from) || page.Mode == "after" && l.at.After(from) {
				kept = append(kept, l)
			}
		}
		all = kept
		if n := int(page.Count); page.Mode == "after" && len(all) > n {
			all = all[len(all)-n:]
		}
	}
	list := []raw{}
	for i := 0; i < len(all) && int64(i) < page.Count; i++ {
		list = append(list, all[i].json())
	}
	return list, nil
}

// chats lists what a query finds.
func (c *call) chats(q chatQuery) []listed {
	var all []listed
	for _, ct := range c.user.contacts {
		if ct.ChatTs != nil && c.finds(q, ct.chat, ct.ChatSettings.Favorite, ct.LocalDisplayName, ct.Profile.DisplayName, ct.Profile.FullName, ct.Profile.LocalAlias) &&
			!ct.ChatDeleted && ct.ContactUsed {
			all = append(all, listed{ct.ChatTs.time(), ct.chat.listed})
		}
	}
	for _, g := range c.user.groups {
		p := g.GroupProfile
		if g.ChatTs != nil && c.finds(q, g.chat, g.ChatSettings.Favorite, g.LocalDisplayName, p.DisplayName, p.FullName, g.LocalAlias) {
			all = append(all, listed{g.ChatTs.time(), g.chat.listed})
		}
	}
	if n := c.user.notes; c.finds(q, n.chat, n.Favorite, "") && (q.Type != "search" || q.Search == "") {
		all = append(all, listed{n.ChatTs.time(), n.chat.listed})
	}
	if c.cmd.On("pendingConnections", false) && (q.Type != "filters" || !q.Favorite && !q.Unread) {
		for _, cn := range c.db.conns {
			if cn.user == c.user && cn.contact == nil && cn.member == nil && (q.Search == "" || contains(cn.LocalAlias, q.Search)) {
				all = append(all, listed{cn.updated.time(), cn.listed})
			}
		}
	}
	return all
}

func (c *call) finds(q chatQuery, ch *chat, favorite bool, names ...string) bool {
	if q.Type == "search" {
		for _, n := range names {
			if contains(n, q.Search) {
				return true
			}
		}
		return q.Search == ""
	}
	if !q.Favorite && !q.Unread {
		return true
	}
	return q.Favorite && favorite || q.Unread && (ch.unread > 0 || ch.marked)
}

func contains(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// listed is the chat with its last item.
func (ch *chat) listed() raw {
	items := []raw{}
	if it := ch.last(); it != nil {
		items = append(items, it.listed())
	}
	return object("chatInfo", ch.info(), "chatItems", items, "chatStats", ch.stats())
}

// last is the latest item that is no banner.
func (ch *chat) last() *item {
	var last *item
	for i := len(ch.items) - 1; i >= 0 && i >= len(ch.items)-64; i-- {
		if it := ch.items[i]; last == nil || last.Meta.ItemTs.before(it.Meta.ItemTs) {
			last = it
		}
	}
	return last
}

func (c *conn) listed() raw {
	return object("chatInfo", tagged("contactConnection", "contactConnection", c.pending()), "chatItems", []raw{}, "chatStats", noStats)
}

func lastChats(c *call) (raw, error) {
	chats, err := cut(c.chats(chatQuery{Type: "filters"}), syntax.Page{Mode: "count", Count: 20})
	if err != nil {
		return nil, err
	}
	return result("chats", "chats", chats), nil
}

func listGroups(c *call) (raw, error) {
	list := []*group{}
	for _, g := range groupsByID(c.user.groups) {
		search := c.cmd.Text("search")
		if search != "" && !contains(g.GroupProfile.DisplayName, search) && !contains(g.GroupProfile.FullName, search) && !contains(g.LocalDisplayName, search) {
			continue
		}
		if id := c.cmd.Int("contactId_"); id != 0 && !g.hasContact(id) {
			continue
		}
		list = append(list, g)
	}
	return c.reply("groupsList", "groups", list)
}
