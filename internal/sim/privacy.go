package sim

import "slices"

func hideUser(c *call) (raw, error) {
	u, pwd := c.db.users[c.cmd.Int("userId")], c.password()
	switch {
	case u == nil:
		return nil, chatError("userUnknown")
	case u.hidden:
		return nil, chatError("userAlreadyHidden", "userId", u.UserID)
	case pwd == "":
		return nil, chatError("emptyUserPassword", "userId", u.UserID)
	case len(c.db.visibleUsers()) < 2:
		return nil, chatError("cantHideLastUser", "userId", u.UserID)
	}
	u.hidden, u.password, u.ShowNtfs = true, pwd, false
	u.ViewPwdHash = &pwdHash{Hash: c.db.net.key(64), Salt: c.db.net.key(16)}
	return c.privacy(u)
}

// visibleUsers are those that are not hidden.
func (d *database) visibleUsers() []*user {
	return slices.DeleteFunc(d.usersByID(), func(u *user) bool { return u.hidden })
}

func unhideUser(c *call) (raw, error) {
	u, pwd := c.db.users[c.cmd.Int("userId")], c.password()
	switch {
	case u == nil:
		return nil, chatError("userUnknown")
	case !u.hidden:
		return nil, chatError("userNotHidden", "userId", u.UserID)
	case pwd == "":
		return nil, chatError("emptyUserPassword", "userId", u.UserID)
	case pwd != u.password:
		return nil, chatError("userUnknown")
	}
	u.hidden, u.password, u.ViewPwdHash, u.ShowNtfs = false, "", nil, true
	return c.privacy(u)
}

// muteUser makes the handler that mutes a user or does not.
func muteUser(mute bool) handler {
	return handler{run: func(c *call) (raw, error) {
		u := c.db.users[c.cmd.Int("userId")]
		switch {
		case u == nil:
			return nil, chatError("userUnknown")
		case u.hidden:
			return nil, chatError("hiddenUserAlwaysMuted", "userId", u.UserID)
		}
		u.ShowNtfs = !mute
		return c.privacy(u)
	}}
}

// privacy answers with a user that was changed.
func (c *call) privacy(u *user) (raw, error) {
	u.changed()
	u.load()
	return c.reply("userPrivacy", "updatedUser", u.json())
}
