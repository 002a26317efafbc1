package sim

// Seven tells whether the core is of version 7.0.
func (c *Core) Seven() bool { return c.db.v7 }
