package sim

// Seven tells whether the core is of version 7.0.
func (c *Core) Seven() bool { return c.db.v7 }

// Markdown is the texts of the pieces that a text is split into.
func Markdown(text string) (texts []string) {
	pieces, _ := markdown(text)
	for _, p := range pieces {
		texts = append(texts, p.Text)
	}
	return texts
}
