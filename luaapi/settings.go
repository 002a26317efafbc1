package luaapi

import (
	"encoding/json"
	"time"
)

// Settings is what the script asked for with bot.configure, with the defaults
// filled in. Field names in Lua are in the `lua` tags.
type Settings struct {
	Profile  Profile  `lua:"profile"`
	Database Database `lua:"db"`
	// Welcome is the message content that new contacts get; nil for none.
	Welcome json.RawMessage `lua:"welcome"`
	// Commands is the bot's menu; nil for none.
	Commands []BotCommand `lua:"commands"`
	// ConfirmMigrations is yesUp (default), yesUpDown, error or console.
	ConfirmMigrations string `lua:"confirm_migrations"`

	CreateAddress   bool `lua:"create_address"`   // default true
	UpdateAddress   bool `lua:"update_address"`   // default true
	UpdateProfile   bool `lua:"update_profile"`   // default true
	AutoAccept      bool `lua:"auto_accept"`      // default true
	BusinessAddress bool `lua:"business_address"` // default false
	AllowFiles      bool `lua:"allow_files"`      // default false
	UseBotProfile   bool `lua:"use_bot_profile"`  // default true
	LogContacts     bool `lua:"log_contacts"`     // default true
	LogNetwork      bool `lua:"log_network"`      // default false

	// CPULimit is how long a handler may compute without waiting (default 1 s).
	CPULimit time.Duration `lua:"cpu_limit"`
	// HandlerTimeout is how long one handler may take, time in ask not counted
	// (default 10 min).
	HandlerTimeout time.Duration `lua:"handler_timeout"`
	// DrainTimeout is how long handlers of an old generation may go on after a
	// reload (default 30 s).
	DrainTimeout time.Duration `lua:"drain_timeout"`
	// ReadyTimeout is how long a send waits for a contact that is still connecting
	// (default 60 s).
	ReadyTimeout time.Duration `lua:"ready_timeout"`
	// SendRate is how many messages per second the script sends at most, replies
	// and broadcasts (default: replies as they come, broadcasts 20).
	SendRate rate `lua:"send_rate"`
	// Ordering is "chat" (default: one queue per chat) or "global" (one for all).
	Ordering string `lua:"ordering"`
	// StateVersion is the form of bot.state (default 1); where a reload changes it,
	// the on_migrate handlers bring the state into the new form.
	StateVersion int `lua:"state_version"`
	// CatchUp limits what is handled of the time while the bot was off.
	CatchUp CatchUp `lua:"catch_up"`
	// Dispatch is "command" (default: a command's handlers instead of the message
	// handlers), "all" (both kinds) or "first" (the first match only).
	Dispatch string `lua:"dispatch"`
}

// CatchUp says which of the messages that were not handled when the last process
// ended are handled at the start.
type CatchUp struct {
	// FirstRun hands out, at the bot's first start on a database, also what was
	// unread in it before (default false).
	FirstRun bool `lua:"first_run"`
	// MaxItems is how many messages are handled, the newest ones; 0 is none
	// (default 1000).
	MaxItems int `lua:"max_items"`
	// MaxAge is how old a message may be (default 24 h).
	MaxAge time.Duration `lua:"max_age"`
}

// Profile is the bot's profile as its contacts see it.
type Profile struct {
	DisplayName string `lua:"display_name"`
	FullName    string `lua:"full_name"`
	ShortDescr  string `lua:"short_descr"`
	// Image is a data URI ("data:image/png;base64,…").
	Image string `lua:"image"`
}

// Database is where the chat database is. At most one of the two is set; with
// none it is SQLite in the bot's data folder.
type Database struct {
	SQLite   *SQLite   `lua:"sqlite"`
	Postgres *Postgres `lua:"postgres"`
}

// SQLite names the two files FilePrefix_chat.db and FilePrefix_agent.db.
type SQLite struct {
	FilePrefix    string `lua:"file_prefix"`
	EncryptionKey string `lua:"encryption_key"`
}

// Postgres names the database and the prefix of the two schemas.
type Postgres struct {
	ConnectionString string `lua:"connection_string"`
	SchemaPrefix     string `lua:"schema_prefix"`
}

// BotCommand is an entry of the bot's menu: a command with Keyword, Label and
// Params, or, where Commands is not nil, a submenu with Label.
type BotCommand struct {
	Keyword  string       `lua:"keyword"`
	Label    string       `lua:"label"`
	Params   string       `lua:"params"`
	Commands []BotCommand `lua:"commands"`
}

// DefaultSettings is what a script without bot.configure runs with; name is
// the bot's display name.
func DefaultSettings(name string) Settings {
	return Settings{
		Profile:           Profile{DisplayName: name},
		ConfirmMigrations: "yesUp",
		CreateAddress:     true, UpdateAddress: true, UpdateProfile: true, AutoAccept: true,
		UseBotProfile: true, LogContacts: true,
		CPULimit: time.Second, HandlerTimeout: 10 * time.Minute,
		DrainTimeout: 30 * time.Second, ReadyTimeout: time.Minute,
		Ordering: "chat", Dispatch: "command", StateVersion: 1,
		CatchUp: CatchUp{MaxItems: 1000, MaxAge: 24 * time.Hour},
	}
}
