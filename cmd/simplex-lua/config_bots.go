package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// resolve finds out which bots the arguments, the flags, the environment and
// the configuration ask for. In says what the flags do not: Args, or Bundle.
func resolve(c *cli.Context, in config.Input) (*config.Config, error) {
	in.File, in.Flags, in.Getenv = c.String("config"), givenFlags(c), lookupEnv
	cfg, err := config.Resolve(in)
	if errors.Is(err, config.ErrNoBots) {
		how := c.Command.Name
		if how == "config" {
			how = "config check"
		}
		return nil, usagef("%s: which script? As in: simplex-lua %s bot.lua; or write a %s", how, how, config.FileName)
	}
	return cfg, err
}

// launcher makes the host's bots of the configured ones.
type launcher struct {
	c   *cli.Context
	s   *streams
	cfg *config.Config
	log *slog.Logger
	in  config.Input
	// reloads are those the parent asks for, in the process of an isolated bot.
	reloads chan struct{}
	// hangups take what SIGHUP asks of the bots, by their names.
	hangups map[string]chan struct{}
}

func newLauncher(c *cli.Context, s *streams, in config.Input) (*launcher, error) {
	cfg, err := resolve(c, in)
	if err != nil {
		return nil, err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return nil, err // config has checked it
	}
	return &launcher{c: c, s: s, cfg: cfg, log: newLogger(s.err, level, cfg.LogFormat), in: in, hangups: map[string]chan struct{}{}}, nil
}

// bots makes the bots that are to run: those that --bot names, or all.
func (l *launcher) bots(ctx context.Context) ([]host.Bot, error) {
	folders, err := foldersOf(l.cfg)
	if err != nil {
		return nil, err
	}
	names, err := chosen(l.c, l.cfg)
	if err != nil {
		return nil, err
	}
	var bots []host.Bot
	for i, b := range l.cfg.Bots {
		if !slices.Contains(names, b.Name) {
			continue // its secrets are none of this process's business
		}
		bot, err := l.bot(ctx, b)
		if err != nil {
			return nil, err
		}
		bot.Data = folders[i]
		bots = append(bots, bot)
	}
	tellShared(l.cfg.Bots, l.log)
	return bots, nil
}

// foldersOf are the data folders of all bots. That of one may depend on whether
// there are others, also where they run in another process.
func foldersOf(cfg *config.Config) ([]string, error) {
	places := make([]host.Options, len(cfg.Bots))
	for i, b := range cfg.Bots {
		places[i] = host.Options{Name: b.Name, Script: b.Script, Data: b.Data, Getenv: lookupEnv}
		if b.Files == nil || b.Data != "" || host.StateDirectory(lookupEnv) != "" {
			continue
		}
		// Beside the script is inside the executable.
		home, err := stateHome()
		if err != nil {
			return nil, err
		}
		places[i].Data = filepath.Join(home, "simplex-lua", b.Name)
	}
	folders, err := host.DataFolders(places...)
	if wrong := (*host.DataError)(nil); errors.As(err, &wrong) { // nothing was touched: it is what the settings say
		return nil, &settingError{fmt.Sprintf("data folder %s: %s", wrong.Path, wrong.Problem), wrong.Hint}
	}
	return folders, err
}

// stateHome is where programs of this user keep what they know.
func stateHome() (string, error) {
	if dir, _ := lookupEnv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the bot's data, or give --data: %w", err)
	}
	return filepath.Join(home, ".local", "state"), nil
}

// chosen are the names that --bot gives; all without it.
func chosen(c *cli.Context, cfg *config.Config) ([]string, error) {
	var known []string
	for _, b := range cfg.Bots {
		known = append(known, b.Name)
	}
	names := c.StringSlice("bot")
	if len(names) == 0 {
		return known, nil
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, usagef("--bot %s: there is no such bot; there are %s", name, strings.Join(known, ", "))
		}
	}
	return names, nil
}

// bot makes one bot.
func (l *launcher) bot(ctx context.Context, b *config.Bot) (host.Bot, error) {
	o, err := l.options(ctx, b)
	if err != nil {
		return host.Bot{}, err
	}
	if b.Core.URL != "" {
		if o.OpenCore, err = remoteOpener(b, l.log); err != nil {
			return host.Bot{}, err
		}
	}
	if l.isolated() { // the parent starts it again
		o.Reloads = l.reloads
		return host.Bot{Options: o}, nil
	}
	hangups := make(chan struct{}, 1)
	o.Reloads, l.hangups[b.Name] = hangups, hangups
	bot := host.Bot{Options: o, Restart: host.Restart{When: b.Restart, Delay: b.RestartDelay, MaxDelay: b.RestartMaxDelay, Final: isFinal}}
	if b.Isolate {
		bot.Apart = func(ctx context.Context) error { return l.runApart(ctx, b, o.Reloads) }
	}
	if b.AllowAll {
		l.log.Warn("scripts may do everything: --allow-all is for development", "bot", b.Name)
	}
	return bot, nil
}

// options are those of the bot's Host.
func (l *launcher) options(ctx context.Context, b *config.Bot) (host.Options, error) {
	if err := b.ReadSecrets(lookupEnv); err != nil {
		return host.Options{}, err
	}
	grants, limits, err := wallsOfBot(b)
	if err != nil {
		return host.Options{}, err
	}
	source, folder, err := sourceOf(b)
	if err != nil {
		return host.Options{}, err
	}
	getenv := botEnv(b)
	if err := l.s.giveFiles(ctx, b.Script, b.Files, &getenv, &grants); err != nil {
		return host.Options{}, err
	}
	open := tellingNew(opener(l.c, l.s, l.cfg.LibsSHA256), cmp.Or(b.LogName, b.Name), l.log)
	if !l.c.Bool("no-backup") {
		open = savingFirst(open, b.Name, l.log)
	}
	return host.Options{
		Script: b.Script, Source: source, Folder: folder, Name: b.Name, LogName: b.LogName, Data: b.Data,
		Database: databaseOf(b.Database), ConfirmMigrations: b.Database.ConfirmMigrations,
		Override: b.Override,
		OpenCore: open,
		Log:      l.log, Out: l.s.out, Terminal: isTerminal(l.s.out),
		Watch: b.Watch, Grace: cmp.Or(b.Grace, -1), // the host's zero is its default
		Getenv: getenv, Stdlib: stdlib.FS, Grants: grants, Store: b.Store.Connection(), Limits: limits,
	}, nil
}

// wallsOfBot are the permissions and limits that the configuration has for a
// bot. What stands in its env it may read.
func wallsOfBot(b *config.Bot) (permission.Set, luaapi.Limits, error) {
	grants, err := permission.Parse(b.Allow)
	if err != nil {
		return grants, luaapi.Limits{}, usageError{err}
	}
	grants.All = b.AllowAll
	grants.EnvNames = append(grants.EnvNames, slices.Sorted(maps.Keys(b.Env))...)
	var entries []string
	for _, name := range slices.Sorted(maps.Keys(b.Limits)) {
		entries = append(entries, name+"="+b.Limits[name])
	}
	limits, err := luaapi.ParseLimits(entries)
	if err != nil {
		return grants, limits, usageError{err}
	}
	return grants, limits, nil
}

// sourceOf is the text of a script that is not on disk, and the folder that its
// modules are in; nil for others.
func sourceOf(b *config.Bot) (source []byte, folder fs.FS, err error) {
	if b.Files == nil {
		return nil, nil, nil
	}
	if source, err = fs.ReadFile(b.Files, b.Script); err == nil {
		folder, err = fs.Sub(b.Files, path.Dir(b.Script))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the bundle's script: %w", err)
	}
	return source, folder, nil
}

// databaseOf is what the configuration says about the database; nil: nothing.
func databaseOf(d config.Database) *luaapi.Database {
	switch postgres, set := d.Postgres(); {
	case !set:
		return nil
	case postgres:
		return &luaapi.Database{Postgres: &luaapi.Postgres{ConnectionString: d.Connection, SchemaPrefix: d.Prefix}}
	}
	return &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: d.Prefix, EncryptionKey: d.Key}}
}

// botEnv is the environment with what the configuration has for the bot.
func botEnv(b *config.Bot) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := b.Env[name]; ok {
			return value, true
		}
		return lookupEnv(name)
	}
}
