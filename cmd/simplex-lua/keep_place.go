package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
)

// keptBot is a bot whose data is saved or restored, whether it runs or not.
type keptBot struct{ place }

// keptBotOf is the bot that the argument names, or the only one.
func keptBotOf(s *streams, c *cli.Context, arg string) (keptBot, error) {
	found, wrong, err := places(s, c, named(arg), isData)
	if err != nil {
		return keptBot{}, err
	}
	var names []string
	var fitting []keptBot
	for _, p := range found {
		k := keptBot{p}
		names = append(names, k.name)
		if arg == "" || k.is(arg) {
			fitting = append(fitting, k)
		}
	}
	switch {
	case len(fitting) != 1 && wrong != nil:
		return keptBot{}, wrong
	case len(fitting) == 1:
		if wrong != nil {
			tellUnusable(s, wrong)
		}
		return fitting[0], nil
	case len(fitting) > 1:
		return keptBot{}, usagef("%s: which bot? There are %s; name one, or its folder with --data", c.Command.Name, strings.Join(names, ", "))
	case len(names) > 0:
		return keptBot{}, usagef("%s: there is no bot %s; there are %s", c.Command.Name, arg, strings.Join(names, ", "))
	}
	return keptBot{}, usagef("%s: no bot's data is found here; name its folder with --data", c.Command.Name)
}

// named are the arguments of which there is at most one.
func named(arg string) []string {
	if arg == "" {
		return nil
	}
	return []string{arg}
}

func (k keptBot) is(arg string) bool {
	if k.name == arg {
		return true
	}
	path, err := filepath.Abs(arg)
	return err == nil && (samePath(path, k.data) || samePath(host.DataBeside(path), k.data) || k.bot != nil && samePath(path, k.bot.Script))
}

// foreignCore is the address of the chat program that the bot uses by the
// configuration, "" where it has a database of its own.
func (k keptBot) foreignCore() string {
	if k.bot == nil {
		return ""
	}
	return shownCore(k.bot)
}

// shownCore is the address of a bot's chat program without a password in it, ""
// where it uses none.
func shownCore(b *config.Bot) string {
	u, err := url.Parse(b.Core.URL)
	if err != nil {
		return "another machine" // run tells the mistake in it
	}
	return u.Redacted()
}

// onlyShown hides all flags but these from help and completion. They are taken
// all the same, so that a command line of run can be used as it is.
func onlyShown(flags []cli.Flag, names ...string) []cli.Flag {
	for _, f := range flags {
		hidden := !slices.Contains(names, f.Names()[0])
		switch f := f.(type) {
		case *cli.StringFlag:
			f.Hidden = hidden
		case *cli.BoolFlag:
			f.Hidden = hidden
		case *cli.StringSliceFlag:
			f.Hidden = hidden
		}
	}
	return flags
}

// databaseFlags are the names of the settings that say which database a bot has.
var databaseFlags = []string{
	"config", "bot", "data", "libs-sha256", "database-backend", "database-prefix", "database-key-file", "database-connection-file",
}

// counted writes a number and what it counts, as "1 file" and "2 files".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// isKeep tells whether an error is about saving and restoring.
func isKeep(err error) bool {
	var (
		known *keep.Error
		saved *saveError
	)
	return errors.As(err, &known) || errors.As(err, &saved)
}

// saveError tells why a running bot was not saved.
type saveError struct {
	bot, problem, advice string
}

func (e *saveError) Error() string { return e.bot + ": " + e.problem }
func (e *saveError) Hint() string  { return e.advice }

func passphraseFlag() cli.Flag {
	return &cli.StringFlag{Name: "passphrase-file", Usage: "`FILE` whose first line is the archive's passphrase", TakesFile: true}
}

// sealer reads what an archive is encrypted for; nil for a plain one.
func sealer(c *cli.Context) (age.Recipient, error) {
	switch key, file := c.String("age-recipient"), c.String("passphrase-file"); {
	case key != "" && file != "":
		return nil, usagef("backup: give either --age-recipient or --passphrase-file")
	case key != "":
		return keep.Recipient(key)
	case file != "":
		to, _, err := keep.Passphrase(file)
		return to, err
	}
	return nil, nil
}

// unsealer reads what opens an archive; nil without an option.
func unsealer(c *cli.Context) (age.Identity, error) {
	switch key, file := c.String("age-identity"), c.String("passphrase-file"); {
	case key != "" && file != "":
		return nil, usagef("restore: give either --age-identity or --passphrase-file")
	case key != "":
		return keep.Identity(key)
	case file != "":
		_, from, err := keep.Passphrase(file)
		return from, err
	}
	return nil, nil
}

// notRunning fails where a bot runs with the data folder.
func notRunning(ctx context.Context, data string) error {
	b, err := running(ctx, data)
	if err == nil {
		_ = b.Close() // it was only asked whether it lives
		return &keep.Error{Path: data, Problem: "it is in use", Cause: keep.ErrRunning, Advice: "Stop it first: simplex-lua stop, or systemctl stop."}
	}
	if socket := (*control.SocketError)(nil); isNotRunning(err) || errors.As(err, &socket) {
		return nil // the database's lock tells the rest
	}
	return err
}
