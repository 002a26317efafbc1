package sim

import (
	"strconv"
	"unicode/utf8"
)

// Items are most of what is sent, so their JSON is written by hand.

// json is the item with a direction.
func (it *item) json(dir direction) raw {
	return it.append(make(raw, 0, it.sizeWith(dir)), dir)
}

// sizeWith is about how many bytes the item takes.
func (it *item) sizeWith(dir direction) int {
	return 640 + len(dir.Member) + 2*len(it.Meta.ItemText) + len(it.Content.Detail)
}

func (it *item) append(b []byte, dir direction) []byte {
	b = append(b, `{"chatDir":{"type":"`...)
	b = append(append(b, dir.Type...), '"')
	if dir.Member != nil {
		b = append(append(b, `,"groupMember":`...), dir.Member...)
	}
	b = append(it.appendMeta(append(b, `},"meta":`...)), `,"content":`...)
	b = it.Content.append(b)
	if len(it.Mentions) == 0 {
		b = append(b, `,"mentions":{}`...)
	} else {
		b = appendValue(append(b, `,"mentions":`...), it.Mentions)
	}
	if len(it.FormattedText) > 0 {
		b = appendValue(append(b, `,"formattedText":`...), it.FormattedText)
	}
	if it.Quoted != nil {
		b = appendValue(append(b, `,"quotedItem":`...), it.Quoted)
	}
	if len(it.Reactions) == 0 {
		b = append(b, `,"reactions":[]`...)
	} else {
		b = appendValue(append(b, `,"reactions":`...), it.Reactions)
	}
	if it.File != nil {
		b = appendValue(append(b, `,"file":`...), it.File)
	}
	return append(b, '}')
}

func (it *item) appendMeta(b []byte) []byte {
	m := &it.Meta
	b = strconv.AppendInt(append(b, `{"itemId":`...), m.ItemID, 10)
	b = m.ItemTs.append(append(b, `,"itemTs":`...))
	b = appendString(append(b, `,"itemText":`...), m.ItemText)
	b = m.ItemStatus.append(append(b, `,"itemStatus":`...))
	b = appendFlag(b, `,"sentViaProxy":`, m.SentViaProxy)
	b = appendText(b, `,"itemSharedMsgId":`, m.ItemSharedMsgID)
	if it.ItemForwarded != nil {
		b = append(append(b, `,"itemForwarded":`...), it.ItemForwarded...)
	}
	if m.ItemDeleted != nil {
		b = appendValue(append(b, `,"itemDeleted":`...), m.ItemDeleted)
	}
	b = strconv.AppendBool(append(b, `,"itemEdited":`...), m.ItemEdited)
	if it.ItemTimed != nil {
		b = appendValue(append(b, `,"itemTimed":`...), it.ItemTimed)
	}
	b = appendFlag(b, `,"itemLive":`, it.ItemLive)
	b = strconv.AppendBool(append(b, `,"userMention":`...), m.UserMention)
	b = strconv.AppendBool(append(b, `,"hasLink":`...), m.HasLink)
	deletable := it.deletable()
	b = strconv.AppendBool(append(b, `,"deletable":`...), deletable)
	b = strconv.AppendBool(append(b, `,"editable":`...), deletable && it.ItemForwarded == nil)
	if m.ForwardedByMember != 0 {
		b = strconv.AppendInt(append(b, `,"forwardedByMember":`...), m.ForwardedByMember, 10)
	}
	b = strconv.AppendBool(append(b, `,"showGroupAsSender":`...), m.ShowGroupAsSender)
	if m.Signed {
		b = append(b, `,"msgSigned":"verified"`...)
	}
	b = m.CreatedAt.append(append(b, `,"createdAt":`...))
	b = m.UpdatedAt.append(append(b, `,"updatedAt":`...))
	return append(b, '}')
}

func (s *itemStatus) append(b []byte) []byte {
	b = appendString(append(b, `{"type":`...), s.Type)
	b = appendText(b, `,"msgRcptStatus":`, s.MsgRcptStatus)
	b = appendText(b, `,"sndProgress":`, s.SndProgress)
	if s.AgentError != nil {
		b = append(append(b, `,"agentError":`...), s.AgentError...)
	}
	return append(b, '}')
}

func (c *content) append(b []byte) []byte {
	names := contentNames[c.Type]
	b = appendString(append(b, `{"type":`...), c.Type)
	if c.Feature != "" {
		b = appendString(append(append(b, names.feature...), ':'), c.Feature)
	}
	if c.Enabled != nil {
		b = strconv.AppendBool(append(b, `,"enabled":{"forUser":`...), c.Enabled.ForUser)
		b = append(strconv.AppendBool(append(b, `,"forContact":`...), c.Enabled.ForContact), '}')
	}
	b = appendText(b, `,"allowed":`, c.Allowed)
	if c.Detail != nil {
		b = append(append(append(b, names.detail...), ':'), c.Detail...)
	}
	if c.Param != nil {
		b = strconv.AppendInt(append(b, `,"param":`...), *c.Param, 10)
	}
	if c.Role != "" {
		b = appendString(append(append(b, names.role...), ':'), c.Role)
	}
	return append(b, '}')
}

// append writes the time in the core's form.
func (s stamp) append(b []byte) []byte {
	return append(s.time().AppendFormat(append(b, '"'), stampLayout), '"')
}

func appendFlag(b []byte, name string, on *bool) []byte {
	if on == nil {
		return b
	}
	return strconv.AppendBool(append(b, name...), *on)
}

func appendText(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return appendString(append(b, name...), text)
}

// appendString writes a text; most need no escapes.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendValue(b, s)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
