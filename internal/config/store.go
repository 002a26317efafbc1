package config

import (
	"net/url"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/postgres"
)

// Store is where a bot's scripts keep values with the module store.
type Store struct {
	// URL is that of a PostgreSQL server, "" for the file in the data folder. Only
	// one from the environment has a password in it.
	URL string
	// Password goes with URL: from the environment or, after Bot.ReadSecrets, from
	// where the other fields say.
	Password, PasswordFile, PasswordEnv, PasswordCredential string
}

// Connection is the URL with its password, "" for the file in the data folder.
func (s Store) Connection() string {
	u, err := url.Parse(s.URL)
	if err != nil || s.URL == "" || s.Password == "" {
		return s.URL
	}
	u.User = url.UserPassword(u.User.Username(), s.Password)
	return u.String()
}

// Shown is the URL without a password, for people to read.
func (s Store) Shown() string { return withoutPassword(s.URL) }

// checkStore is about the URL of a store.
func checkStore(text string, source Source) (problem string) {
	if text == "" { // the file, whatever a weaker layer says
		return ""
	}
	if _, err := postgres.Config("store", text, permission.Set{All: true}); err != nil {
		return strings.TrimPrefix(err.Error(), "store: ")
	}
	u, err := url.Parse(text)
	if err != nil {
		return "want a URL" // Config has read it
	}
	if _, has := u.User.Password(); has && source.Kind != FromEnv {
		return "a password does not stand here, where others can read it; give it with store_password_file, store_password_env or store_password_credential"
	}
	return ""
}

// withoutPassword is a URL that was checked as people may see it.
func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return hidden
	}
	if _, has := u.User.Password(); has {
		u.User = url.User(u.User.Username())
	}
	return u.String()
}
