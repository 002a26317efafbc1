package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/config"
)

func runCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run bots on the SimpleX network",
		ArgsUsage: "[SCRIPT… | FOLDER]",
		Description: "Loads libsimplex (downloading it once), opens the bot's database, creates its\n" +
			"address, shows link and QR code, and calls the script's handlers. Saving the\n" +
			"script reloads it; the chat goes on. Ctrl+C stops gracefully, a second one at once.\n" +
			"Without a script it runs the bots of ./simplex-lua.toml, docs/configuration.md.\n\n" +
			"   simplex-lua run bot.lua\n" +
			"   simplex-lua run --data /var/lib/bot --allow net=api.example.org bot.lua\n" +
			"   simplex-lua run --config /etc/simplex-lua.toml\n" +
			"   SIMPLEX_LIBS_DIR=/opt/simplex/libs simplex-lua run bot.lua",
		Flags: append(configFlags(), noBackupFlag(), isolatedFlag()),
		Action: func(c *cli.Context) error {
			in, err := s.input(c, c.Args().Slice())
			if err != nil {
				return err
			}
			return runBots(c.Context, s, c, in)
		},
	}
}

// missingScripts tells of scripts on the command line that are not there: one of
// several would be missed only in the log, where it is started again and again.
func missingScripts(args []string) error {
	var missing []string
	for _, arg := range args {
		if _, err := os.Stat(arg); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, arg)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return usagef("%s: no such file; give the path of a .lua file", strings.Join(missing, ", "))
}

// runBots runs the bots that the flags and in ask for, until ctx ends or they
// have ended.
func runBots(ctx context.Context, s *streams, c *cli.Context, in config.Input) error {
	l, err := newLauncher(c, s, in)
	if err != nil {
		return err
	}
	if err := missingScripts(in.Args); err != nil {
		return err
	}
	if l.isolated() {
		var stop context.CancelFunc
		ctx, stop = l.obeyParent(ctx)
		defer stop()
	}
	return (&runner{launcher: l}).run(ctx)
}
