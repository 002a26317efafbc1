package sim_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// name is something of a value that another run of the same conversation calls
// otherwise: an id, a key, a link, a time. Names map one to one.
type name struct {
	kind, scope, value string
	path               string
	members            [][]name // of a set, each with its names
}

// view is a JSON value as a shape, which is equal for values that agree, and
// the names in it.
type view struct {
	tree  any
	text  string // the tree as text
	names []name
}

// lens reads values as views. One is for what was recorded, one for ours.
type lens struct {
	known   string          // all recorded commands: what stands there first is content, no name
	given   map[string]bool // but for what was answered before
	literal map[string]bool
	random  []string // random names of people met so far, the longest first
	met     map[string]bool
}

func newLens(r *recording) *lens {
	return &lens{known: r.known, given: r.given, literal: map[string]bool{}, met: map[string]bool{}}
}

// idFields are the fields that hold numbers of rows, by kind.
var idFields = func() map[string]string {
	m := map[string]string{}
	for kind, fields := range map[string]string{
		"user": "userId activeUserId commandUserId", "agentUser": "agentUserId",
		"contact": "contactId contactId_ byContactId viaContact userContactId memberContactId",
		"group":   "groupId fromGroupId_",
		"member":  "groupMemberId groupMemberId_ fromGroupMemberId_ invitedByGroupMemberId contactGroupMemberId forwardedByMember",
		"conn":    "connId pccConnId fromGroupMemberConnId_",
		"profile": "profileId memberContactProfileId customUserProfileId",
		"item":    "itemId minUnreadItemId chatItemIDs chatItemId quotedItemId",
		"file":    "fileId", "fileDescr": "fileDescrId", "tag": "chatTagId chatTags", "request": "contactRequestId",
		"address": "userContactLinkId userContactLinkId_ viaUserContactLink", "relay": "chatRelayId", "groupRelay": "groupRelayId",
		"version": "chatItemVersionId", "notes": "noteFolderId", "server": "serverId",
		"msg": "msgId", "delivery": "msgDeliveryId", "agentMsg": "agentMsgId rcvId",
	} {
		for f := range strings.FieldsSeq(fields) {
			m[f] = kind
		}
	}
	return m
}()

func fieldSet(fields string) map[string]bool {
	m := map[string]bool{}
	for f := range strings.FieldsSeq(fields) {
		m[f] = true
	}
	return m
}

var (
	opaqueFields = fieldSet(`agentConnId agentConnIds pccAgentConnId agentInvitationId agentQueueId agentRcvFileId agentSndFileId businessId
		customerId connections fileKey fileNonce groupLinkId hash salt itemSharedMsgId sharedMsgId requestSharedMsgId welcomeSharedMsgId
		memberId memberPrivKey memberPubKey rootPrivKey rootPubKey publicGroupId rcvId sndId xContactId fileDescrText privateSndFileDescr`)
	nameFields = fieldSet("displayName localDisplayName memberName contactName groupName senderDisplayName recipientDisplayName")
	setFields  = fieldSet("connections agentConnIds deletedRcvQueues")

	tokens = regexp.MustCompile(`(?P<link>(?:simplex:/|https?://)[^\s"'<>\\]*#[^\s"'<>\\]*[^\s"'<>\\.,;:!?)\]])` +
		`|(?P<server>(?:smp|xftp)://[A-Za-z0-9_=-]+(?:@[A-Za-z0-9_.,:-]*[A-Za-z0-9])?)` +
		`|(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)` +
		`|(?P<code>\d{5}(?:\s\d{1,5}){3,})` +
		`|(?P<socket><socket:\s\d+>)` +
		`|(?P<key>[A-Za-z0-9+/_-]{20,}={0,2})`)
	linkClass = regexp.MustCompile(`^(simplex:/\w+|https?://[^#]*?/\w+)#`)
	hostPart  = regexp.MustCompile(`//[^/]*/`)
	suffix    = regexp.MustCompile(`_\d+$`)
)

// replaceTokens replaces what looks like a link, an address of a server, a
// time, a code or a key.
func replaceTokens(s string, fn func(kind, token string) string) string {
	kinds := tokens.SubexpNames()
	return tokens.ReplaceAllStringFunc(s, func(t string) string {
		m := tokens.FindStringSubmatch(t)
		for i := 1; i < len(m); i++ {
			if m[i] != "" {
				return fn(kinds[i], t)
			}
		}
		return t
	})
}

// isTime tells a time that is the whole text, which most are.
func isTime(s string) bool {
	if len(s) < 20 || len(s) > 30 || s[4] != '-' || s[10] != 'T' {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

// isKey tells a key from a long word or a name of the protocol.
func isKey(s string) bool {
	return strings.HasSuffix(s, "=") || strings.ContainsAny(s, "0123456789") &&
		strings.ToLower(s) != s && strings.ToUpper(s) != s
}

func (l *lens) isLiteral(token string) bool {
	is, ok := l.literal[token]
	if !ok {
		is = !l.given[token] && strings.Contains(l.known, token)
		l.literal[token] = is
	}
	return is
}

// randomName is the name without its number if the core made it up, else "".
func (l *lens) randomName(n string) string {
	base := suffix.ReplaceAllString(n, "")
	if base == "" || strings.Contains(base, "SimpleX") || strings.Contains(l.known, base) {
		return ""
	}
	return base
}

// meet learns the random names of a value.
func (l *lens) meet(v any) {
	eachObject(v, func(m map[string]any) {
		for k, x := range m {
			s, ok := x.(string)
			if !ok || !nameFields[k] || l.met[s] {
				continue
			}
			l.met[s] = true
			if base := l.randomName(s); base != "" && !slices.Contains(l.random, base) {
				l.random = append(l.random, base)
				slices.SortFunc(l.random, func(a, b string) int {
					if len(a) != len(b) {
						return len(b) - len(a)
					}
					return strings.Compare(a, b)
				})
			}
		}
	})
}

func (l *lens) read(v any, actor string) view {
	w := walk{lens: l, actor: actor}
	tree := w.value(v, nil, "", "")
	return view{tree, textOf(tree), w.names}
}

func textOf(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // it was decoded from JSON
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// walk is the reading of one value.
type walk struct {
	lens  *lens
	actor string
	names []name
}

func (w *walk) found(n name, shape string) string {
	w.names = append(w.names, n)
	return shape
}

func (w *walk) value(v any, parent map[string]any, key, path string) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			m[k] = w.value(v[k], v, k, strings.TrimPrefix(path+"."+k, "."))
		}
		return m
	case []any:
		if setFields[key] && len(v) > 1 {
			return w.set(v, parent, key, path)
		}
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = w.value(x, parent, key, fmt.Sprintf("%s[%d]", path, i))
		}
		return list
	case json.Number:
		return w.number(v, parent, key, path)
	case string:
		return w.string(v, key, path)
	}
	return v
}

func (w *walk) number(v json.Number, parent map[string]any, key, path string) any {
	kind := idFields[key]
	switch {
	case strings.ContainsAny(v.String(), ".eE"):
		return v
	case key == "indexInGroup":
		return w.found(name{kind: "index", scope: w.actor + "#" + digID(parent, "groupId"), value: v.String(), path: path}, "<index>")
	case key == "entityId":
		if kind = digText(parent, "connType"); kind != "contact" && kind != "member" {
			kind = "entity"
		}
	}
	if kind == "" || v == "0" {
		return v
	}
	return w.found(name{kind: kind, scope: w.actor, value: v.String(), path: path}, "<"+kind+">")
}

// set reads a list that has no order.
func (w *walk) set(v []any, parent map[string]any, key, path string) any {
	type member struct {
		text  string
		names []name
	}
	var members []member
	for _, x := range v {
		one := walk{lens: w.lens, actor: w.actor}
		members = append(members, member{textOf(one.value(x, parent, key, path)), one.names})
	}
	slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.text, b.text) })
	var shape []any
	set := name{kind: "set", path: path}
	for _, m := range members {
		shape, set.members = append(shape, m.text), append(set.members, m.names)
	}
	w.names = append(w.names, set)
	return shape
}

func (w *walk) string(v, key, path string) any {
	switch {
	case opaqueFields[key] && v != "":
		if w.lens.isLiteral(v) {
			return v
		}
		return w.found(name{kind: "key", value: v, path: path}, "<key>")
	case nameFields[key]:
		if base := w.lens.randomName(v); base != "" {
			return w.found(name{kind: "name", value: base, path: path}, "<name>"+v[len(base):])
		}
		return v
	case key == "agentUserId":
		return w.found(name{kind: "agentUser", scope: w.actor, value: v, path: path}, "<agentUser>")
	case key == "agentMsgMeta" && strings.HasPrefix(v, "{"):
		return map[string]any{"json": w.value(decode([]byte(v)), nil, key, path)}
	case key == "chatTs" && isTime(v):
		return w.found(name{kind: "chatTs", value: v, path: path}, "<time>")
	}
	if isTime(v) {
		return w.token("time", v, path)
	}
	if len(v) >= 12 && strings.ContainsAny(v, "0123456789=#:") { // each token has one of them
		v = replaceTokens(v, func(kind, t string) string { return w.token(kind, t, path) })
	}
	for _, n := range w.lens.random {
		if strings.Contains(v, n) {
			v = strings.ReplaceAll(v, n, w.found(name{kind: "name", value: n, path: path}, "<name>"))
		}
	}
	return v
}

func (w *walk) token(kind, t, path string) string {
	if kind == "time" {
		if strings.HasPrefix(t, "1970-01-01") {
			return t
		}
		if !strings.Contains(t, ".") {
			kind = "second"
		}
		return w.found(name{kind: kind, value: t, path: path}, "<"+kind+">")
	}
	if kind == "key" && !isKey(t) || w.lens.isLiteral(t) {
		return t
	}
	shape := "<" + kind + ">"
	if m := linkClass.FindStringSubmatch(t); kind == "link" && m != nil {
		shape = "<link " + hostPart.ReplaceAllString(m[1], "//HOST/") + ">"
	}
	if kind == "server" {
		shape = "<server " + t[:strings.Index(t, ":")] + ">"
	}
	return w.found(name{kind: kind, value: t, path: path}, shape)
}
