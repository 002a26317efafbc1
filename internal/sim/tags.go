package sim

import (
	"encoding/json"
	"slices"
)

// tagCommands are about the tags that users put on chats.
var tagCommands = table{
	"APIGetChatTags":     forUser(func(c *call) (raw, error) { return c.reply("chatTags", "userTags", c.user.tagList()) }).atAnyTime(),
	"APICreateChatTag":   {run: createTag},
	"APIUpdateChatTag":   {run: updateTag},
	"APIDeleteChatTag":   {run: deleteTag},
	"APIReorderChatTags": {run: reorderTags},
	"APISetChatTags":     {run: setTags},
}

type chatTag struct {
	ID    int64  `json:"chatTagId"`
	Text  string `json:"chatTagText"`
	Emoji string `json:"chatTagEmoji,omitempty"`
}

func (u *user) tagList() []*chatTag {
	if u.tags == nil {
		return []*chatTag{}
	}
	return u.tags
}

// tag finds the tag that a command names; -1 stands for none, which the core
// lets pass.
func (c *call) tag() int {
	id := c.cmd.Int("tagId")
	for i, t := range c.user.tags {
		if t.ID == id {
			return i
		}
	}
	return -1
}

// tagData reads the text and emoji of a tag.
func (c *call) tagData(t *chatTag) error {
	var data struct {
		Emoji *string
		Text  *string
	}
	if json.Unmarshal(c.cmd.JSON("tag"), &data) != nil || data.Text == nil {
		return errSyntax
	}
	t.Text, t.Emoji = *data.Text, ""
	if data.Emoji != nil {
		t.Emoji = *data.Emoji
	}
	return nil
}

// constraint is how the errors of changes begin that a rule of the database forbids.
const constraint = "SQLite3 returned ErrorConstraint while attempting to perform step: "

// unique is the error of a tag that says what another one says.
func (u *user) unique(t *chatTag) error {
	for _, x := range u.tags {
		switch {
		case x.ID == t.ID:
		case x.Text == t.Text:
			return storeError("dBException", "message", constraint+"UNIQUE constraint failed: chat_tags.user_id, chat_tags.chat_tag_text")
		case x.Emoji == t.Emoji && t.Emoji != "":
			return storeError("dBException", "message", constraint+"UNIQUE constraint failed: chat_tags.user_id, chat_tags.chat_tag_emoji")
		}
	}
	return nil
}

func createTag(c *call) (raw, error) {
	t := &chatTag{}
	if err := c.tagData(t); err != nil {
		return nil, err
	}
	if err := c.user.unique(t); err != nil {
		return nil, err
	}
	t.ID = c.db.next("tag")
	c.user.tags = append(c.user.tags, t)
	return c.reply("chatTags", "userTags", c.user.tags)
}

func updateTag(c *call) (raw, error) {
	t := &chatTag{}
	if err := c.tagData(t); err != nil {
		return nil, err
	}
	if i := c.tag(); i >= 0 {
		t.ID = c.user.tags[i].ID
		if err := c.user.unique(t); err != nil {
			return nil, err
		}
		c.user.tags[i] = t
	}
	return c.done()
}

func deleteTag(c *call) (raw, error) {
	i := c.tag()
	if i < 0 {
		return c.done()
	}
	id := c.user.tags[i].ID
	c.user.tags = append(c.user.tags[:i], c.user.tags[i+1:]...)
	c.db.free("tag", id)
	for _, ct := range c.user.contacts {
		ct.ChatTags = without(ct.ChatTags, id)
	}
	for _, g := range c.user.groups {
		g.ChatTags = without(g.ChatTags, id)
	}
	return c.done()
}

func without(ids []int64, id int64) []int64 {
	rest := []int64{}
	for _, x := range ids {
		if x != id {
			rest = append(rest, x)
		}
	}
	return rest
}

func reorderTags(c *call) (raw, error) {
	var ordered []*chatTag
	for _, id := range c.cmd.Ints("tagIds") {
		for _, t := range c.user.tags {
			if t.ID == id {
				ordered = append(ordered, t)
			}
		}
	}
	if len(ordered) == len(c.user.tags) {
		c.user.tags = ordered
	}
	return c.done()
}

func (u *user) noTag(id int64) bool {
	return !slices.ContainsFunc(u.tags, func(t *chatTag) bool { return t.ID == id })
}

func setTags(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	ids := append([]int64{}, c.cmd.Ints("tagIds")...)
	switch {
	case ch.support != nil || ch.notes != nil:
		return nil, errNotSupported
	case slices.ContainsFunc(ids, c.user.noTag):
		return nil, storeError("dBException", "message", constraint+"FOREIGN KEY constraint failed")
	case ch.contact != nil:
		ch.contact.ChatTags = ids
	default:
		ch.group.ChatTags = ids
	}
	return c.reply("tagsUpdated", "userTags", c.user.tagList(), "chatTags", ids)
}
