package sim_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// commandIDs are the kinds of the arguments of the commands that name rows.
// "ref" is a chat: @1, #1, *1 or :1, with its scope.
var commandIDs = func() map[string][]string {
	m := map[string][]string{}
	for kinds, names := range map[string]string{
		"ref item": "/_update item, /_delete item, /_delete member item, /_delete reports, /_reaction, /_get item info, /_read chat items," +
			"/_report, /_forward plan",
		"ref ref item": "/_forward", "user ref item": "/_reaction members", "ref contact": "/_add",
		"ref member": "/_accept member, /_member role, /_block, /_remove, /_create member contact, /_delete member chat, /_info, /_get code," +
			"/_verify code, /_switch, /_sync, /_abort switch, /_queue info",
		"ref tag": "/_tags", "tag": "/_delete tag, /_update tag", "request": "/_accept, /_reject",
		"file": "/freceive, /fcancel, /fstatus, /_set_file_to_receive",
		"ref": "/_send, /_create, /_get chat, /_clear chat, /_delete, /_read chat, /_unread chat, /_archive reports, /_get content types," +
			"/_accept member contact, /_invite member contact, /_connect contact, /_connect group, /_join, /_leave, /_members, /_get link," +
			"/_delete link, /_create link, /_set link role, /_get relays, /_get group link data, /_group_profile, /_settings, /_set prefs," +
			"/_set custom, /_set alias, /_set incognito, /_set group receipts",
		"user relay": "/_public group", "user ref": "/_groups, /_ttl",
		"user": "/_address, /_address_settings, /_connect, /_connect plan, /_contacts, /_group, /_get chats, /_profile, /_profile_address," +
			"/_show_address, /_delete_address, /_short_link_address, /_user, /_delete user, /_hide user, /_unhide user, /_mute user," +
			"/_unmute user, /_prepare contact, /_prepare group, /_read user, /_set accept member contacts, /_set receipts contacts," +
			"/_set receipts groups, /_get tags, /_upload, /_download, /_relay test, /_servers, /_server test, /_validate_servers",
	} {
		for n := range strings.SplitSeq(names, ",") {
			m[strings.TrimSpace(n)] = strings.Fields(kinds)
		}
	}
	return m
}()

var (
	refKinds   = map[string]string{"@": "contact", "#": "group", "*": "notes", ":": "conn"}
	refArg     = regexp.MustCompile(`^([@#*:])(\d+)(?:\(_support(?::(\d+))?\))?$`)
	numbersArg = regexp.MustCompile(`^\d+(,\d+)*$`)
	aroundArg  = regexp.MustCompile(`^(before|after|around)=(\d+)$`)
	quotedArg  = regexp.MustCompile(`"quotedItemId":\s*\d+`)
	mentionArg = regexp.MustCompile(`"mentions":\s*\{[^{}]+\}`)
	valueArg   = regexp.MustCompile(`:\s*\d+`)
	number     = regexp.MustCompile(`\d+`)
)

// translator puts our ids, links and keys into recorded commands.
type translator struct {
	names *renaming
	actor string
}

func (t translator) id(kind, text string) string {
	return number.ReplaceAllStringFunc(text, func(n string) string {
		if ours, ok := t.names.forth[nameKey{kind, t.actor, n}]; ok {
			return ours
		}
		return n
	})
}

func (t translator) ref(m []string) string {
	ref := m[1] + t.id(refKinds[m[1]], m[2])
	switch {
	case m[3] != "":
		ref += "(_support:" + t.id("member", m[3]) + ")"
	case strings.HasSuffix(m[0], ")"):
		ref += "(_support)"
	}
	return ref
}

func (t translator) command(cmd string) string {
	cmd = t.arguments(cmd)
	cmd = quotedArg.ReplaceAllStringFunc(cmd, func(s string) string { return t.id("item", s) })
	cmd = mentionArg.ReplaceAllStringFunc(cmd, func(s string) string {
		return valueArg.ReplaceAllStringFunc(s, func(v string) string { return t.id("member", v) })
	})
	cmd = replaceTokens(cmd, t.token)
	var names []string // random names of people
	for k := range t.names.forth {
		if k.kind == "name" && strings.Contains(cmd, k.value) {
			names = append(names, k.value)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		cmd = strings.ReplaceAll(cmd, n, t.names.forth[nameKey{"name", "", n}])
	}
	return cmd
}

// arguments translates the numbers at the beginning of a command.
func (t translator) arguments(cmd string) string {
	words := strings.Split(cmd, " ")
	var kinds []string
	at := 0
	for n := min(4, len(words)); n > 0 && at == 0; n-- {
		if k, ok := commandIDs[strings.Join(words[:n], " ")]; ok {
			kinds, at = k, n
		}
	}
	if at == 0 {
		return cmd
	}
	for i := at; i < len(words); i++ {
		w := words[i]
		if w == "json" || w == "text" || strings.HasPrefix(w, "{") || strings.HasPrefix(w, "[") {
			break
		}
		if m := aroundArg.FindStringSubmatch(w); m != nil && strings.HasPrefix(cmd, "/_get chat ") {
			words[i] = m[1] + "=" + t.id("item", m[2])
			continue
		}
		if strings.Contains(w, "=") && !strings.HasPrefix(w, "http") && !strings.HasPrefix(w, "simplex") {
			continue
		}
		if len(kinds) == 0 {
			break
		}
		k := kinds[0]
		kinds = kinds[1:]
		m := refArg.FindStringSubmatch(w)
		if k == "ref" && m != nil {
			words[i] = t.ref(m)
		} else if k != "ref" && numbersArg.MatchString(w) {
			words[i] = t.id(k, w)
		} else {
			break
		}
	}
	return strings.Join(words, " ")
}

func (t translator) token(kind, v string) string {
	for _, k := range [...]string{kind, "link"} {
		if kind == "time" && !strings.Contains(v, ".") {
			k = "second"
		}
		if ours, ok := t.names.forth[nameKey{k, "", v}]; ok && (k != "link" || kind == "link" || kind == "key") {
			return ours
		}
	}
	if kind == "time" {
		return t.shifted(v)
	}
	if kind == "link" { // of a known key: "simplex:" and the key are told in other places
		return v[:1] + replaceTokens(v[1:], func(kind, k string) string {
			if ours, ok := t.names.forth[nameKey{"key", "", k}]; ok && kind == "key" {
				return ours
			}
			return k
		})
	}
	return v
}

// shifted is a recorded time that was never answered, moved by as much as the
// nearest one that was.
func (t translator) shifted(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	nearest, moved := time.Duration(-1), text
	for k, ours := range t.names.forth {
		if k.kind != "time" && k.kind != "second" {
			continue
		}
		recorded, err1 := time.Parse(time.RFC3339Nano, k.value)
		here, err2 := time.Parse(time.RFC3339Nano, ours)
		if err1 != nil || err2 != nil {
			continue
		}
		if away := at.Sub(recorded).Abs(); nearest < 0 || away < nearest {
			nearest, moved = away, at.Add(here.Truncate(time.Second).Sub(recorded.Truncate(time.Second))).Format(time.RFC3339Nano)
		}
	}
	return moved
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	names := newRenaming()
	for k, ours := range map[nameKey]string{
		{"contact", "bot", "4"}: "14", {"contact", "alice", "4"}: "24", {"group", "bot", "1"}: "11", {"item", "bot", "7"}: "17",
		{"item", "bot", "8"}: "18", {"member", "bot", "3"}: "13", {"key", "", "AAAAAAAAAAAAAAAAAAAAA1a="}: "ours",
		{"link", "", "https://x.y/a#AAAAAAAAAAAAAAAAAAAAA1a="}: "https://ours/a#b",
		{"second", "", "2026-11-20T09:00:00Z"}:                 "2026-01-01T00:00:10Z",
	} {
		names.forth[k] = ours
	}
	for recorded, want := range map[string]string{
		`/_send @4 json [{"quotedItemId":7,"mentions":{"bob":3}}]`: `/_send @14 json [{"quotedItemId":17,"mentions":{"bob":13}}]`,
		`/_send #1(_support:3) text 4`:                             `/_send #11(_support:13) text 4`,
		`/_get chat #1(_support) before=7 count=8`:                 `/_get chat #11(_support) before=17 count=8`,
		`/_delete item @4 7,8 broadcast`:                           `/_delete item @14 17,18 broadcast`,
		`/_connect 1 https://x.y/a#AAAAAAAAAAAAAAAAAAAAA1a=`:       `/_connect 1 https://ours/a#b`,
		`/_connect 1 simplex:/a#AAAAAAAAAAAAAAAAAAAAA1a=`:          `/_connect 1 simplex:/a#ours`,
		`/unknown 4`: `/unknown 4`,
		`/_get chats 1 before=2026-11-20T09:00:00Z count=1`: `/_get chats 1 before=2026-01-01T00:00:10Z count=1`,
		`/_get chats 1 before=2026-11-20T09:00:02Z count=1`: `/_get chats 1 before=2026-01-01T00:00:12Z count=1`,
	} {
		if got := (translator{names, "bot"}).command(recorded); got != want {
			t.Errorf("%s: got %s, want %s", recorded, got, want)
		}
	}
}
