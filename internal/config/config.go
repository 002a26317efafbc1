package config

import (
	"io/fs"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Config is what one process runs.
type Config struct {
	LogLevel, LogFormat string
	// Metrics is the address for metrics and health, "" for none; Pprof adds
	// profiles to it.
	Metrics string
	Pprof   bool
	// LibsSHA256 is the hash that a downloaded library must have; "" for none.
	LibsSHA256 string

	// Bots are in the order of the file or of the arguments.
	Bots []*Bot
	// Files are the configuration files that were read.
	Files []string

	given givens
}

// Bot is one bot and its settings.
type Bot struct {
	// Name is unique among the bots of a Config.
	Name string
	// Script is the path of the script: absolute or relative to the working
	// directory, or a path in Files.
	Script string
	// Files holds the script where it is not on disk; nil: it is.
	Files fs.FS
	// Data is the data folder; "" for the default.
	Data string
	// LogName is the name in logs; "" is Name.
	LogName string

	Watch, Isolate bool
	Grace          time.Duration
	// Restart is never, on-failure or always.
	Restart                       string
	RestartDelay, RestartMaxDelay time.Duration

	// Allow are KIND=VALUE entries, those of all layers joined and without those
	// that Deny takes back. Asked are those of the author of a bundle, which are
	// among them only where the operator has no allow list.
	Allow, Deny, Asked []string
	AllowAll           bool
	// Limits are the limits' values by name.
	Limits map[string]string
	// Env is what os.getenv answers besides the environment; EnvFiles and
	// EnvCredentials name files and systemd credentials that hold the values.
	Env, EnvFiles, EnvCredentials map[string]string

	Database Database
	Core     Core
	Store    Store

	settings luaapi.Settings // those of the keys that are given
	given    givens
}

// Database is what the configuration says about a bot's chat database. What is
// empty is as the script says.
type Database struct {
	// Backend is sqlite or postgres.
	Backend string
	Prefix  string
	// Key and Connection are the secrets themselves, from the environment or, after
	// Bot.ReadSecrets, from where the other fields say.
	Key, KeyFile, KeyEnv, KeyCredential                             string
	Connection, ConnectionFile, ConnectionEnv, ConnectionCredential string
	ConfirmMigrations                                               string
}

// Core is where a chat program runs that the bot uses in the place of a database
// of its own.
type Core struct {
	// URL is its WebSocket address, "" for none.
	URL string
	// Insecure allows an address on another machine without TLS.
	Insecure bool
	// Token is the secret for a proxy in front of it: from the environment or, after
	// Bot.ReadSecrets, from where the other fields say.
	Token, TokenFile, TokenEnv, TokenCredential string
}

// postgres tells whether the values are those of a Postgres database.
func (d Database) postgres() bool {
	return d.Backend == "postgres" || d.Backend == "" && d.Connection+d.ConnectionFile+d.ConnectionEnv+d.ConnectionCredential != ""
}

// Postgres tells whether the configuration asks for a Postgres database, and
// whether it asks for any database at all.
func (d Database) Postgres() (postgres, set bool) {
	values := d
	values.ConfirmMigrations = ""
	return d.postgres(), values != Database{}
}
