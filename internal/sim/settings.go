package sim

// settingCommands are settings of chats and of the user.
var settingCommands = table{
	"APISetChatSettings":    {run: setChatSettings},
	"APIGetChatItemTTL":     forUser(getTTL).atAnyTime(),
	"APISetChatItemTTL":     forUser(setTTL),
	"APISetChatTTL":         forUser(setChatTTL),
	"APISetGroupCustomData": {run: setGroupData},
	"APISetGroupAlias":      {run: setGroupAlias},
}

func setChatSettings(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("chatRef"))
	if err != nil {
		return nil, err
	}
	if ch.support != nil || ch.notes != nil {
		return nil, errNotSupported
	}
	var s chatSettings
	if err := c.decode("settings", &s); err != nil {
		return nil, err
	}
	if s.EnableNtfs != "all" && s.EnableNtfs != "none" && s.EnableNtfs != "mentions" {
		return nil, errSyntax
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
