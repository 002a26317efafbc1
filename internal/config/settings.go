package config

import (
	"fmt"
	"strconv"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Override puts what the configuration sets in the place of what the script
// asked for with bot.configure. The database is not among it.
func (b *Bot) Override(s luaapi.Settings) luaapi.Settings {
	for _, k := range keys {
		g, ok := b.given.find(k.Name)
		if k.setting == nil || !ok || g.source.Kind <= FromScript {
			continue
		}
		switch into := k.setting(&s).(type) {
		case *string:
			*into = *k.setting(&b.settings).(*string)
		case *bool:
			*into = *k.setting(&b.settings).(*bool)
		case *int:
			*into = *k.setting(&b.settings).(*int)
		case *time.Duration:
			*into = *k.setting(&b.settings).(*time.Duration)
		}
	}
	return s
}

// NoteScript tells Show what the script sets, as far as there are keys for it,
// and what is so by default.
func (b *Bot) NoteScript(s luaapi.Settings) {
	plain := luaapi.DefaultSettings(b.Name)
	for _, k := range keys {
		if k.setting == nil {
			continue
		}
		kind, text := FromScript, settingText(k.setting(&s))
		if text == settingText(k.setting(&plain)) {
			kind = FromDefault
		}
		b.Note(kind, k.Name, text)
	}
	b.noteDatabase(s)
}

func settingText(value any) string {
	switch v := value.(type) {
	case *string:
		return *v
	case *bool:
		return strconv.FormatBool(*v)
	case *int:
		return strconv.Itoa(*v)
	}
	return fmt.Sprint(*value.(*time.Duration))
}

func (b *Bot) noteDatabase(s luaapi.Settings) {
	script := func(name, text string) { b.Note(FromScript, "database."+name, text) }
	postgres, set := b.Database.Postgres()
	if q := s.Database.SQLite; q != nil && !postgres {
		script("backend", "sqlite")
		script("prefix", q.FilePrefix)
		script("key", q.EncryptionKey)
	}
	if p := s.Database.Postgres; p != nil && (postgres || !set) {
		script("backend", "postgres")
		script("prefix", p.SchemaPrefix)
		script("connection", p.ConnectionString)
		postgres = true
	}
	backend, prefix := "sqlite", "chat"
	if postgres {
		backend, prefix = "postgres", "simplex"
	}
	b.Note(FromDefault, "database.backend", backend)
	b.Note(FromDefault, "database.prefix", prefix)
	if s.ConfirmMigrations != luaapi.DefaultSettings("").ConfirmMigrations {
		script("confirm_migrations", s.ConfirmMigrations)
	}
	b.Note(FromDefault, "database.confirm_migrations", s.ConfirmMigrations)
}
