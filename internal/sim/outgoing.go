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
	report  bool // comes from the command for reports
	msgs    []composed
	parts   []int // how many of the messages travel together
}

// check refuses what can't be sent in one command.
func (out *outgoing) check() error {
	quotes := 0
	for _, m := range out.msgs {
		if m.QuotedItemID != nil {
			quotes++
		}
		if m.content.typ == "report" && !out.report {
			return commandError("sending reports via this API is not supported")
		}
	}
	if len(out.msgs) > 1 && (out.live || quotes > 1) {
		return commandError("invalid multi send: live and more than one quote not supported")
	}
	return nil
}

// prepare finds the quoted items, and takes out messages that are too large:
// their errors are told where others can be sent.
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
		size := jsonSize(m.content)
		if m.FileSource != nil {
			if err := out.chat.db.checkFile(*m.FileSource); err != nil {
				return nil, err
			}
		}
		if m.QuotedItemID != nil {
			q, err := out.chat.item(*m.QuotedItemID)
			if err != nil {
				return nil, err
			}
			if !q.message() || q.Meta.ItemDeleted != nil {
				return nil, storeError("invalidQuote")
			}
			m.quoted = q
			size += jsonSize(quotedContent(q.msg))
		}
		if size > maxMessage {
			large = append(large, errLarge.(*apiError).body)
			endPart()
			continue
		}
		fit = append(fit, m)
	}
	if len(fit) == 0 {
		return nil, errLarge
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

// quotedContent is what of a message a quote carries: texts are cut only in
// the core's view of files, so only large previews are left out.
func quotedContent(m msgContent) msgContent {
	return m
}

func (out *outgoing) timed() *int64 {
	if out.chat.contact == nil {
		return nil
	}
	m := out.chat.contact.MergedPreferences.get("timedMessages")
	switch {
	case !m.Enabled.ForUser || !m.Enabled.ForContact:
		return nil
	case out.ttl == nil:
		return timedTTL(m)
	case *out.ttl == 0:
		return nil
	}
	return out.ttl
}
