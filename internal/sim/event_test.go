package sim_test

import (
	"encoding/json"
	"fmt"
	"strings"
)

// event is one that was recorded, or one of ours.
type event struct {
	view
	body     any    // as it came
	inner    any    // what has the type
	kind     string // the type; errors have "error " before it
	actor    string
	at       int64 // ms from the start
	line     int   // where it was recorded
	order    int   // among all that ours gave
	counted  bool
	paused   bool            // the actor took no events then
	lane     string          // "@4" or "#1": the chat it is about
	member   string          // the member that it says is connected now
	features map[string]bool // what it says, to find the event most like it
}

func newEvent(l *lens, body any, actor string, at int64) *event {
	e := &event{view: l.read(body, actor), body: body, actor: actor, at: at, inner: dig(body, "result")}
	e.kind = digText(e.inner, "type")
	if failed := dig(body, "error"); failed != nil {
		e.inner, e.kind = failed, "error "+digText(failed, "type")
	}
	e.ease()
	e.lane, e.member = e.chat(), e.connected()
	e.features = map[string]bool{}
	leaves(e.tree, "", e.features)
	return e
}

// leaves collects the fields of a shape with their values.
func leaves(v any, key string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			leaves(x, k, into)
		}
	case []any:
		for _, x := range v {
			leaves(x, key, into)
		}
	default:
		into[fmt.Sprint(key, "=", v)] = true
	}
}

// ease takes from the event what an upload shows there, which goes on beside it:
// the status of its item in an event about a file, that of the file in another.
func (e *event) ease() {
	eased := false
	replace := func(key, by string, states ...string) {
		eachObject(e.tree, func(m map[string]any) {
			for _, s := range states {
				if digText(m, key, "type") == s {
					m[key], eased = by, true
				}
			}
		})
	}
	switch {
	case strings.HasPrefix(e.kind, "sndFile"):
		replace("itemStatus", "<item on its way>", "sndNew", "sndSent", "sndRcvd")
	case e.kind == "chatItemsStatusesUpdated":
		replace("fileStatus", "<upload>", "sndStored", "sndTransfer", "sndComplete")
	}
	if !eased {
		return
	}
	e.text = textOf(e.tree)
	for i, n := range e.names {
		if n.kind == "time" && strings.HasSuffix(n.path, ".updatedAt") {
			e.names[i].kind = "chatTs"
		}
	}
}

// chatItems are the items of the event.
func (e *event) chatItems() []any {
	items, _ := dig(e.inner, "chatItems").([]any)
	return items
}

// chat is the chat that the event is about, or "".
func (e *event) chat() string {
	places := []any{
		e.inner, dig(e.inner, "chatInfo"), dig(e.inner, "chatItem", "chatInfo"),
		dig(e.inner, "chatItem_", "chatInfo"), dig(e.inner, "reaction", "chatInfo"),
	}
	for _, k := range []string{"chatItems", "chatItemDeletions"} {
		if items, _ := dig(e.inner, k).([]any); len(items) > 0 {
			places = append(places, dig(items[0], "chatInfo"), dig(items[0], "deletedChatItem", "chatInfo"))
		}
	}
	for _, p := range places {
		for _, k := range []string{"groupInfo", "toGroup", "fromGroup"} {
			if id := digID(p, k, "groupId"); id != "" {
				return "#" + id
			}
		}
		for _, k := range []string{"contact", "toContact", "contact_"} {
			if id := digID(p, k, "contactId"); id != "" {
				return "@" + id
			}
		}
	}
	return ""
}

func (e *event) connected() string {
	items := e.chatItems()
	switch {
	case e.kind == "connectedToGroupMember":
		return digID(e.inner, "member", "groupMemberId")
	case e.kind == "newChatItems" && len(items) > 0 &&
		digText(items[0], "chatItem", "content", "rcvGroupEvent", "type") == "memberConnected":
		return digID(items[0], "chatItem", "chatDir", "groupMember", "groupMemberId")
	}
	return ""
}

// stray is an error about something that arrived for a connection that is being
// deleted: such an error may be missing, be one more, or name another one.
func (e *event) stray() bool {
	if !strings.HasPrefix(e.kind, "error ") {
		return false
	}
	return digText(e.inner, "errorType", "type") == "noConnectionUser" ||
		digText(e.inner, "storeError", "type") == "connectionNotFound" ||
		digText(e.inner, "agentError", "type") == "CONN" && digText(e.inner, "agentError", "connErr", "type") == "NOT_FOUND"
}

// teardown is an event that may stand anywhere: a connection has ended.
func (e *event) teardown() bool {
	return e.kind == "agentConnsDeleted" || e.kind == "agentRcvQueuesDeleted" || e.stray()
}

// timed is the deletion of a message that expired.
func (e *event) timed() bool {
	return e.kind == "chatItemsDeleted" && dig(e.inner, "timed") == true
}

func itemID(chatItem any) string { return digID(chatItem, "chatItem", "meta", "itemId") }

// receipt tells of items that have arrived, and of nothing else.
func (e *event) receipt() bool {
	for _, it := range e.chatItems() {
		if digText(it, "chatItem", "meta", "itemStatus", "type") != "sndRcvd" {
			return false
		}
	}
	return e.kind == "chatItemsStatusesUpdated"
}

func (e *event) sharesItem(other *event) bool {
	for _, a := range e.chatItems() {
		for _, b := range other.chatItems() {
			if itemID(a) == itemID(b) {
				return true
			}
		}
	}
	return false
}

// commute tells whether the real core gives the two events in either order.
func commute(a, b *event) bool {
	if a.teardown() || b.teardown() || a.overtakes(b) || b.overtakes(a) {
		return true
	}
	if a.lane != "" && b.lane != "" && a.lane[0] == b.lane[0] && a.lane != b.lane {
		return true // chats of one sort do not wait for each other
	}
	return a.member != "" && b.member != "" && a.member != b.member
}

func (e *event) overtakes(other *event) bool {
	switch {
	case e.kind == "chatItemsStatusesUpdated" && other.kind == "newChatItems",
		e.kind == "chatErrors" && other.kind == "chatItemsDeleted":
		return true
	case e.receipt() && other.kind == e.kind:
		return !e.sharesItem(other)
	}
	return strings.HasPrefix(e.kind, "sndFile") && (other.kind == "newChatItems" || other.kind == "chatItemsStatusesUpdated")
}

// inTime tells whether ours comes about when it was recorded; what a clock
// causes is more exact.
func inTime(want, got *event, factor int64) bool {
	const clockMs = 2500
	if want.timed() {
		return want.at-clockMs*factor <= got.at && got.at <= want.at+clockMs*factor
	}
	return want.at-soonMs*factor <= got.at && got.at <= want.at+lateMs*factor
}

// hint is what the event is about, for a report.
func (e *event) hint() string {
	for _, it := range e.chatItems() {
		if s := digText(it, "chatItem", "meta", "itemText"); s != "" {
			return short(s)
		}
	}
	return ""
}

// short cuts a text for a report.
func short(s string) string {
	const most = 70
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// kindOf is the type of a reply.
func kindOf(body any) string {
	if e := dig(body, "error"); e != nil {
		return strings.TrimSpace("error " + digText(e, "type") + " " + digText(e, "errorType", "type") + digText(e, "storeError", "type"))
	}
	if m, ok := body.(map[string]any); ok && m["refused"] != nil {
		return fmt.Sprint("refused: ", m["refused"])
	}
	if s := digText(body, "result", "type"); s != "" {
		return s
	}
	b, _ := json.Marshal(body)
	return short(string(b))
}
