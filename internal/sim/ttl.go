package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// expireEvery is how often the core looks for messages that are too old.
const expireEvery = 30 * time.Minute

// keptInGroups is how long messages of groups are kept whatever their time.
const keptInGroups = 12 * time.Hour

// ttlWords are the times that have a word besides their seconds.
var ttlWords = map[string]int64{"none": 0, "day": 86400, "week": 7 * 86400, "month": 30 * 86400, "year": 365 * 86400}

// setTTL sets after how many seconds messages of all chats are deleted here; 0
// keeps them.
func setTTL(c *call) (raw, error) {
	c.user.ttl = c.cmd.Int("ttl")
	c.db.expire(c.user)
	return c.done()
}

// setChatTTL is setTTL for one chat; default goes back to what is set for all.
func setChatTTL(c *call) (raw, error) {
	var own *int64
	if text := c.cmd.Text("ttl"); text != "default" {
		seconds, known := ttlWords[text]
		if !known {
			seconds, _ = strconv.ParseInt(text, 10, 64) // the grammar lets numbers pass only
		}
		own = &seconds
	}
	ref := c.cmd.Ref("chatRef")
	if ct := c.user.contacts[ref.ID]; ref.Type == '@' && ct != nil {
		ct.ChatItemTTL = own
	}
	if g := c.user.groups[ref.ID]; ref.Type == '#' && g != nil && ref == (syntax.Ref{Type: '#', ID: ref.ID}) {
		g.ChatItemTTL = own
	}
	c.db.expire(c.user) // of chats that are not there it says nothing
	return c.done()
}

// expire deletes the messages of a user that are too old, without a word, and
// looks again later as long as any time is set.
func (d *database) expire(u *user) {
	if u.expiry != nil {
		u.expiry.dead = true
		u.expiry = nil
	}
	set := u.ttl > 0
	check := func(ch *chat, own *int64) {
		ttl := u.ttl
		if own != nil {
			ttl = *own
		}
		if ttl <= 0 {
			return
		}
		set = true
		now := stampOf(d.net.clock.Now())
		oldest := now.add(-time.Duration(ttl) * time.Second)
		for _, it := range slices.Clone(ch.items) {
			old := it.Meta.CreatedAt.before(oldest)
			if ch.group != nil {
				old = it.Meta.ItemTs.before(oldest) && it.Meta.CreatedAt.before(now.add(-keptInGroups))
			}
			if old && it.Content.Type != "chatBanner" {
				ch.remove(it)
			}
		}
	}
	for _, ct := range contactsByID(u.contacts) {
		check(ct.chat, ct.ChatItemTTL)
	}
	for _, g := range groupsByID(u.groups) {
		check(g.chat, g.ChatItemTTL)
		if u.ttl > 0 || g.ChatItemTTL != nil && *g.ChatItemTTL > 0 {
			g.forgetGone()
		}
	}
	if set {
		u.expiry = d.net.after(expireEvery, func() {
			u.expiry = nil
			if d.users[u.UserID] == u {
				d.expire(u)
			}
		})
	}
}

// ttlText is a time as items about features say it.
func ttlText(ttl int64) string {
	if ttl == 0 {
		return "0 sec"
	}
	var parts []string
	add := func(n int64, text string) {
		if n != 0 {
			parts = append(parts, text)
		}
	}
	months, days := ttl/(30*86400), ttl/86400%30
	hours, minutes, seconds := ttl/3600%24, ttl/60%60, ttl%60
	add(months, plural(months, "month"))
	if days == 7 || days == 14 {
		add(days, plural(days/7, "week"))
	} else {
		add(days, plural(days, "day"))
	}
	add(hours, plural(hours, "hour"))
	add(minutes, fmt.Sprintf("%d min", minutes))
	add(seconds, fmt.Sprintf("%d sec", seconds))
	return strings.Join(parts, " ")
}

func plural(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
