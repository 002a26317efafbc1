package config

import "reflect"

// Bot returns the bot of that name, nil where there is none.
func (c *Config) Bot(name string) *Bot {
	for _, b := range c.Bots {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// Same tells whether two configurations mean the same for a bot, wherever their
// values come from. What secrets are is compared after ReadSecrets.
func (b *Bot) Same(other *Bot) bool {
	x, y := *b, *other
	x.given, y.given = nil, nil
	return reflect.DeepEqual(x, y)
}

// KeepProcess gives next, which is to take c's place in a running process, the
// settings of the process as c has them. It returns the names of those that next
// had otherwise.
func (c *Config) KeepProcess(next *Config) (kept []string) {
	for _, k := range keys {
		if k.process == nil {
			continue
		}
		old, now := reflect.ValueOf(k.process(c)).Elem(), reflect.ValueOf(k.process(next)).Elem()
		if !reflect.DeepEqual(old.Interface(), now.Interface()) {
			now.Set(old)
			kept = append(kept, k.Name)
		}
	}
	return kept
}
