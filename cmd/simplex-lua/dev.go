package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func devCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "dev",
		Usage:     "chat with a bot on a simulated network",
		ArgsUsage: "SCRIPT",
		Description: "Runs the bot against a network of people and groups inside this program: no account,\n" +
			"no download, nothing is kept. Type to write to the bot; :help lists what else there is.\n" +
			"Saving the script reloads it. Ctrl+D ends.\n\n" +
			"   simplex-lua dev bot.lua\n" +
			"   printf 'hello\\n' | simplex-lua dev bot.lua     one line NAME: text for each message",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "as", Value: "you", Usage: "`NAME` of the person who writes to the bot"},
			allowFlag(),
			limitFlag(),
		}, logFlags("warn", "text")...),
		Action: func(c *cli.Context) error { return dev(c.Context, s, c) },
	}
}

func dev(ctx context.Context, s *streams, c *cli.Context) error {
	if c.Args().Len() != 1 {
		return usagef("dev: which script? As in: simplex-lua dev bot.lua")
	}
	grants, limits, err := wallsOf(c)
	if err != nil {
		return err
	}
	screen, closeScreen, err := newScreen(s)
	if err != nil {
		return err
	}
	defer closeScreen()
	log, err := logger(c, screen.errors())
	if err != nil {
		return err
	}
	d, err := startDev(ctx, c.Args().First(), log, screen, grants, limits)
	if err != nil {
		return err
	}
	defer d.stop()
	if err := d.enter(ctx, c.String("as")); err != nil {
		return err
	}
	if err := d.converse(ctx); err != nil {
		return err
	}
	return d.stop()
}

// devSession is a bot on a simulated network and the people who talk to it.
type devSession struct {
	net    *sim.Network
	screen screen
	bot    *host.Host
	core   atomic.Pointer[sim.Core]
	cancel context.CancelFunc
	ended  chan error // what the host ended with

	people  []*person
	current *person
}

// startDev starts the bot and returns when it can be written to.
func startDev(ctx context.Context, script string, log *slog.Logger, screen screen, grants permission.Set, limits luaapi.Limits) (*devSession, error) {
	d := &devSession{net: sim.New(sim.Options{}), screen: screen, ended: make(chan error, 1)}
	bot, err := host.New(host.Options{
		Script: script, Ephemeral: true, OpenCore: d.open, Log: log, Print: screen.errors(),
		Watch: true, Reloaded: d.reloaded, Grace: -1, Getenv: lookupEnv, Stdlib: stdlib.FS, Grants: grants, Limits: limits,
	})
	if err != nil {
		return nil, err
	}
	d.bot = bot
	ctx, d.cancel = context.WithCancel(ctx)
	go func() { d.ended <- bot.Run(ctx) }()
	select {
	case <-bot.Ready():
		return d, nil
	case <-bot.Done():
		d.cancel()
		if err := <-d.ended; err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("the bot stopped while it was starting")
	}
}

// reloaded tells how a reload ended, with the script's line where it failed.
func (d *devSession) reloaded(generation int, err error) {
	if err != nil {
		d.screen.problem(fmt.Errorf("not reloaded, the old version goes on: %w", err))
		return
	}
	d.screen.note("reloaded (version %d)", generation)
}

func (d *devSession) open(_ context.Context, db host.Database) (chat.Core, error) {
	core, reply, err := d.net.Open("bot", db.Key, db.Confirm)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, reply.JSON)
	}
	d.core.Store(core)
	return core, nil
}

// stop ends the bot; the second call does nothing.
func (d *devSession) stop() error {
	d.cancel()
	<-d.bot.Done()
	select {
	case err := <-d.ended:
		return err
	default:
		return nil
	}
}

// settle waits until the bot has handled everything, and shows what people got.
func (d *devSession) settle(ctx context.Context) error {
	if err := d.bot.Idle(ctx, d.core.Load().Enqueued); err != nil {
		return err
	}
	return d.show()
}
