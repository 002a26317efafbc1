package config

import (
	"slices"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Scope says where in the file a key may stand.
type Scope int

const (
	// Process keys stand at the top of the file, before the first [[bot]].
	Process Scope = iota
	// EachBot keys stand in a [[bot]], or at the top for all bots.
	EachBot
	// OneBot keys stand in a [[bot]] only.
	OneBot
)

// Key is one setting.
type Key struct {
	// Name is as in the file; "database.prefix" is prefix in the table database.
	Name  string
	Scope Scope
	// Env and Flag are the names elsewhere, without $ and --; "" for none.
	Env, Flag string
	// Default is as in the file, without quotes; "" for none.
	Default string
	// Choices are the only values, if there are any.
	Choices []string
	// Usage says what it is for, the value's name in backquotes.
	Usage string
	// Secret values are never shown.
	Secret bool
	// NoFile: it may not stand in a file.
	NoFile bool

	// operator: it stands in no file of a bundle, whose author it would let do what
	// the operator has not allowed.
	operator bool
	// url: the value may have a password in it, which is not shown.
	url bool
	// path: a relative value in a file counts from the file's folder.
	path bool
	// group: of the keys of one group only the strongest counts.
	group string
	// off: the flag takes no value and means false.
	off bool

	process func(*Config) any
	bot     func(*Bot) any
	// setting: it goes over what the script sets with bot.configure.
	setting func(*luaapi.Settings) any
}

// Type is the value's type: string, boolean, number, duration, list or table.
func (k *Key) Type() string {
	switch k.field(&Config{}, &Bot{}).(type) {
	case *bool:
		return "boolean"
	case *time.Duration:
		return "duration"
	case *[]string:
		return "list"
	case *map[string]string:
		return "table"
	case *int:
		return "number"
	}
	return "string"
}

// field points at the value in c, or in b.
func (k *Key) field(c *Config, b *Bot) any {
	switch {
	case k.process != nil:
		return k.process(c)
	case k.setting != nil:
		return k.setting(&b.settings)
	}
	return k.bot(b)
}

// Keys are all settings, in the order in which they are shown.
func Keys() []*Key { return slices.Clone(keys) }

func keyNamed(name string) *Key {
	for _, k := range keys {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// tables are the names of the file's tables below the top and [[bot]].
var tables = func() (names []string) {
	for _, k := range keys {
		if table, _, ok := strings.Cut(k.Name, "."); ok && !slices.Contains(names, table) {
			names = append(names, table)
		} else if k.Type() == "table" {
			names = append(names, k.Name)
		}
	}
	return names
}()

const secretNote = " (give it by file, environment or credential)"

var keys = []*Key{
	{Name: "log_level", Scope: Process, Env: "SIMPLEX_LUA_LOG_LEVEL", Flag: "log-level", Default: "info",
		Choices: []string{"debug", "info", "warn", "error"}, Usage: "`LEVEL` of what is logged",
		process: func(c *Config) any { return &c.LogLevel }},
	{Name: "log_format", Scope: Process, Env: "SIMPLEX_LUA_LOG_FORMAT", Flag: "log-format", Default: "auto",
		Choices: []string{"text", "json", "auto"}, Usage: "`FORMAT` of log lines; auto is text on a terminal, json elsewhere",
		process: func(c *Config) any { return &c.LogFormat }},
	{Name: "metrics", Scope: Process, Env: "SIMPLEX_LUA_METRICS", Flag: "metrics",
		Usage:   "`ADDRESS` (PORT or HOST:PORT) for Prometheus, /healthz and /readyz; without a host the loopback",
		process: func(c *Config) any { return &c.Metrics }},
	{Name: "pprof", Scope: Process, Env: "SIMPLEX_LUA_PPROF", Flag: "pprof", Default: "false",
		Usage:   "serve Go's profiles at the address for metrics",
		process: func(c *Config) any { return &c.Pprof }},
	{Name: "libs_sha256", Scope: Process, Env: "SIMPLEX_LUA_LIBS_SHA256", Flag: "libs-sha256",
		Usage:   "`HEX` hash that the downloaded libsimplex archive must have",
		process: func(c *Config) any { return &c.LibsSHA256 }},

	{Name: "name", Scope: OneBot, Usage: "`NAME` of the bot, in logs, in status and in commands (default: the script's name)",
		bot: func(b *Bot) any { return &b.Name }},
	{Name: "script", Scope: OneBot, Usage: "`FILE` of the script", path: true,
		bot: func(b *Bot) any { return &b.Script }},
	{Name: "data", Scope: OneBot, Env: "SIMPLEX_LUA_DATA", Flag: "data", path: true,
		Usage: "`FOLDER` for the database and files of one bot (default: $STATE_DIRECTORY, or SCRIPT.data beside the script)",
		bot:   func(b *Bot) any { return &b.Data }},
	{Name: "log_name", Scope: OneBot, Usage: "`NAME` of the bot in logs (default: its name)",
		bot: func(b *Bot) any { return &b.LogName }},
	{Name: "watch", Scope: EachBot, Env: "SIMPLEX_LUA_WATCH", Flag: "no-watch", Default: "true", off: true,
		Usage: "reload the script when it changes",
		bot:   func(b *Bot) any { return &b.Watch }},
	{Name: "isolate", Scope: EachBot, Env: "SIMPLEX_LUA_ISOLATE", Flag: "isolate", Default: "false",
		Usage: "run each bot in a process of its own",
		bot:   func(b *Bot) any { return &b.Isolate }},
	{Name: "grace", Scope: EachBot, Env: "SIMPLEX_LUA_GRACE", Flag: "grace", Default: "10s",
		Usage: "`TIME` that handlers may go on when the bot stops",
		bot:   func(b *Bot) any { return &b.Grace }},
	{Name: "restart", Scope: EachBot, Env: "SIMPLEX_LUA_RESTART", Flag: "restart", Default: "never",
		Choices: []string{"never", "on-failure", "always"},
		Usage:   "`WHEN` a bot that has ended is started again (default: never; on-failure for a [[bot]] of the file)",
		bot:     func(b *Bot) any { return &b.Restart }},
	{Name: "restart_delay", Scope: EachBot, Env: "SIMPLEX_LUA_RESTART_DELAY", Flag: "restart-delay", Default: "1s",
		Usage: "`TIME` before the first new start; each one after waits twice as long",
		bot:   func(b *Bot) any { return &b.RestartDelay }},
	{Name: "restart_max_delay", Scope: EachBot, Env: "SIMPLEX_LUA_RESTART_MAX_DELAY", Flag: "restart-max-delay", Default: "5m",
		Usage: "`TIME` that a new start waits at most",
		bot:   func(b *Bot) any { return &b.RestartMaxDelay }},
	{Name: "allow", Scope: EachBot, Env: "SIMPLEX_LUA_ALLOW", Flag: "allow",
		Usage: "`KIND=VALUE`: net=HOST, listen=ADDR, read=PATH, write=PATH, env=NAME, exec=PROGRAM or core=/PREFIX",
		bot:   func(b *Bot) any { return &b.Allow }},
	{Name: "deny", Scope: EachBot, Env: "SIMPLEX_LUA_DENY", Flag: "deny",
		Usage: "`ENTRY` of allow to take back: KIND=VALUE, or KIND for all of that kind",
		bot:   func(b *Bot) any { return &b.Deny }},
	{Name: "allow_all", Scope: EachBot, Env: "SIMPLEX_LUA_ALLOW_ALL", Flag: "allow-all", Default: "false", NoFile: true,
		Usage: "allow scripts everything that can be allowed, for development",
		bot:   func(b *Bot) any { return &b.AllowAll }},
	{Name: "limits", Scope: EachBot, Env: "SIMPLEX_LUA_LIMIT", Flag: "limit",
		Usage: "`NAME=N`: change a limit that an error named, as string_limit=64MiB or memory_limit=1GiB",
		bot:   func(b *Bot) any { return &b.Limits }},
	{Name: "env", Scope: EachBot, Secret: true, Usage: "`VALUES` by name that os.getenv answers",
		bot: func(b *Bot) any { return &b.Env }},
	{Name: "env_files", Scope: EachBot, path: true, Usage: "`FILES` by name that hold values for os.getenv",
		bot: func(b *Bot) any { return &b.EnvFiles }},
	{Name: "env_credentials", Scope: EachBot, Usage: "systemd `CREDENTIALS` by name that hold values for os.getenv",
		bot: func(b *Bot) any { return &b.EnvCredentials }},

	{Name: "core", Scope: EachBot, Env: "SIMPLEX_LUA_CORE", Flag: "core", operator: true,
		Usage: "`URL` of a running simplex-chat -p to use instead of a database of the bot's own, as ws://127.0.0.1:5225",
		bot:   func(b *Bot) any { return &b.Core.URL }},
	{Name: "insecure_core", Scope: EachBot, Env: "SIMPLEX_LUA_INSECURE_CORE", Flag: "insecure-core", Default: "false", operator: true,
		Usage: "let core be on another machine without TLS, where anybody on the way can read and write everything",
		bot:   func(b *Bot) any { return &b.Core.Insecure }},
	{Name: "core_token", Scope: EachBot, Env: "SIMPLEX_LUA_CORE_TOKEN", Secret: true, NoFile: true, group: "core_token",
		Usage: "`TOKEN` for a proxy in front of core" + secretNote,
		bot:   func(b *Bot) any { return &b.Core.Token }},
	{Name: "core_token_file", Scope: EachBot, Env: "SIMPLEX_LUA_CORE_TOKEN_FILE", Flag: "core-token-file", operator: true, path: true, group: "core_token",
		Usage: "`FILE` that holds the token for a proxy in front of core",
		bot:   func(b *Bot) any { return &b.Core.TokenFile }},
	{Name: "core_token_env", Scope: EachBot, operator: true, group: "core_token",
		Usage: "`VARIABLE` of the environment that holds the token for a proxy in front of core",
		bot:   func(b *Bot) any { return &b.Core.TokenEnv }},
	{Name: "core_token_credential", Scope: EachBot, operator: true, group: "core_token",
		Usage: "systemd `CREDENTIAL` that holds the token for a proxy in front of core",
		bot:   func(b *Bot) any { return &b.Core.TokenCredential }},

	{Name: "store", Scope: EachBot, Env: "SIMPLEX_LUA_STORE", Flag: "store", operator: true, url: true,
		Usage: "`URL` of a PostgreSQL server for what scripts keep with store, as postgres://bot@db.example.org/bots (default: a file in the data folder)",
		bot:   func(b *Bot) any { return &b.Store.URL }},
	{Name: "store_password", Scope: EachBot, Env: "SIMPLEX_LUA_STORE_PASSWORD", Secret: true, NoFile: true, group: "store_password",
		Usage: "`PASSWORD` for store" + secretNote,
		bot:   func(b *Bot) any { return &b.Store.Password }},
	{Name: "store_password_file", Scope: EachBot, Env: "SIMPLEX_LUA_STORE_PASSWORD_FILE", Flag: "store-password-file", operator: true, path: true,
		group: "store_password", Usage: "`FILE` that holds the password for store",
		bot: func(b *Bot) any { return &b.Store.PasswordFile }},
	{Name: "store_password_env", Scope: EachBot, operator: true, group: "store_password",
		Usage: "`VARIABLE` of the environment that holds the password for store",
		bot:   func(b *Bot) any { return &b.Store.PasswordEnv }},
	{Name: "store_password_credential", Scope: EachBot, operator: true, group: "store_password",
		Usage: "systemd `CREDENTIAL` that holds the password for store",
		bot:   func(b *Bot) any { return &b.Store.PasswordCredential }},

	{Name: "database.backend", Scope: EachBot, Env: "SIMPLEX_LUA_DATABASE_BACKEND", Flag: "database-backend",
		Choices: []string{"sqlite", "postgres"}, Usage: "`BACKEND` of the chat database (default: as the script says, or sqlite)",
		bot: func(b *Bot) any { return &b.Database.Backend }},
	{Name: "database.prefix", Scope: EachBot, Env: "SIMPLEX_LUA_DATABASE_PREFIX", Flag: "database-prefix",
		Usage: "`PREFIX` of the SQLite files, from the data folder (default: chat), or of the Postgres schemas (default: simplex)",
		bot:   func(b *Bot) any { return &b.Database.Prefix }},
	{Name: "database.key", Scope: EachBot, Env: "SIMPLEX_LUA_DATABASE_KEY", Secret: true, NoFile: true, group: "database.key",
		Usage: "`KEY` of the encrypted SQLite files" + secretNote,
		bot:   func(b *Bot) any { return &b.Database.Key }},
	{Name: "database.key_file", Scope: EachBot, Env: "SIMPLEX_LUA_DATABASE_KEY_FILE", Flag: "database-key-file", path: true, group: "database.key",
		Usage: "`FILE` that holds the key of the SQLite files",
		bot:   func(b *Bot) any { return &b.Database.KeyFile }},
	{Name: "database.key_env", Scope: EachBot, group: "database.key",
		Usage: "`VARIABLE` of the environment that holds the key of the SQLite files",
		bot:   func(b *Bot) any { return &b.Database.KeyEnv }},
	{Name: "database.key_credential", Scope: EachBot, group: "database.key",
		Usage: "systemd `CREDENTIAL` that holds the key of the SQLite files",
		bot:   func(b *Bot) any { return &b.Database.KeyCredential }},
	{Name: "database.connection", Scope: EachBot, Env: "SIMPLEX_LUA_DATABASE_CONNECTION", Secret: true, NoFile: true, group: "database.connection",
		Usage: "`STRING` that connects to the Postgres database" + secretNote,
		bot:   func(b *Bot) any { return &b.Database.Connection }},
	{Name: "database.connection_file", Scope: EachBot, Env: "SIMPLEX_LUA_DATABASE_CONNECTION_FILE", Flag: "database-connection-file", path: true,
		group: "database.connection", Usage: "`FILE` that holds the Postgres connection string",
		bot: func(b *Bot) any { return &b.Database.ConnectionFile }},
	{Name: "database.connection_env", Scope: EachBot, group: "database.connection",
		Usage: "`VARIABLE` of the environment that holds the Postgres connection string",
		bot:   func(b *Bot) any { return &b.Database.ConnectionEnv }},
	{Name: "database.connection_credential", Scope: EachBot, group: "database.connection",
		Usage: "systemd `CREDENTIAL` that holds the Postgres connection string",
		bot:   func(b *Bot) any { return &b.Database.ConnectionCredential }},
	{Name: "database.confirm_migrations", Scope: EachBot, Env: "SIMPLEX_LUA_DATABASE_CONFIRM_MIGRATIONS", Flag: "confirm-migrations",
		Choices: []string{"yesUp", "yesUpDown", "error", "console"},
		Usage:   "`HOW` to go about migrations of the database (default: as the script says, or yesUp)",
		bot:     func(b *Bot) any { return &b.Database.ConfirmMigrations }},

	{Name: "display_name", Scope: EachBot, Env: "SIMPLEX_LUA_DISPLAY_NAME", Flag: "display-name",
		Usage:   "`NAME` in the bot's profile",
		setting: func(s *luaapi.Settings) any { return &s.Profile.DisplayName }},
	{Name: "auto_accept", Scope: EachBot, Env: "SIMPLEX_LUA_AUTO_ACCEPT", Flag: "auto-accept",
		Usage:   "accept everybody who asks for a contact",
		setting: func(s *luaapi.Settings) any { return &s.AutoAccept }},
	{Name: "allow_files", Scope: EachBot, Env: "SIMPLEX_LUA_ALLOW_FILES", Flag: "allow-files",
		Usage:   "let people send files to the bot",
		setting: func(s *luaapi.Settings) any { return &s.AllowFiles }},
	{Name: "log_contacts", Scope: EachBot, Env: "SIMPLEX_LUA_LOG_CONTACTS", Flag: "log-contacts",
		Usage:   "log who connects, by id",
		setting: func(s *luaapi.Settings) any { return &s.LogContacts }},
	{Name: "log_network", Scope: EachBot, Env: "SIMPLEX_LUA_LOG_NETWORK", Flag: "log-network",
		Usage:   "log connections to servers",
		setting: func(s *luaapi.Settings) any { return &s.LogNetwork }},
	{Name: "cpu_limit", Scope: EachBot, Env: "SIMPLEX_LUA_CPU_LIMIT", Flag: "cpu-limit",
		Usage:   "`TIME` that a handler may compute without waiting",
		setting: func(s *luaapi.Settings) any { return &s.CPULimit }},
	{Name: "handler_timeout", Scope: EachBot, Env: "SIMPLEX_LUA_HANDLER_TIMEOUT", Flag: "handler-timeout",
		Usage:   "`TIME` that a handler may take, waiting for answers not counted",
		setting: func(s *luaapi.Settings) any { return &s.HandlerTimeout }},
	{Name: "drain_timeout", Scope: EachBot, Env: "SIMPLEX_LUA_DRAIN_TIMEOUT", Flag: "drain-timeout",
		Usage:   "`TIME` that handlers of the old script may go on after a reload",
		setting: func(s *luaapi.Settings) any { return &s.DrainTimeout }},
	{Name: "ready_timeout", Scope: EachBot, Env: "SIMPLEX_LUA_READY_TIMEOUT", Flag: "ready-timeout",
		Usage:   "`TIME` that a message waits for a contact that is still connecting",
		setting: func(s *luaapi.Settings) any { return &s.ReadyTimeout }},
	{Name: "catch_up.max_items", Scope: EachBot, Env: "SIMPLEX_LUA_CATCH_UP_MAX_ITEMS", Flag: "catch-up-max-items",
		Usage:   "`NUMBER` of messages at most that are handled of the time while the bot was off",
		setting: func(s *luaapi.Settings) any { return &s.CatchUp.MaxItems }},
	{Name: "catch_up.max_age", Scope: EachBot, Env: "SIMPLEX_LUA_CATCH_UP_MAX_AGE", Flag: "catch-up-max-age",
		Usage:   "`TIME` since such a message was sent at most",
		setting: func(s *luaapi.Settings) any { return &s.CatchUp.MaxAge }},
}
