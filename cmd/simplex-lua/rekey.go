package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
	"github.com/simplex-lua/simplex-lua/native"
)

func rekeyCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "rekey",
		Usage:     "change the key of a bot's database",
		ArgsUsage: "[SCRIPT | FOLDER]",
		Description: "The bot must be stopped. The old key is the one that `run` would use with the same\n" +
			"options; the new one comes from a file, a variable or a systemd credential. Afterwards\n" +
			"put the new key where the old one was. All options of `run` are taken; these matter.\n\n" +
			"   simplex-lua rekey --new-key-file new.key bot.lua\n" +
			"   simplex-lua rekey --config simplex-lua.toml --bot support --new-key-file new.key\n" +
			"   simplex-lua rekey --database-key-file old.key --remove-key bot.lua",
		Flags: append(onlyShown(configFlags(), databaseFlags...),
			&cli.StringFlag{Name: "new-key-file", Usage: "`FILE` with the new key", TakesFile: true},
			&cli.StringFlag{Name: "new-key-env", Usage: "`VARIABLE` with the new key"},
			&cli.StringFlag{Name: "new-key-credential", Usage: "systemd credential `NAME` with the new key"},
			&cli.BoolFlag{Name: "remove-key", Usage: "leave the database without a key"}),
		Action: func(c *cli.Context) error { return rekey(c.Context, s, c) },
	}
}

func rekey(ctx context.Context, s *streams, c *cli.Context) error {
	key, err := newKey(c)
	if err != nil {
		return err
	}
	in, err := s.input(c, c.Args().Slice())
	if err != nil {
		return err
	}
	l, err := newLauncher(c, s, in)
	if err != nil {
		return err
	}
	bots, err := l.bots(ctx)
	if err != nil {
		return err
	}
	if len(bots) != 1 {
		return usagef("rekey: which bot? Name one with --bot")
	}
	name := bots[0].Name
	if core := l.foreignCore(name); core != "" {
		return usagef("rekey: the database of %s belongs to the program at %s; change its key there", name, core)
	}
	db, err := l.databaseOf(ctx, bots[0].Options)
	switch {
	case err != nil:
		return err
	case db.Postgres:
		return usagef("rekey: the database of %s is in PostgreSQL, which has no key", name)
	case db.Key == key:
		return usagef("rekey: the new key is the old one")
	}
	if _, err := os.Stat(db.Prefix + "_chat.db"); err != nil {
		return &host.DataError{Path: filepath.Dir(db.Prefix), Problem: "there is no chat database", Cause: err, Hint: "Name the bot's folder with --data."}
	}
	if err := notRunning(ctx, bots[0].Data); err != nil {
		return err
	}
	if err := changeKey(ctx, opener(c, s, l.cfg.LibsSHA256), db, key, name); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: the key of its database is changed. Put the new one where the old one was; older backups need the old one.\n", name)
	return nil
}

// foreignCore is the address of the chat program that a bot uses, "" for a bot
// with a database of its own.
func (l *launcher) foreignCore(bot string) string {
	for _, b := range l.cfg.Bots {
		if b.Name == bot {
			return shownCore(b)
		}
	}
	return ""
}

// databaseOf is the database that a bot has by the configuration and its script.
func (l *launcher) databaseOf(ctx context.Context, o host.Options) (host.Database, error) {
	for _, b := range l.cfg.Bots {
		if b.Name == o.Name {
			settings, err := scriptSettings(ctx, b)
			return host.ResolveDatabase(o, settings), err
		}
	}
	return host.Database{}, fmt.Errorf("there is no bot %s", o.Name)
}

// newKey reads the new key; "" is for none.
func newKey(c *cli.Context) (string, error) {
	given := 0
	for _, name := range []string{"new-key-file", "new-key-env", "new-key-credential", "remove-key"} {
		if c.IsSet(name) {
			given++
		}
	}
	if given != 1 {
		return "", usagef("rekey: give one of --new-key-file, --new-key-env, --new-key-credential and --remove-key")
	}
	b := config.Bot{Database: config.Database{KeyFile: c.String("new-key-file"), KeyEnv: c.String("new-key-env"), KeyCredential: c.String("new-key-credential")}}
	if err := b.ReadSecrets(lookupEnv); err != nil {
		return "", fmt.Errorf("the new key: %w", err)
	}
	if b.Database.Key == "" && !c.Bool("remove-key") {
		return "", usagef("rekey: the new key is empty; --remove-key leaves the database without one")
	}
	return b.Database.Key, nil
}

type openCore func(context.Context, host.Database) (chat.Core, error)

// changeKey has the core encrypt the database anew. Until it is proved which key
// opens it, a copy of the old one is beside it. What has begun is not cancelled:
// the core exchanges two files, one after the other.
func changeKey(ctx context.Context, open openCore, db host.Database, key, name string) error {
	db.Confirm = string(native.ConfirmNone) // this is no time for a migration
	if err := tryKey(ctx, open, db); err != nil {
		return err
	}
	safe, err := saveBefore(ctx, db, name, "rekey")
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	old := db
	failed := encryptAnew(ctx, open, old, key)
	db.Key = key
	opens := tryKey(ctx, open, db)
	if opens != nil && failed != nil && tryKey(ctx, open, old) == nil {
		// Nothing was changed: the copies are not needed.
		return errors.Join(failed, keep.RemoveLeftovers(db.Prefix), os.Remove(safe), keep.GiveBack(db.Prefix))
	}
	if opens != nil {
		return &keep.Error{Path: db.Prefix + "_chat.db", Problem: "the database does not open with the new key", Cause: errors.Join(failed, opens),
			Advice: "Restore the copy that was taken before, which has the old key: simplex-lua restore --force --data " + filepath.Dir(db.Prefix) + " " + safe}
	}
	// It was changed, even if its answer got lost. The copies have the old key, or none.
	return errors.Join(keep.RemoveLeftovers(db.Prefix), os.Remove(safe), keep.GiveBack(db.Prefix))
}

func encryptAnew(ctx context.Context, open openCore, db host.Database, key string) error {
	core, err := open(ctx, db)
	if err != nil {
		return err
	}
	defer core.Close(ctx)
	config, err := json.Marshal(struct {
		Current string `json:"currentKey"`
		New     string `json:"newKey"`
	}{db.Key, key})
	if err != nil {
		return err
	}
	cmd := "/_db encryption " + string(config)
	reply, err := core.Send(ctx, cmd)
	if err == nil {
		_, err = chat.ParseReply(cmd, reply)
	}
	if err != nil {
		return fmt.Errorf("the key of the database is not changed: %w", err)
	}
	return nil
}

func tryKey(ctx context.Context, open openCore, db host.Database) error {
	core, err := open(ctx, db)
	if err != nil {
		return err
	}
	return core.Close(ctx)
}

// saveBefore writes an archive of a closed database into backups/ beside it,
// before something is done to it, and returns the archive's name. It has the
// whole data folder, unless the database lies elsewhere.
func saveBefore(ctx context.Context, db host.Database, bot, what string) (string, error) {
	data := filepath.Dir(db.Prefix)
	now := time.Now().UTC()
	file := filepath.Join(data, "backups", "before-"+what+now.Format("-20060102-150405")+".backup")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return "", &keep.Error{Path: filepath.Dir(file), Problem: "the folder cannot be made", Cause: err, Advice: "Make the data folder writable."}
	}
	unlock, err := keep.Lock(data)
	if err != nil {
		return "", err
	}
	defer unlock()
	var entries []keep.Entry
	if _, err = os.Stat(filepath.Join(data, "state.json")); err == nil {
		entries, err = keep.Stopped(data)
	} else {
		entries, err = keep.DatabaseFiles(db.Prefix)
	}
	database := filepath.Base(db.Prefix) + "_chat.db"
	if err == nil && !slices.ContainsFunc(entries, func(e keep.Entry) bool { return e.Name == database }) {
		err = &keep.Error{Path: data, Problem: "the database cannot be saved: " + database + " is not there", Advice: "Look at the folder of the database."}
	}
	if err == nil {
		_, err = keep.Create(ctx, file, nil, keep.Manifest{Made: now.Truncate(time.Second), Program: version, Bot: bot, Database: keep.SQLite}, entries)
	}
	return file, err
}
