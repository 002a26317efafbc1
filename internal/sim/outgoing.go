package sim

import "encoding/json"

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
	msgs    []composed
	parts   []int // how many of the messages travel together
}

// checkDirect refuses what can't be sent to a contact in one command.
func (out *outgoing) checkDirect() error {
	for _, m := range out.msgs {
		if len(m.Mentions) > 0 {
			return errMentions
		}
	}
	return out.checkMany()
}

// checkMany refuses messages that can't be sent together.
func (out *outgoing) checkMany() error {
	quotes := 0
	for _, m := range out.msgs {
		if m.QuotedItemID != nil {
			quotes++
		}
	}
	if len(out.msgs) > 1 && (out.live || quotes > 1) {
		return commandError("invalid multi send: live and more than one quote not supported")
	}
	return nil
}

// prepare looks for the files and the quoted items, and takes out messages that
// are too large, with their errors.
func (out *outgoing) prepare() (large []raw, err error) {
	var fit []composed
	begun := 0 // where the present part begins
	endPart := func() {
		if n := len(fit) - begun; n > 0 {
			out.parts = append(out.parts, n)
			begun = len(fit)
		}
	}
	for _, m := range out.msgs {
		if m.FileSource != nil {
			if err := out.chat.db.checkFile(*m.FileSource); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range out.msgs {
		size := jsonSize(m.content)
		if m.QuotedItemID != nil {
			q, err := out.chat.item(*m.QuotedItemID)
			if err != nil {
				return nil, err
			}
			if !q.message() || q.Meta.ItemDeleted != nil {
				return nil, storeError("invalidQuote")
			}
			m.quoted = q
			size += jsonSize(q.quotedWith(m.content))
		}
		if size > maxMessage {
			large = append(large, errLarge.(*apiError).body)
			endPart()
			continue
		}
		fit = append(fit, m)
	}
	endPart()
	out.msgs = fit
	return large, nil
}

// inParts calls post with the items that travel together.
func (out *outgoing) inParts(items []*item, post func([]*item)) {
	for _, n := range out.parts {
		post(items[:n])
		items = items[n:]
	}
}

// jsonSize is how many bytes the variable part of a content takes.
func jsonSize(m msgContent) int {
	if m.typ == "text" {
		return len(encode(m.text)) - 2
	}
	return len(m.raw) - len(`{"type":"text","text":""}`)
}

// quotedWith is what of an item a message carries that quotes it: no picture
// where it has one of its own, and the name of a file that has no text.
func (it *item) quotedWith(m msgContent) msgContent {
	text := it.msg.text
	if text == "" && it.File != nil {
		text = it.File.FileName
	}
	typ := ""
	switch {
	case !quotesAll[m.typ]:
		typ = "text"
	case it.msg.text == text:
		return *it.msg
	case it.msg.typ == "image" || it.msg.typ == "file":
		typ = it.msg.typ
	default:
		return *it.msg
	}
	q := msgContent{typ: typ, text: text}
	if typ == "image" {
		var v struct{ Image json.RawMessage }
		_ = json.Unmarshal(it.msg.raw, &v)
		q.raw = tagged(typ, "text", text, "image", v.Image)
		return q
	}
	q.raw = tagged(typ, "text", text)
	return q
}

// quotesAll are the types of messages that quote with pictures.
var quotesAll = map[string]bool{"text": true, "file": true, "voice": true, "report": true}

func (out *outgoing) timed() *int64 {
	on, ttl := out.chat.disappearing()
	switch {
	case !on:
		return nil
	case out.ttl == nil:
		return ttl
	case *out.ttl == 0:
		return nil
	}
	return out.ttl
}

// disappearing tells whether messages may disappear, and after how many seconds
// they do where nothing else is said.
func (ch *chat) disappearing() (on bool, ttl *int64) {
	switch {
	case ch.contact != nil:
		m := ch.contact.MergedPreferences.get("timedMessages")
		return m.Enabled.ForUser && m.Enabled.ForContact, timedTTL(m)
	case ch.group != nil:
		p := ch.group.FullGroupPreferences.TimedMessages
		return p.Enable == "on", p.TTL
	}
	return false, nil
}
