package sim

import (
	"encoding/json"
	"fmt"
)

// content is what an item says. What there is besides the type depends on it,
// see contentNames.
type content struct {
	Type    string
	Feature string
	Enabled *enabled
	Allowed string
	Param   *int64
	Role    string
	Detail  raw
}

// fieldNames are the names that fields of a content have for one type.
type fieldNames struct{ feature, detail, role string }

// contentNames are the fields of each type, as they stand in JSON.
var contentNames = map[string]fieldNames{
	"sndMsgContent": {detail: `,"msgContent"`}, "rcvMsgContent": {detail: `,"msgContent"`},
	"rcvDirectEvent": {detail: `,"rcvDirectEvent"`}, "rcvGroupEvent": {detail: `,"rcvGroupEvent"`}, "sndGroupEvent": {detail: `,"sndGroupEvent"`},
	"rcvConnEvent": {detail: `,"rcvConnEvent"`}, "sndConnEvent": {detail: `,"sndConnEvent"`},
	"rcvDirectE2EEInfo": {detail: `,"e2eeInfo"`}, "rcvGroupE2EEInfo": {detail: `,"e2eeInfo"`}, "sndGroupE2EEInfo": {detail: `,"e2eeInfo"`},
	"rcvGroupInvitation": {detail: `,"groupInvitation"`, role: `,"memberRole"`}, "sndGroupInvitation": {detail: `,"groupInvitation"`, role: `,"memberRole"`},
	"rcvChatFeature": {feature: `,"feature"`}, "sndChatFeature": {feature: `,"feature"`},
	"rcvChatPreference": {feature: `,"feature"`}, "sndChatPreference": {feature: `,"feature"`},
	"rcvGroupFeature": {`,"groupFeature"`, `,"preference"`, `,"memberRole_"`}, "sndGroupFeature": {`,"groupFeature"`, `,"preference"`, `,"memberRole_"`},
}

// msgContent is the content of a message: its type and text, and all of it.
type msgContent struct {
	typ, text string
	raw       raw
}

// readContent reads a message content and writes it as the core does: known
// types with their own fields only, unknown ones as they are.
func readContent(body []byte) (msgContent, error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return msgContent{}, errSyntax
	}
	var m msgContent
	if json.Unmarshal(fields["type"], &m.typ) != nil || m.typ == "" {
		return m, errSyntax
	}
	names, known := contentFields[m.typ]
	if err := json.Unmarshal(fields["text"], &m.text); known && (err != nil || fields["text"] == nil) {
		return m, errSyntax
	}
	if !known {
		if m.text == "" {
			m.text = "unknown message type"
		}
		m.raw = encode(json.RawMessage(body))
		return m, nil
	}
	pairs := []any{"text", m.text}
	for _, name := range names {
		v, ok := fields[name]
		if !ok && name != "ownerSig" {
			return m, errSyntax
		}
		if ok && string(v) != "null" {
			pairs = append(pairs, name, v)
		}
	}
	m.raw = tagged(m.typ, pairs...)
	return m, nil
}

// shown is the text of an item: a voice message without a text shows its length.
func (m msgContent) shown() string {
	if m.typ == "report" {
		var v struct{ Reason string }
		_ = json.Unmarshal(m.raw, &v)
		if m.text == "" {
			return "report " + v.Reason
		}
		return "report " + v.Reason + ": " + m.text
	}
	if m.typ != "voice" {
		return m.text
	}
	var v struct{ Duration int }
	_ = json.Unmarshal(m.raw, &v)
	s := fmt.Sprintf("voice message (%02d:%02d)", v.Duration/60, v.Duration%60)
	if m.text == "" {
		return s
	}
	return s + " " + m.text
}

// contentFields are the fields of the known types, besides the text.
var contentFields = map[string][]string{
	"text": nil, "link": {"preview"}, "image": {"image"}, "video": {"image", "duration"}, "voice": {"duration"},
	"file": nil, "report": {"reason"}, "chat": {"chatLink", "ownerSig"},
}
