package sim

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// sendCommands send messages.
var sendCommands = table{
	"APISendMessages":         {run: sendMessages, reads: func(c *call) error { _, err := c.composed(); return err }},
	"SendMessage":             {run: sendByName},
	"APICreateChatItems":      {run: createNotes},
	"APIForwardChatItems":     {run: forward},
	"APIPlanForwardChatItems": {run: planForward},
}

// maxMessage is how many bytes a message may have on its way: the JSON of its
// texts, quote included.
const maxMessage = 15488

func sendMessages(c *call) (raw, error) {
	out := outgoing{live: c.cmd.On("liveMessage", false)}
	if c.cmd.Has("ttl") {
		ttl := c.cmd.Int("ttl")
		out.ttl = &ttl
	}
	var err error
	if out.msgs, err = c.composed(); err != nil {
		return nil, err
	}
	for _, m := range out.msgs {
		if m.content.typ == "report" {
			return nil, errReport
		}
	}
	ref := c.cmd.Ref("sendRef")
	if ref.Type == '@' {
		if err := out.checkDirect(); err != nil {
			return nil, err
		}
	}
	out.asGroup = ref.AsGroup
	ch, err := c.chat(ref)
	if err != nil {
		return nil, err
	}
	out.chat = ch
	return c.send(out)
}

// errReport is the answer to reports that do not come from their own command.
var errReport = commandError("sending reports via this API is not supported")

// composed reads the messages of a command, whose form is JSON or a text.
func (c *call) composed() (msgs []composed, err error) {
	if c.cmd.Has("text") {
		msgs = []composed{textMessage(c.cmd.Text("text"))}
	} else if err := c.decode("composedMessages", &msgs); err != nil {
		return nil, err
	}
	for i := range msgs {
		if msgs[i].content, err = readContent(msgs[i].MsgContent); err != nil {
			return nil, err
		}
	}
	return msgs, nil
}

func textMessage(text string) composed {
	return composed{MsgContent: json.RawMessage(tagged("text", "text", text))}
}

// sendByName is what people write at a terminal: @alice hello.
func sendByName(c *call) (raw, error) {
	m := textMessage(c.cmd.Text("text"))
	m.content, _ = readContent(m.MsgContent)
	name := c.cmd.Text("contactName")
	for _, ct := range c.user.contacts {
		if name != "" && ct.LocalDisplayName == name {
			return c.send(outgoing{chat: ct.chat, msgs: []composed{m}})
		}
	}
	group := c.cmd.Text("groupName")
	for _, g := range c.user.groups {
		if group != "" && g.LocalDisplayName == group {
			return c.send(outgoing{chat: g.chat, msgs: []composed{m}})
		}
	}
	if group != "" {
		return nil, storeError("groupNotFoundByName", "groupName", group)
	}
	return nil, storeError("contactNotFoundByName", "contactName", name)
}

// send stores messages, answers with them and posts them.
func (c *call) send(out outgoing) (raw, error) {
	if out.chat.notes != nil {
		return c.note(out.chat.notes, out.msgs)
	}
	if out.chat.group != nil {
		return c.sendGroup(out)
	}
	ct := out.chat.contact
	for _, m := range out.msgs {
		if m.content.typ == "voice" && !ct.MergedPreferences.Voice.Enabled.ForUser {
			return nil, notAllowed("voice")
		}
	}
	large, err := out.prepare()
	if err != nil {
		return nil, err
	}
	if err := ct.sendable(); err != nil {
		return nil, err
	}
	if err := c.refuseLarge(out, large); err != nil {
		return nil, err
	}
	ct.ActiveConn.sendsPQ()
	info := out.chat.info()
	items := out.items(direction{Type: "directSnd"})
	reply := itemsResult(c.user.asLoaded(), out.chat, "newChatItems", info, items, (*item).storedDir)
	out.inParts(items, func(part []*item) { c.db.postDirect(ct, part) })
	return reply, nil
}

var errLarge = storeError("largeMsg")

// refuseLarge tells of the messages that are too large, and is the error where
// there are no others.
func (c *call) refuseLarge(out outgoing, large []raw) error {
	if len(large) > 1 || len(large) > 0 && len(out.msgs) > 0 {
		c.db.event(result("chatErrors", "chatErrors", large))
	}
	if len(out.msgs) == 0 {
		return errLarge
	}
	return nil
}

// items stores the messages, all with one time.
func (out *outgoing) items(dir direction) []*item {
	now := out.chat.db.net.now()
	items := make([]*item, len(out.msgs))
	for i := range out.msgs {
		items[i] = out.chat.newMessage(dir, &out.msgs[i], now, out.live, out.timed())
	}
	out.chat.touch(now)
	return items
}

// newMessage stores one message of the user.
func (ch *chat) newMessage(dir direction, m *composed, now stamp, live bool, ttl *int64) *item {
	d := ch.db
	msg := m.content // a copy, so that the rest need not be kept
	it := &item{ChatDir: dir, said: &said{msg: &msg, ItemForwarded: m.forwarded, ItemLive: flag(live)}, sharedID: d.net.key(12), Meta: meta{
		ItemTs: now, ItemText: m.content.shown(), ItemStatus: sndNew, CreatedAt: now, UpdatedAt: now,
	}}
	it.Meta.ItemSharedMsgID = it.sharedID
	it.Content = &content{Type: "sndMsgContent", Detail: m.content.raw}
	it.FormattedText, it.Meta.HasLink = markdown(m.content.text)
	it.Meta.HasLink = it.Meta.HasLink || m.content.typ == "link"
	if ttl != nil {
		it.ItemTimed = &itemTimed{TTL: *ttl}
		if !live {
			at := d.net.now().add(time.Duration(*ttl) * time.Second)
			it.ItemTimed.DeleteAt = &at
		}
	}
	if m.quoted != nil {
		it.Quoted = ch.quoteOf(m.quoted, m.content)
	}
	switch {
	case m.FileSource == nil:
	case ch.notes != nil:
		d.keepFile(it, *m.FileSource)
	default:
		d.attach(ch, it, *m.FileSource)
	}
	ch.add(it)
	return it
}

// quoteOf is a quote of an item of this chat in a message.
func (ch *chat) quoteOf(q *item, in msgContent) *quote {
	dir := q.ChatDir
	if q.author != nil {
		dir = q.author.stored()
	}
	quoted := q.quotedWith(in)
	f, _ := markdown(quoted.text)
	return &quote{ChatDir: &dir, ItemID: q.Meta.ItemID, SharedMsgID: q.sharedID, SentAt: q.Meta.ItemTs,
		Content: quoted.raw, FormattedText: f}
}

func createNotes(c *call) (raw, error) {
	msgs, err := c.composed()
	if err != nil {
		return nil, err
	}
	for _, m := range msgs {
		switch {
		case m.content.typ == "report":
			return nil, errReport
		case len(m.Mentions) > 0:
			return nil, errMentions
		}
	}
	for _, m := range msgs {
		if m.QuotedItemID != nil {
			return nil, commandError("createNoteFolderContentItems: quotes not supported")
		}
	}
	ch, err := c.chat(syntax.Ref{Type: '*', ID: c.cmd.Int("noteFolderId")})
	if err != nil {
		return nil, err
	}
	return c.note(ch.notes, msgs)
}

// note stores messages in the notes.
func (c *call) note(notes *noteFolder, msgs []composed) (raw, error) {
	for _, m := range msgs {
		if m.FileSource != nil {
			if err := c.db.checkFile(*m.FileSource); err != nil {
				return nil, err
			}
		}
	}
	now := c.db.net.now()
	info := notes.chat.info()
	list := []raw{}
	for i := range msgs {
		it := notes.chat.newMessage(direction{Type: "localSnd"}, &msgs[i], now, false, nil)
		it.Meta.ItemSharedMsgID, it.sharedID = "", ""
		list = append(list, entry(info, it))
	}
	notes.chat.touch(now)
	return c.reply("newChatItems", "chatItems", list)
}

// names of features in errors.
func notAllowed(feature string) error {
	return commandError(strings.TrimSpace("feature not allowed " + featureNames[feature]))
}
