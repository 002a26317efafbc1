package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
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
type keptBot struct {
	name, data string
	bot        *config.Bot // nil where no configuration tells of it
}

// keptPlaces are the bots whose data folders can be told, each once. wrong tells
// why those of the configuration are not known.
func keptPlaces(s *streams, c *cli.Context, arg string) (found []keptBot, wrong, err error) {
	add := func(dirs ...string) {
		for _, dir := range dirs {
			abs, err := filepath.Abs(dir)
			if err == nil && isData(abs) && !slices.ContainsFunc(found, func(k keptBot) bool { return samePath(k.data, abs) }) {
				found = append(found, keptBot{name: strings.TrimSuffix(filepath.Base(abs), ".data"), data: abs})
			}
		}
	}
	in, err := s.input(c, nil)
	if err != nil {
		return nil, nil, err
	}
	in.File, in.Getenv = c.String("config"), lookupEnv
	if data := c.String("data"); data != "" {
		add(append(foldersIn(data), data)...)
		if in.File == "" && in.Bundle == nil {
			return found, nil, nil // the folder is all that is known of it
		}
		cfg, wrong := config.Resolve(in)
		return withConfig(found, cfg), wrong, nil
	}
	cfg, wrong := config.Resolve(in)
	if wrong == nil {
		var folders []string
		folders, wrong = foldersOf(cfg)
		for i, dir := range folders {
			found = append(found, keptBot{cfg.Bots[i].Name, dir, cfg.Bots[i]})
		}
	}
	if errors.Is(wrong, config.ErrNoBots) {
		wrong = nil
	}
	if arg != "" {
		add(arg, dataBeside(arg))
	}
	state, _ := lookupEnv("STATE_DIRECTORY")
	first, _, _ := strings.Cut(state, ":")
	for _, dir := range []string{first, systemState} {
		if dir != "" {
			add(dir)
			add(foldersIn(dir)...)
		}
	}
	beside, _ := filepath.Glob("*.data")
	add(beside...)
	return found, wrong, nil
}

// withConfig tells of each of the bots in folders what the configuration has for
// it: for that of its name, or where there is but one.
func withConfig(found []keptBot, cfg *config.Config) []keptBot {
	if cfg == nil {
		return found
	}
	for i := range found {
		if found[i].bot = cfg.Bot(found[i].name); len(cfg.Bots) == 1 && len(found) == 1 {
			found[i].bot = cfg.Bots[0]
		}
	}
	return found
}

// foldersIn are the folders in dir that bots may have their data in. What a bot
// keeps or gets into its own, and what a restore leaves, is none.
func foldersIn(dir string) []string {
	below, _ := filepath.Glob(filepath.Join(escaped(dir), "*"))
	own := isData(dir) // then its database may be in a folder below
	return slices.DeleteFunc(below, func(path string) bool {
		name := filepath.Base(path)
		return strings.HasPrefix(name, ".") || strings.Contains(name, ".before-") || own && (slices.Contains(host.OwnFolders, name) || !hasState(path))
	})
}

// isData tells whether a folder looks like that of a bot.
func isData(dir string) bool {
	files, _ := filepath.Glob(filepath.Join(escaped(dir), "*_chat.db"))
	return len(files) > 0 || hasState(dir)
}

// hasState tells whether a bot has kept its state in a folder, or runs there.
func hasState(dir string) bool {
	return slices.ContainsFunc([]string{control.SocketName, "state.json"}, func(name string) bool {
		_, err := os.Lstat(filepath.Join(dir, name))
		return err == nil
	})
}

// keptBotOf is the bot that the argument names, or the only one.
func keptBotOf(s *streams, c *cli.Context, arg string) (keptBot, error) {
	places, wrong, err := keptPlaces(s, c, arg)
	if err != nil {
		return keptBot{}, err
	}
	var names []string
	var fitting []keptBot
	for _, k := range places {
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

func (k keptBot) is(arg string) bool {
	if k.name == arg {
		return true
	}
	path, err := filepath.Abs(arg)
	return err == nil && (samePath(path, k.data) || samePath(dataBeside(path), k.data) || k.bot != nil && samePath(path, k.bot.Script))
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
