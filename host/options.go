package host

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// Options describe one bot. Script or Source and OpenCore are required.
type Options struct {
	// Script is the path of the script's file. With Source it only names the
	// script in errors and is the folder that require looks in.
	Script string
	// Source is the script's text; nil means: read Script.
	Source []byte
	// Folder is where require looks in place of the folder of Script, as inside a
	// bundle; nil means: there.
	Folder fs.FS
	// Name is the bot's name in logs and bot.info; "" is the script's file name
	// without its ending.
	Name string
	// LogName is the bot's name in logs; "" is Name.
	LogName string
	// DisplayName is the profile's name where the script sets none; "" is Name.
	DisplayName string

	// Data is the data folder. "" is $STATE_DIRECTORY, or else a folder beside
	// the script, as DataFolders says.
	Data string
	// Ephemeral keeps nothing: the data folder is a temporary one that is removed
	// at the end, and Data is not looked at. For simulated networks.
	Ephemeral bool
	// OpenCore opens the chat controller on the database that the script's
	// settings and the data folder name. The host closes what it returns. Where
	// the core keeps no database (simulated, remote) the argument may be ignored.
	OpenCore func(ctx context.Context, db Database) (chat.Core, error)

	// Override puts other settings of the operator in the place of those that the
	// script asked for with bot.configure; nil changes nothing.
	Override func(luaapi.Settings) luaapi.Settings
	// Database is what the operator sets in place of the script's db: its backend,
	// and each of its values that is not empty. nil: as the script says.
	Database *luaapi.Database
	// ConfirmMigrations is what the operator sets in place of the script's
	// confirm_migrations; "": as the script says.
	ConfirmMigrations string

	// Opened is called when the database is open and locked, before the chat
	// starts; it must not block. nil for nobody.
	Opened func(h *Host)
	// Meter counts what the bot does; nil: nobody counts, which costs nothing.
	Meter Meter
	// ShowTexts lets logs hold the texts that errors of the script quote, as is
	// right where there are no people behind them: on a simulated network.
	ShowTexts bool

	// Log takes all log lines; nil discards them.
	Log *slog.Logger
	// Out takes what is meant for a person's eyes: the address with its QR code
	// once per start. nil is for nobody.
	Out io.Writer
	// Terminal tells that Out is a terminal; without one nothing is written there.
	Terminal bool
	// Print is where the script's print writes; nil: the log.
	Print io.Writer

	// Watch reloads the script when its files change. The first load is no reload:
	// an error in it ends Run, for there is no older generation to go on with.
	Watch bool
	// Reloads asks for a reload with each value, as a signal does; nil for never.
	// It must not be closed.
	Reloads <-chan struct{}
	// Reloaded is told how each reload of Watch and Reloads ended: the generation
	// that runs now, and what was wrong. nil: the log is told.
	Reloaded func(generation int, err error)
	// Settle is how long the files must be quiet before a reload; 0 is 100 ms.
	Settle time.Duration
	// Grace is how long handlers may go on when the bot stops; 0 is 10 s,
	// negative is no time at all.
	Grace time.Duration
	// CatchUp limits what is handled of the time while the bot was off; what is
	// zero is as the script says.
	CatchUp CatchUp

	// Limits bound single operations of the script and the process's memory; the
	// zero value is the defaults.
	Limits luaapi.Limits
	// Lab is what a test runner puts around the script; the zero value is none.
	Lab luaapi.Lab
	// Getenv is the environment; nil is an empty one.
	Getenv func(string) (string, bool)
	// Stdlib holds the Lua modules of the executable; nil for none.
	Stdlib fs.FS
	// Grants is what the operator allows the script; the zero value allows nothing.
	Grants permission.Set
	// Store is the URL of the PostgreSQL server that has the script's store, with
	// its password; "" for the file in the data folder.
	Store string
}

// CatchUp limits how much of the time while the bot was off is handled at the
// start. What is above is only marked as read and told once to on_skipped.
type CatchUp struct {
	// MaxItems is how many messages are handled in all, the newest ones; 0 is what
	// the script says (1000 unless it does), negative is none.
	MaxItems int
	// MaxAge is how old a message may be; 0 is what the script says (24 h unless
	// it does), negative is any age.
	MaxAge time.Duration
}

// limits are those of the script, as far as the operator sets none.
func (c CatchUp) limits(s luaapi.CatchUp) CatchUp {
	return CatchUp{cmp.Or(c.MaxItems, s.MaxItems, -1), cmp.Or(c.MaxAge, s.MaxAge, 1)}
}

const (
	defaultGrace  = 10 * time.Second
	defaultSettle = 100 * time.Millisecond
)

// withDefaults fills in what zero means, and checks what must be there.
func (o Options) withDefaults() (Options, error) {
	if o.Script == "" && o.Source == nil {
		return o, errors.New("host: neither Script nor Source is set")
	}
	if o.OpenCore == nil {
		return o, errors.New("host: OpenCore is not set")
	}
	if o.Name == "" {
		o.Name = scriptName(o.Script)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Getenv == nil {
		o.Getenv = func(string) (string, bool) { return "", false }
	}
	o.Grace = cmp.Or(o.Grace, defaultGrace)
	o.Settle = cmp.Or(o.Settle, defaultSettle)
	return o, nil
}

// logName is the name in logs.
func (o Options) logName() string {
	if o.LogName != "" {
		return o.LogName
	}
	return o.Name
}

// scriptName is the file name without its ending; "bot" where there is none.
func scriptName(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	if path == "" || name == "" || name == "-" || name == "." {
		return "bot"
	}
	return name
}
