package config

import "strings"

// check looks at values that do not fit together; line is the bot's [[bot]], n
// the number of bots.
func (b *Bot) check(line Source, n int, wrong *mistakes) {
	if g, ok := b.given.find("data"); ok && n > 1 && g.source.Kind != FromFile {
		wrong.add(g.source, "%s is one bot's folder; without it each of several scripts has its own", g.source)
	}
	d := b.Database
	var key, connection given
	for _, g := range b.given {
		switch {
		case strings.HasPrefix(g.name, "database.key"):
			key = g
		case strings.HasPrefix(g.name, "database.connection"):
			connection = g
		}
	}
	if core, ok := b.given.find("core"); ok && b.Core.URL != "" {
		for _, g := range b.given { // one for all bots at the top is not for this one
			if strings.HasPrefix(g.name, "database.") && g.source.rank() >= core.source.rank() {
				wrong.add(g.source, "%s: %s (%s) is for a database of the bot's own, but core (%s) is a program that has one",
					b.Name, g.name, g.source, core.source)
				break
			}
		}
	}
	switch backend, _ := b.given.find("database.backend"); {
	case key.name != "" && connection.name != "":
		wrong.add(connection.source, "%s: %s (%s) is for SQLite and %s (%s) for Postgres; one bot has one database",
			b.Name, key.name, key.source, connection.name, connection.source)
	case key.name != "" && d.Backend == "postgres":
		wrong.add(key.source, "%s: %s (%s) is for SQLite, but the backend is postgres (%s)", b.Name, key.name, key.source, backend.source)
	case connection.name != "" && d.Backend == "sqlite":
		wrong.add(connection.source, "%s: %s (%s) is for Postgres, but the backend is sqlite (%s)",
			b.Name, connection.name, connection.source, backend.source)
	}
	if b.RestartDelay > b.RestartMaxDelay {
		g, _ := b.given.find("restart_delay")
		if g.source.Kind == FromDefault {
			b.RestartDelay = b.RestartMaxDelay
			return
		}
		wrong.add(g.source, "restart_delay is longer than restart_max_delay (%s)", b.RestartMaxDelay)
	}
	if b.Script == "" { // an operator's table that nothing of a bundle goes with
		wrong.add(line, "the bot has no script: write script = \"bot.lua\"")
	}
}
