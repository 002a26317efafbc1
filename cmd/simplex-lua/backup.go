package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
)

func backupCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "backup",
		Usage:     "save a bot to one file, also while it runs",
		ArgsUsage: "[BOT]",
		Description: "BOT is the bot's name, its script, or its data folder; without it the only one that is\n" +
			"found. A running bot's chat is stopped meanwhile: handlers wait, and what people write\n" +
			"arrives after. FILE is never replaced; in a folder it gets the bot's name and the time.\n" +
			"The archive has the keys of all chats: encrypt it, or keep it like a password. Of a bot\n" +
			"with PostgreSQL it has all but the chat database, which pg_dump saves.\n\n" +
			"   simplex-lua backup -o /var/backups/bots squaring\n" +
			"   simplex-lua backup --data /var/lib/simplex-lua --age-recipient age1… -o bot.backup\n" +
			"   simplex-lua backup --passphrase-file /root/passphrase -o bot.backup squaring.lua",
		Flags: append(remoteFlags(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the archive to `FILE`, or into a folder", TakesFile: true},
			&cli.StringFlag{Name: "age-recipient", Usage: "encrypt for `KEY`, a public key of age"},
			passphraseFlag()),
		Action: func(c *cli.Context) error { return backup(c.Context, s, c) },
	}
}

func backup(ctx context.Context, s *streams, c *cli.Context) error {
	if c.String("output") == "" || c.Args().Len() > 1 {
		return usagef("backup: as in: simplex-lua backup -o FILE squaring.lua")
	}
	key, err := sealer(c)
	if err != nil {
		return err
	}
	k, err := keptBotOf(s, c, c.Args().First())
	if err != nil {
		return err
	}
	file := archiveName(c.String("output"), k.name, time.Now())
	if _, err := os.Lstat(file); err == nil { // found out before a bot is stopped for it
		return &keep.Error{Path: file, Problem: "there is such a file already", Advice: "Name another one, or move that one away."}
	}
	m, err := k.save(ctx, file, key)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: saved to %s: %s, %s\n", m.Bot, file, counted(len(m.Files), "file"), keep.Bytes(uint64(m.Size())))
	switch m.Database {
	case keep.Postgres:
		fmt.Fprintln(s.out, "The chat database is not in it: it is in PostgreSQL. Save it with pg_dump, at the same time.")
	case keep.Missing:
		fmt.Fprintf(s.out, "The chat database is not in it: it belongs to the program at %s. Back it up there, at the same time.\n", k.foreignCore())
	}
	if m.Store != "" {
		fmt.Fprintf(s.out, "The store is not in it: it is at %s. Save it with pg_dump, at the same time.\n", m.Store)
	}
	if key == nil {
		fmt.Fprintln(s.out, "It is not encrypted: who reads it can read the bot's chats and write as the bot, unless the database has a key.")
	}
	return nil
}

// archiveName is the file itself, or one in a folder of that name.
func archiveName(output, bot string, now time.Time) string {
	if info, err := os.Stat(output); err == nil && info.IsDir() {
		return filepath.Join(output, bot+now.UTC().Format("-20060102-150405")+".backup")
	}
	return output
}

// save writes the archive of a bot, whether it runs or not.
func (k keptBot) save(ctx context.Context, file string, key age.Recipient) (keep.Manifest, error) {
	m := keep.Manifest{Made: time.Now().UTC().Truncate(time.Second), Program: version, Bot: k.name}
	b, err := running(ctx, k.data)
	switch {
	case isNotRunning(err):
		return k.saveStopped(ctx, file, key, m)
	case err != nil:
		return m, err
	}
	defer b.Close()
	if core := k.foreignCore(); core != "" {
		return m, &keep.Error{Path: k.name, Problem: "the database belongs to the program at " + core,
			Advice: "Back it up there. What the bot itself keeps is saved while it is stopped: simplex-lua stop, and then backup."}
	}
	return saveRunning(ctx, b, file, key, m)
}

func saveRunning(ctx context.Context, b *remoteBot, file string, key age.Recipient, m keep.Manifest) (_ keep.Manifest, err error) {
	m.Running, m.Bot, m.Core = true, b.status.Bot, b.status.CoreVersion
	reply, err := b.Do(ctx, control.Request{Op: control.OpSave}, nil)
	switch remote := control.RemoteError(""); {
	case errors.As(err, &remote):
		return m, &saveError{m.Bot, err.Error(), reply.Advice}
	case errors.Is(err, control.ErrGone):
		return m, &saveError{m.Bot, err.Error(), "It ended while it was saved, and there is no backup. Look at its log, start it, and try again."}
	case err != nil:
		return m, err
	case reply.Saved == nil:
		return m, &saveError{m.Bot, "its answer has no snapshot", "Stop the bot and back it up then."}
	}
	saved := reply.Saved
	defer func() { err = errors.Join(err, os.RemoveAll(saved.Folder)) }()
	m.Database, m.Store = keep.SQLite, saved.Store
	if saved.Postgres {
		m.Database = keep.Postgres
	}
	prefix, _ := keep.Below(b.status.Data, saved.Prefix)
	entries, archive, err := keep.Snapshot(saved.Folder, prefix)
	if err != nil {
		return m, err
	}
	defer archive.Close()
	return keep.Create(ctx, file, key, m, entries)
}

func (k keptBot) saveStopped(ctx context.Context, file string, key age.Recipient, m keep.Manifest) (keep.Manifest, error) {
	if _, err := os.Stat(k.data); errors.Is(err, fs.ErrNotExist) {
		return m, &keep.Error{Path: k.data, Problem: "there is no data yet", Advice: "The bot's first start makes it. If it has run, name the folder that it used, with --data."}
	}
	unlock, err := keep.Lock(k.data)
	if err != nil {
		return m, err
	}
	defer unlock()
	entries, err := keep.Stopped(k.data)
	if err != nil {
		return m, err
	}
	if m.Database, err = k.databaseIn(ctx, entries); err != nil {
		return m, err
	}
	if k.bot != nil {
		m.Store = k.bot.Store.Shown()
	}
	return keep.Create(ctx, file, key, m, entries)
}

// databaseIn tells what of the bot's chat database is among the entries. One
// that must be there and is not is an error: the archive would be of no use.
func (k keptBot) databaseIn(ctx context.Context, entries []keep.Entry) (keep.Database, error) {
	db, known := k.database(ctx)
	found := keep.HasDatabase(entries, "")
	switch {
	case known && db.Postgres:
		return keep.Postgres, nil
	case k.foreignCore() != "":
		return keep.Missing, nil
	case known:
		prefix, inside := keep.Below(k.data, db.Prefix)
		if !inside {
			return "", &keep.Error{Path: k.name, Problem: "its chat database is not in the data folder, but at " + db.Prefix, Advice: host.OutsideAdvice}
		}
		if found = keep.HasDatabase(entries, prefix); found == keep.Missing {
			return "", &keep.Error{Path: k.name, Problem: "its chat database is not there: " + db.Prefix + "_chat.db and _agent.db", Advice: "Name the folder that the bot uses, with --data."}
		}
	case found == keep.Missing:
		return "", &keep.Error{Path: k.data, Problem: "there is no chat database in it",
			Advice: "Where it is elsewhere, the bot's configuration must tell: name that too, with --config. One in PostgreSQL is saved with pg_dump."}
	}
	return found, nil
}

// database is the bot's by its configuration and its script; false where they do
// not tell. The script gets no more than it needs to name its database: its
// environment, and the folders that it may have it in.
func (k keptBot) database(ctx context.Context) (host.Database, bool) {
	if k.bot == nil {
		return host.Database{}, false
	}
	bare := *k.bot
	bare.AllowAll = false
	bare.Allow = slices.DeleteFunc(slices.Clone(bare.Allow), func(entry string) bool {
		return !strings.HasPrefix(entry, "env=") && !strings.HasPrefix(entry, "write=")
	})
	settings, err := scriptSettings(ctx, &bare)
	configured := databaseOf(bare.Database)
	db := host.ResolveDatabase(host.Options{Data: k.data, Database: configured}, settings)
	return db, err == nil || db.Postgres || bare.Database.Prefix != ""
}
