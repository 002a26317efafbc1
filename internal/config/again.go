package config

import "reflect"

// Same tells whether two configurations mean the same for every bot, wherever
// their values come from. What secrets are is compared after Bot.ReadSecrets.
func (c *Config) Same(other *Config) bool {
	return reflect.DeepEqual(c.meaning(), other.meaning())
}

// meaning is a copy without the places where the values stand.
func (c *Config) meaning() Config {
	plain := *c
	plain.given, plain.Files, plain.Bots = nil, nil, nil
	for _, b := range c.Bots {
		one := *b
		one.given = nil
		plain.Bots = append(plain.Bots, &one)
	}
	return plain
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
