package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/devchat"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func devCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "dev",
		Usage:     "chat with a bot on a simulated network",
		ArgsUsage: "[SCRIPT | FOLDER]",
		Description: "Runs the bot against a network of people and groups inside this program: no account,\n" +
			"no download, nothing is kept. Type to write to the bot; :help lists what else there is.\n" +
			"Saving the script reloads it. Ctrl+D ends. More in docs/dev.md. Where lines come from a\n" +
			"pipe or a file, exit code 1 tells that one was refused. Without a script it is the bot\n" +
			"of the folder's simplex-lua.toml, with what that allows and its env.\n\n" +
			"   simplex-lua dev\n" +
			"   simplex-lua dev bot.lua\n" +
			"   simplex-lua dev --as alice --record bot_test.lua bot.lua     makes a test of the session\n" +
			"   simplex-lua dev --script bot_test.lua bot.lua                plays it again\n" +
			"   printf 'hello\\n:wait 1h\\n' | simplex-lua dev bot.lua         one line NAME: text for each message",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "as", Value: "you", Usage: "`NAME` of the person who writes to the bot"},
			&cli.StringFlag{Name: "record", Usage: "write the session as a test case to `FILE`, NAME_test.lua"},
			&cli.StringFlag{Name: "script", Usage: "read lines from `FILE`, or what was typed in a recorded session, instead of standard input"},
			&cli.DurationFlag{Name: "wait", Value: time.Minute, Usage: "let so much of the network's `TIME` pass at the end, where nobody types on a terminal"},
			allowFlag(),
			allowAllFlag(),
			limitFlag(),
		}, logFlags("warn", "text")...),
		Action: func(c *cli.Context) error { return dev(c.Context, s, c) },
	}
}

func dev(ctx context.Context, s *streams, c *cli.Context) error {
	o, err := devOptions(ctx, s, c)
	if err != nil {
		return err
	}
	screen, err := newScreen(s)
	if err != nil {
		return err
	}
	defer screen.close()
	log, err := logger(c, screen.logs())
	if err != nil {
		return err
	}
	o.Screen, o.Bot.Log, o.Bot.Print = screen, log, screen.logs()
	session, err := devchat.Start(ctx, o)
	if err != nil {
		return err
	}
	screen.completeWith(session.Complete)
	err = session.Run(ctx)
	screen.quiet()
	if n := session.Refused(); err == nil && n > 0 && !o.Live {
		err = failures(fmt.Sprintf("dev: %d of the lines could not be carried out", n))
	}
	return errors.Join(err, session.Close())
}

// devOptions reads the command line. With --script, s reads from that file.
func devOptions(ctx context.Context, s *streams, c *cli.Context) (o devchat.Options, err error) {
	if c.Args().Len() > 1 {
		return o, usagef("dev: one script at a time, not %d", c.Args().Len())
	}
	if s.bundle == nil {
		if err := missingScripts(c.Args().Slice()); err != nil {
			return o, err
		}
	}
	o = devchat.Options{As: c.String("as"), Wait: c.Duration("wait"), Record: c.String("record")}
	if o.Bot, err = s.devBot(ctx, c); err != nil {
		return o, err
	}
	switch {
	case o.As == "":
		return o, usagef("dev: --as needs a name, as in: --as alice")
	case o.Wait < 0:
		return o, usagef("dev: --wait %v: want no less than nothing", o.Wait)
	case c.IsSet("script"):
		as, err := playScript(s, c.String("script"))
		if err != nil {
			return o, usagef("dev: --script: %w", err)
		}
		if as != "" && !c.IsSet("as") {
			o.As = as
		}
	}
	o.Live = isTerminal(s.in)
	return o, nil
}

// devBot is the script that is named, or else a bot of the bundle or of a
// configuration, with what it may.
func (s *streams) devBot(ctx context.Context, c *cli.Context) (o host.Options, err error) {
	o = host.Options{ShowTexts: true, Script: c.Args().First(), Getenv: lookupEnv, Stdlib: stdlib.FS}
	if s.bundle == nil && o.Script != "" && !isFolder(o.Script) {
		if o.Grants, o.Limits, err = wallsOf(c); err != nil {
			return o, err
		}
		return o, s.giveFiles(ctx, o.Script, nil, &o.Getenv, &o.Grants)
	}
	b, err := s.botOf(c)
	if err != nil {
		return o, err
	}
	o.Script, o.Name, o.Override, o.Getenv = b.Script, b.Name, b.Override, botEnv(b)
	if o.Grants, o.Limits, err = wallsOfBot(b); err != nil {
		return o, err
	}
	if o.Source, o.Folder, err = sourceOf(b); err != nil {
		return o, err
	}
	return o, s.giveFiles(ctx, b.Script, b.Files, &o.Getenv, &o.Grants)
}

// configuredBot is the only bot of the folder that the argument names, or of the
// working folder, with the values that its script may read. Of its database and
// other places nothing is read: it runs without them.
func configuredBot(c *cli.Context) (*config.Bot, error) {
	cfg, err := resolve(c, config.Input{Args: c.Args().Slice()})
	if err != nil {
		return nil, err
	}
	if len(cfg.Bots) > 1 {
		var scripts []string
		for _, b := range cfg.Bots {
			scripts = append(scripts, b.Script)
		}
		return nil, usagef("%s: which bot? Give its script: %s", c.Command.Name, strings.Join(scripts, ", "))
	}
	b := *cfg.Bots[0]
	b.Database, b.Core, b.Store = config.Database{}, config.Core{}, config.Store{}
	return &b, b.ReadSecrets(lookupEnv)
}

// playScript makes the lines of a file the standard input. It returns who typed
// them, where the file says it.
func playScript(s *streams, path string) (as string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var lines io.Reader = strings.NewReader(string(text))
	if strings.HasSuffix(path, ".lua") {
		var typed []string
		if as, typed, err = devchat.Typed(path, string(text)); err != nil {
			return "", err
		}
		lines = strings.NewReader(strings.Join(typed, "\n"))
	}
	s.in = lines
	return as, nil
}

// sizeOf writes a file's size for people.
func sizeOf(bytes int64) string {
	switch {
	case bytes == 1:
		return "1 byte"
	case bytes < 10_000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 10_000_000:
		return fmt.Sprintf("%d kB", bytes/1000)
	}
	return fmt.Sprintf("%d MB", bytes/1_000_000)
}
