package sim

// settingCommands are settings of chats and of the user.
var settingCommands = table{
	"APISetChatSettings":    {run: setChatSettings, reads: func(c *call) error { _, err := c.readChatSettings(); return err }},
	"APIGetChatItemTTL":     forUser(getTTL).atAnyTime(),
	"APISetChatItemTTL":     forUser(setTTL),
	"APISetChatTTL":         forUser(setChatTTL),
	"APISetGroupCustomData": {run: setGroupData},
	"APISetGroupAlias":      {run: setGroupAlias},
}

// readChatSettings reads the settings in a command.
func (c *call) readChatSettings() (s chatSettings, err error) {
	var has struct{ Favorite *bool }
	if c.decode("settings", &s) != nil || c.decode("settings", &has) != nil || has.Favorite == nil ||
		s.EnableNtfs != "all" && s.EnableNtfs != "none" && s.EnableNtfs != "mentions" {
		return s, errSyntax
	}
	return s, nil
}

func setChatSettings(c *call) (raw, error) {
	s, err := c.readChatSettings()
	if err != nil {
		return nil, err
	}
	ch, err := c.talk(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	if ch.support != nil {
		return nil, errNotSupported
	}
	if ch.contact != nil {
		ch.contact.ChatSettings = s
	} else {
		ch.group.ChatSettings = s
	}
	return c.done()
}

func getTTL(c *call) (raw, error) {
	return c.reply("chatItemTTL", "chatItemTTL", c.user.ttl)
}

func setGroupData(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	g.CustomData, g.UpdatedAt = c.cmd.JSON("customData"), c.db.net.now()
	return c.done()
}

func setGroupAlias(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	g.LocalAlias = c.cmd.Text("alias")
	reply, _ := c.reply("groupAliasUpdated", "toGroup", encode(g))
	g.UpdatedAt = c.db.net.now()
	return reply, nil
}
