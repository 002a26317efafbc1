package sim

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// forwardedFrom is where a forwarded item comes from: the first place that is
// known, and nothing for the user's own notes.
func forwardedFrom(it *item) raw {
	if was := it.ItemForwarded; was != nil && string(was) != string(forwardedUnknown) {
		return was
	}
	dir := "rcv"
	if it.sent() {
		dir = "snd"
	}
	id := it.Meta.ItemID
	switch ch := it.chat; {
	case ch.contact != nil:
		name := ch.contact.Profile.LocalAlias
		if name == "" {
			name = ch.contact.Profile.DisplayName
		}
		return tagged("contact", "chatName", name, "msgDir", dir, "contactId", ch.contact.ContactID, "chatItemId", id)
	case ch.group != nil:
		return tagged("group", "chatName", ch.group.GroupProfile.DisplayName, "msgDir", dir, "groupId", ch.group.GroupID, "chatItemId", id)
	}
	return nil
}

// forwardedItem is the item that an item is a copy of, nil where it is not here.
func (it *item) forwardedItem() *item {
	var from struct{ ChatItemID int64 }
	if it.ItemForwarded == nil || json.Unmarshal(it.ItemForwarded, &from) != nil {
		return nil
	}
	return it.chat.db.items[from.ChatItemID]
}

// forwardedUnknown is what peers are told of where a message comes from.
var forwardedUnknown = tagged("unknown")

// forwardable are the chat and the items in it that a command names and that can be forwarded;
// those that are not there are told of.
func (c *call) forwardable() (from *chat, items []*item, err error) {
	if from, err = c.chat(c.cmd.Ref("fromChat")); err != nil {
		return nil, nil, err
	}
	found, errs := from.find(c.cmd.Ints("chatItemIds"))
	if len(errs) > 0 {
		c.db.event(result("chatErrors", "chatErrors", errs))
	}
	for _, it := range found {
		switch {
		case it.Meta.ItemDeleted != nil: // since it was chosen
		case !it.message():
			return nil, nil, chatError("invalidForward")
		default:
			items = append(items, it)
		}
	}
	return from, items, nil
}

func forward(c *call) (raw, error) {
	from, items, err := c.forwardable()
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return c.reply("newChatItems", "chatItems", []raw{})
	}
	to, err := c.chat(c.cmd.Ref("toChat"))
	if err != nil {
		return nil, err
	}
	out := outgoing{chat: to, asGroup: c.cmd.Ref("toChat").AsGroup}
	if c.cmd.Has("ttl") {
		ttl := c.cmd.Int("ttl")
		out.ttl = &ttl
	}
	for _, it := range items {
		m := composed{content: *it.msg, forwarded: forwardedFrom(it)}
		if to == from && to.group != nil {
			m.Mentions = it.mentionedHere()
		}
		if it.File != nil && !c.db.copyFile(it, &m) && m.content.typ != "image" && m.content.typ != "link" {
			if m.content.text == "" {
				continue // nothing is left without the file
			}
			m.content, _ = readContent(textMessage(m.content.text).MsgContent)
		}
		out.msgs = append(out.msgs, m)
	}
	if len(out.msgs) == 0 {
		return c.reply("newChatItems", "chatItems", []raw{})
	}
	return c.send(out)
}

// mentionedHere are the members that an item mentions, by their numbers here.
func (it *item) mentionedHere() map[string]int64 {
	ids := map[string]int64{}
	g := it.chat.group
	for name, men := range it.Mentions {
		if m := g.byMemberID(men.MemberID); m != nil {
			ids[name] = m.GroupMemberID
		} else if men.MemberID == g.Membership.MemberID {
			ids[name] = g.Membership.GroupMemberID
		}
	}
	return ids
}

// mediaPrefix begins the names of copies of such files, before the time.
var mediaPrefix = map[string]string{"image": "IMG_", "voice": "voice_", "video": "video_"}

// loaded tells whether the whole file is on this machine.
func (f *fileInfo) loaded() bool {
	return f.FileStatus.Type == "rcvComplete" || len(f.FileStatus.Type) > 3 && f.FileStatus.Type[:3] == "snd"
}

// copyFile attaches the file of an item to a message: a copy, where there is a
// folder for files. It tells whether there is a file to send.
func (d *database) copyFile(it *item, m *composed) bool {
	if !it.File.loaded() || it.File.FileSource == nil {
		return false
	}
	src := *it.File.FileSource
	if _, err := os.Stat(d.filePath(src.FilePath)); err != nil {
		return false
	}
	if d.folders.Files == "" {
		m.FileSource = &src
		return true
	}
	data, err := d.readSource(src)
	if err != nil {
		return false
	}
	name := it.File.FileName
	if prefix := mediaPrefix[it.msg.typ]; prefix != "" {
		name = prefix + d.net.Now().UTC().Format("20060102_150405") + filepath.Ext(name)
	}
	fresh := cryptoFile{FilePath: d.freeName(name)}
	if d.encrypt {
		fresh.CryptoArgs = &cryptoArgs{FileKey: d.net.key(fileKeySize), FileNonce: d.net.key(fileNonceSize)}
		err = d.net.sealFile(d.filePath(fresh.FilePath), data, *fresh.CryptoArgs)
	} else {
		err = os.WriteFile(d.filePath(fresh.FilePath), data, 0o600)
	}
	if err != nil {
		return false
	}
	m.FileSource = &fresh
	return true
}

// forwardProblems are what can be wrong with files that are to be forwarded,
// the one that is told first first.
var forwardProblems = []string{"filesNotAccepted", "filesInProgress", "filesMissing", "filesFailed"}

// forwardProblem is what keeps the file of an item from being forwarded.
func (d *database) forwardProblem(it *item) string {
	switch it.File.FileStatus.Type {
	case "rcvInvitation", "rcvAborted":
		return "filesNotAccepted"
	case "rcvAccepted", "rcvTransfer", "rcvWarning":
		return "filesInProgress"
	case "rcvCancelled", "rcvError", "invalid":
		return "filesFailed"
	}
	if it.File.FileSource != nil {
		if _, err := os.Stat(d.filePath(it.File.FileSource.FilePath)); err == nil {
			return ""
		}
	}
	return "filesMissing"
}

func planForward(c *call) (raw, error) {
	_, items, err := c.forwardable()
	if err != nil {
		return nil, err
	}
	ids, notAccepted, count := []int64{}, []int64{}, map[string]int{}
	for _, it := range items {
		problem := ""
		if it.File != nil {
			problem = c.db.forwardProblem(it)
			count[problem]++
		}
		if problem == "filesNotAccepted" {
			notAccepted = append(notAccepted, it.File.FileID)
		}
		if problem == "" || it.msg.text != "" || it.msg.typ == "image" || it.msg.typ == "link" {
			ids = append(ids, it.Meta.ItemID)
		}
	}
	var confirm any
	for _, problem := range forwardProblems {
		switch {
		case count[problem] == 0 || confirm != nil:
		case problem == "filesNotAccepted":
			confirm = tagged(problem, "fileIds", notAccepted)
		default:
			confirm = tagged(problem, "filesCount", count[problem])
		}
	}
	return c.reply("forwardPlan", "itemsCount", len(c.cmd.Ints("chatItemIds")), "chatItemIds", ids, "forwardConfirmation", confirm)
}
