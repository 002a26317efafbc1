package sim

import (
	"cmp"
	"slices"

	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// pageCommands read pages of items.
var pageCommands = table{
	"APIGetChat":             {run: getChat},
	"APIGetChatItems":        {run: getItems},
	"APIGetChatContentTypes": {run: contentTypes},
}

// around is how many items before and after the first unread one are read.
type navInfo struct {
	AfterUnread int `json:"afterUnread"`
	AfterTotal  int `json:"afterTotal"`
}

func getChat(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	if c.cmd.Page("pagination").Mode == "initial" && c.cmd.Text("search") != "" {
		return nil, storeError("internalError", "message", "initial chat pagination doesn't support search")
	}
	items, stats, nav, err := ch.page(c.cmd.Page("pagination"), ch.inOrder(ch.matching(c.cmd.Text("content"), c.cmd.Text("search"))))
	if err != nil {
		return nil, err
	}
	var navJSON any
	if nav != nil {
		navJSON = nav
	}
	return c.reply("apiChat", "chat", object("chatInfo", ch.info(), "chatItems", listedItems(items), "chatStats", stats), "navInfo", navJSON)
}

// inOrder sorts the items of a group by the time they were sent; those of a
// direct chat are in the order they were stored.
func (ch *chat) inOrder(items []*item) []*item {
	if ch.group == nil {
		return items
	}
	byTime := func(a, b *item) int { return cmp.Compare(a.Meta.ItemTs.us, b.Meta.ItemTs.us) }
	if slices.IsSortedFunc(items, byTime) {
		return items
	}
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, byTime)
	return sorted
}

// matching are the items with that content and text.
func (ch *chat) matching(contentType, search string) []*item {
	if contentType == "" && search == "" {
		return ch.items
	}
	all := ch.items
	if contentType == "report" && ch.group != nil && ch.support == nil {
		all = ch.group.reports()
	}
	var items []*item
	for _, it := range all {
		if contentType != "" && (!it.message() || it.msg.typ != contentType) {
			continue
		}
		if search != "" && !contains(it.Meta.ItemText, search) {
			continue
		}
		items = append(items, it)
	}
	return items
}

// page cuts items. Only pages around an item come with the true numbers of
// unread ones; the others have zeros, as in the real core.
func (ch *chat) page(p syntax.Page, all []*item) ([]*item, chatStats, *navInfo, error) {
	n, count := len(all), int(min(p.Count, int64(len(all))))
	switch p.Mode {
	case "before", "after", "around":
		i := slices.IndexFunc(all, func(it *item) bool { return it.Meta.ItemID == p.ID() })
		switch {
		case i < 0:
			return nil, noStats, nil, storeError("chatItemNotFound", "itemId", p.ID())
		case p.Mode == "before":
			return span(all, i-count, i), noStats, nil, nil
		case p.Mode == "after":
			return span(all, i+1, i+1+count), noStats, nil, nil
		}
		return span(all, i-count, i+count+1), ch.stats(), ch.navAfter(all, i+count+1), nil
	case "initial":
		first := ch.firstUnread()
		i := slices.IndexFunc(all, func(it *item) bool { return it.Meta.ItemID == first })
		if i < 0 {
			return span(all, n-count, n), ch.stats(), nil, nil
		}
		return span(all, i-count, i+count+1), ch.stats(), ch.navAfter(all, i+count+1), nil
	default:
		return span(all, n-count, n), noStats, nil, nil
	}
}

// span cuts and never answers nil.
func span(all []*item, begin, end int) []*item {
	begin, end = max(begin, 0), min(end, len(all))
	if begin >= end {
		return []*item{}
	}
	return all[begin:end]
}

func (ch *chat) navAfter(all []*item, end int) *navInfo {
	nav := &navInfo{}
	for i := end; i < len(all); i++ {
		nav.AfterTotal++
		if all[i].Meta.ItemStatus.Type == "rcvNew" {
			nav.AfterUnread++
		}
	}
	return nav
}

// getItems reads items across all chats.
func getItems(c *call) (raw, error) {
	var all []*item
	for _, it := range c.db.items {
		if it.chat.user == c.user && it.Content.Type != "chatBanner" && (c.cmd.Text("search") == "" || contains(it.Meta.ItemText, c.cmd.Text("search"))) {
			all = append(all, it)
		}
	}
	slices.SortFunc(all, func(a, b *item) int { return cmp.Compare(a.Meta.ItemID, b.Meta.ItemID) })
	items, _, _, err := c.user.notes.chat.page(c.cmd.Page("pagination"), all)
	if err != nil {
		return nil, err
	}
	list := []raw{}
	for _, it := range items {
		list = append(list, entry(it.chat.info(), it))
	}
	return c.reply("chatItems", "chatName_", nil, "chatItems", list)
}

func contentTypes(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	types := []string{}
	for _, it := range ch.items {
		if it.message() && !seen[it.msg.typ] {
			seen[it.msg.typ] = true
			types = append(types, it.msg.typ)
		}
	}
	slices.Sort(types)
	return result("chatContentTypes", "contentTypes", types), nil
}
