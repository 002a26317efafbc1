package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

func reloadCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "reload",
		Usage:     "load the scripts of running bots again",
		ArgsUsage: "[BOT…]",
		Description: remoteHelp +
			"It returns when the new script has taken over; where it cannot be loaded, the old one\n" +
			"goes on and the exit code is 1.\n\n" +
			"   simplex-lua reload\n" +
			"   simplex-lua reload squaring.lua",
		Flags:  remoteFlags(),
		Action: func(c *cli.Context) error { return reload(c.Context, s, c) },
	}
}

func reload(ctx context.Context, s *streams, c *cli.Context) error {
	bots, err := findBots(ctx, s, c, c.Args().Slice())
	if err != nil {
		return err
	}
	defer bots.close()
	var failed []error
	for _, b := range bots {
		if _, err := b.Do(ctx, control.Request{Op: control.OpReload}, nil); err != nil {
			what := "not reloaded, the old version goes on"
			if b.status.Loaded == nil {
				what = "not started again"
			}
			failed = append(failed, refusedError{b.status.Bot, what, err})
			continue
		}
		if b.status.Phase == control.Waiting {
			fmt.Fprintf(s.out, "%s: it had failed and is started again now\n", b.status.Bot)
			continue
		}
		reply, err := b.do(ctx, control.Request{Op: control.OpStatus})
		if err != nil {
			failed = append(failed, err)
			continue
		}
		fmt.Fprintf(s.out, "%s: reloaded, generation %d\n", b.status.Bot, reply.Status.Generation)
	}
	return errors.Join(failed...)
}

// refusedError tells that a bot did not do what it was asked for.
type refusedError struct {
	bot, what string
	cause     error
}

func (e refusedError) Error() string { return fmt.Sprintf("%s: %s: %v", e.bot, e.what, e.cause) }
func (e refusedError) Unwrap() error { return e.cause }
