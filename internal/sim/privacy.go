package sim

import "strings"

func hideUser(c *call) (raw, error) {
	pwd := c.password()
	switch {
	case strings.TrimSpace(pwd) == "":
		return nil, chatError("emptyUserPassword", "userId", c.cmd.Int("userId"))
	case len(c.db.users) < 2:
		return nil, chatError("cantHideLastUser", "userId", c.cmd.Int("userId"))
	}
	return c.privacy(func(u *user) {
		u.hidden, u.password, u.ShowNtfs = true, pwd, false
		u.ViewPwdHash = &pwdHash{Hash: c.db.net.key(64), Salt: c.db.net.key(16)}
	})
}

func unhideUser(c *call) (raw, error) {
	u, err := c.findUser()
	if err != nil {
		return nil, err
	}
	if !u.hidden || c.password() != u.password {
		return nil, chatError("userUnknown")
	}
	return c.privacy(func(u *user) { u.hidden, u.password, u.ViewPwdHash = false, "", nil; u.ShowNtfs = true })
}

func (c *call) privacy(change func(*user)) (raw, error) {
	u, err := c.findUser()
	if err != nil {
		return nil, err
	}
	change(u)
	u.changed()
	return c.reply("userPrivacy", "updatedUser", u.json())
}
