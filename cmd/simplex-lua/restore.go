package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
)

func restoreCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "restore",
		Usage:     "bring a bot back from a backup",
		ArgsUsage: "FILE [BOT]",
		Description: "Checks the whole archive, and then puts it in the place of the bot's data folder, which\n" +
			"must be missing or empty. With --force the old folder is moved aside, to\n" +
			"FOLDER.before-TIME, and never removed. The bot must not run: neither here, nor from\n" +
			"another copy of the same data, ever again.\n\n" +
			"   simplex-lua restore --check bot.backup\n" +
			"   simplex-lua restore --data /var/lib/simplex-lua --force bot.backup\n" +
			"   simplex-lua restore --age-identity key.txt bot.backup squaring.lua",
		Flags: append(remoteFlags(),
			&cli.BoolFlag{Name: "check", Usage: "only check the archive, and show what is in it"},
			&cli.BoolFlag{Name: "force", Usage: "restore where there is something, and keep that beside it"},
			&cli.StringFlag{Name: "age-identity", Usage: "`FILE` with the secret key of age that opens the archive", TakesFile: true},
			passphraseFlag()),
		Action: func(c *cli.Context) error { return restore(c.Context, s, c) },
	}
}

func restore(ctx context.Context, s *streams, c *cli.Context) error {
	file := c.Args().First()
	if file == "" || c.Args().Len() > 2 {
		return usagef("restore: as in: simplex-lua restore --data FOLDER bot.backup")
	}
	key, err := unsealer(c)
	if err != nil {
		return err
	}
	if c.Bool("check") {
		return checkArchive(ctx, s, file, key)
	}
	data, err := restorePlace(s, c, c.Args().Get(1))
	if err != nil {
		return err
	}
	if err := notRunning(ctx, data); err != nil {
		return err
	}
	m, aside, err := keep.Restore(ctx, keep.RestoreOptions{Archive: file, Key: key, Data: data, Force: c.Bool("force")})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s, saved on %s, is in %s\n", m.Bot, m.Made.Format(time.DateTime+" MST"), data)
	if aside != "" {
		fmt.Fprintf(s.out, "What was there is in %s; remove it when all is well, and never start a bot from it.\n", aside)
	}
	if m.Database == keep.Postgres {
		fmt.Fprintln(s.out, "The chat database is not in it: restore that of the same time in PostgreSQL.")
	}
	if m.Store != "" {
		fmt.Fprintf(s.out, "The store is not in it: restore that of the same time at %s.\n", m.Store)
	}
	return nil
}

func checkArchive(ctx context.Context, s *streams, file string, key age.Identity) error {
	m, err := keep.Check(ctx, file, key)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s, saved on %s by simplex-lua %s: whole, %s, %s, database: %s\n",
		m.Bot, m.Made.Format(time.DateTime+" MST"), m.Program, counted(len(m.Files), "file"), keep.Bytes(uint64(m.Size())), m.Database)
	for _, f := range m.Files {
		fmt.Fprintf(s.out, "  %10s  %s\n", keep.Bytes(uint64(f.Size)), f.Name)
	}
	return nil
}

// restorePlace is the data folder to restore to. One that is named need not be
// there.
func restorePlace(s *streams, c *cli.Context, arg string) (string, error) {
	data := c.String("data")
	switch {
	case data != "" && arg != "":
		return "", usagef("restore: give either --data or a bot")
	case data != "":
		abs, err := filepath.Abs(data)
		if err != nil {
			return "", err
		}
		return abs, holdsNoBots(abs)
	}
	found, wrong, err := places(s, c, named(arg), isData)
	if err := errors.Join(err, wrong); err != nil {
		return "", err // another place might be taken for the one that it names
	}
	for _, p := range found {
		k := keptBot{p}
		if arg != "" && k.is(arg) || arg == "" && len(found) == 1 && k.bot != nil {
			return k.data, nil
		}
	}
	if filepath.Ext(arg) == ".lua" {
		return filepath.Abs(host.DataBeside(arg))
	}
	return "", usagef("restore: where to? Name the folder with --data, or the bot's script")
}

// holdsNoBots refuses a folder that has those of bots in it: with it they would
// all be put aside for the one that is restored.
func holdsNoBots(dir string) error {
	for _, below := range foldersIn(dir) {
		if isData(below) {
			return usagef("restore: the data folders of bots are in %s: name the one to restore, as in --data %s", dir, below)
		}
	}
	return nil
}
