package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func runCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run bots on the SimpleX network",
		ArgsUsage: "SCRIPT…",
		Description: "Loads libsimplex (downloading it once), opens the bot's database, creates its\n" +
			"address, shows link and QR code, and calls the script's handlers. Saving the\n" +
			"script reloads it; the chat goes on. Ctrl+C stops gracefully, a second one at once.\n\n" +
			"   simplex-lua run bot.lua\n" +
			"   simplex-lua run --data /var/lib/bot --allow net=api.example.org bot.lua\n" +
			"   SIMPLEX_LIBS_DIR=/opt/simplex/libs simplex-lua run bot.lua",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "data", Usage: "`FOLDER` for the database and files (default: $STATE_DIRECTORY, or SCRIPT.data beside the script)", EnvVars: []string{"SIMPLEX_LUA_DATA"}},
			&cli.BoolFlag{Name: "no-watch", Usage: "do not reload the script when it changes"},
			&cli.DurationFlag{Name: "grace", Value: 10 * time.Second, Usage: "how long handlers may go on when the bot stops"},
			allowFlag(),
			limitFlag(),
			sha256Flag(),
		}, logFlags("info", "auto")...),
		Action: func(c *cli.Context) error { return runBots(c.Context, s, c) },
	}
}

func runBots(ctx context.Context, s *streams, c *cli.Context) error {
	if !c.Args().Present() {
		return usagef("run: which script? As in: simplex-lua run bot.lua")
	}
	log, err := logger(c, s.err)
	if err != nil {
		return err
	}
	grants, limits, err := wallsOf(c)
	if err != nil {
		return err
	}
	if c.Args().Len() > 1 && c.IsSet("data") {
		return usagef("run: --data is one bot's folder; without it each of several scripts has its own")
	}
	grace := c.Duration("grace")
	if grace == 0 {
		grace = -1 // the host's zero is its default
	}
	var bots []host.Bot
	for _, script := range c.Args().Slice() {
		bots = append(bots, host.Bot{Options: host.Options{
			Script: script, Data: c.String("data"), OpenCore: opener(c, s.err),
			Log: log, Out: s.out, Terminal: isTerminal(s.out),
			Watch: !c.Bool("no-watch"), Reloads: onHangup(ctx), Grace: grace,
			Getenv: lookupEnv, Stdlib: stdlib.FS, Grants: grants, Limits: limits,
		}})
	}
	return host.RunAll(ctx, bots...)
}
