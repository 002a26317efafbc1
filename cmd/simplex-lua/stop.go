package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

func stopCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "stop",
		Usage:     "stop running bots gracefully",
		ArgsUsage: "BOT…",
		Description: remoteHelp +
			"It returns when the bots have ended: their handlers may go on for --grace of run. The\n" +
			"other bots of the process go on, and a stopped one is not started again.\n\n" +
			"   simplex-lua stop squaring.lua\n" +
			"   simplex-lua stop --data /var/lib/simplex-lua squaring",
		Flags:  append(remoteFlags(), &cli.BoolFlag{Name: "all", Usage: "stop all bots that are found"}),
		Action: func(c *cli.Context) error { return stop(c.Context, s, c) },
	}
}

func stop(ctx context.Context, s *streams, c *cli.Context) error {
	if c.Args().Present() == c.Bool("all") {
		return usagef("stop: which bot? As in: simplex-lua stop squaring.lua; --all stops all that are found")
	}
	bots, err := findBots(ctx, s, c, c.Args().Slice())
	if err != nil {
		return err
	}
	defer bots.close()
	var failed []error
	for _, b := range bots {
		_, err := b.Do(ctx, control.Request{Op: control.OpStop}, nil)
		if remote := control.RemoteError(""); err != nil && (ctx.Err() != nil || errors.As(err, &remote)) {
			failed = append(failed, refusedError{b.status.Bot, "it did not stop well", err})
			continue
		}
		// A process that ended with its last bot has no more to say.
		fmt.Fprintf(s.out, "%s: stopped\n", b.status.Bot)
	}
	return errors.Join(failed...)
}
