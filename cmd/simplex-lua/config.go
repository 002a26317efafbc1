package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func configCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "config",
		Usage:     "show the settings of the bots, or check them",
		ArgsUsage: "show|check [SCRIPT… | FOLDER]",
		Description: "show prints each setting that holds for `run` with the same options, and where it\n" +
			"comes from: a flag, the environment, the file's line, the script or a default.\n" +
			"Secrets are hidden. check looks for mistakes, also in what the settings name, and\n" +
			"loads the scripts.\n\n" +
			"   simplex-lua config show\n" +
			"   simplex-lua config show --grace 1m bot.lua\n" +
			"   simplex-lua config check --config /etc/simplex-lua.toml",
		Flags: configFlags(),
		Action: func(c *cli.Context) error {
			in, err := s.input(c, c.Args().Tail())
			if err != nil {
				return err
			}
			verb := c.Args().First()
			switch verb {
			case "show":
				return showConfig(c.Context, s, c, in)
			case "check":
				return checkConfig(c.Context, s, c, in)
			case "":
				return usagef("config: what? As in: simplex-lua config show")
			}
			return usagef("config %s: want show or check", verb)
		},
	}
}

// showConfig prints the settings. What a script sets is known by loading it,
// which only declares things.
func showConfig(ctx context.Context, s *streams, c *cli.Context, in config.Input) error {
	cfg, err := resolve(c, in)
	if err != nil {
		return err
	}
	names, err := chosen(c, cfg)
	if err != nil {
		return err
	}
	folders, err := foldersOf(cfg)
	broken := []error{err}
	for i, b := range cfg.Bots {
		if err == nil {
			b.Note(config.FromDefault, "data", folders[i])
		}
		if !slices.Contains(names, b.Name) {
			continue
		}
		settings, err := scriptSettings(ctx, b)
		if err != nil {
			broken = append(broken, fmt.Errorf("%s: what the script sets is not shown: %w", b.Name, err))
			continue
		}
		b.NoteScript(settings)
	}
	cfg.Bots = slices.DeleteFunc(cfg.Bots, func(b *config.Bot) bool { return !slices.Contains(names, b.Name) })
	return errors.Join(cfg.Show(s.out), errors.Join(broken...))
}

// scriptSettings loads a bot's script and returns what it asks for.
func scriptSettings(ctx context.Context, b *config.Bot) (luaapi.Settings, error) {
	grants, limits, err := wallsOfBot(b)
	if err != nil {
		return luaapi.Settings{}, err
	}
	source, folder, err := sourceOf(b)
	if err != nil {
		return luaapi.Settings{}, err
	}
	rt, err := luaapi.Load(ctx, luaapi.Options{
		Name: b.Name, Path: b.Script, Source: source, Folder: folder, Stdlib: stdlib.FS, Generation: 1,
		Log: slog.New(slog.DiscardHandler), Print: io.Discard, Getenv: botEnv(b), Grants: grants, Limits: limits,
	})
	if err != nil {
		return luaapi.Settings{}, err
	}
	defer rt.Close()
	return rt.Settings(), nil
}

// checkConfig looks for mistakes in the settings, and for what they name.
func checkConfig(ctx context.Context, s *streams, c *cli.Context, in config.Input) error {
	l, err := newLauncher(c, s, in)
	if err != nil {
		return err
	}
	names, err := chosen(c, l.cfg)
	if err != nil {
		return err
	}
	var missing []error
	for _, b := range l.cfg.Bots {
		if b.Files != nil {
			continue
		}
		if _, err := os.Stat(b.Script); err != nil {
			missing = append(missing, b.Mistake("script", err))
		}
	}
	missing = append(missing, unusablePlaces(l.cfg)...)
	_, err = l.checked(ctx)
	if err := errors.Join(errors.Join(missing...), err); err != nil {
		return err
	}
	if err := loadScripts(ctx, l.cfg.Bots, names); err != nil {
		return err
	}
	what := "bots"
	if len(names) == 1 {
		what = "bot"
	}
	fmt.Fprintf(s.out, "%d %s, no mistakes: %s\n", len(names), what, strings.Join(names, ", "))
	return nil
}

// unusablePlaces tells of bots whose data folder is not there and cannot be made.
// What only this user may not, that of the service may.
func unusablePlaces(cfg *config.Config) (wrong []error) {
	folders, err := foldersOf(cfg)
	if err != nil {
		return nil // told elsewhere
	}
	for i, dir := range folders {
		if err := canMake(dir); err != nil && !errors.Is(err, fs.ErrPermission) {
			wrong = append(wrong, cfg.Bots[i].Mistake("data", fmt.Errorf("%s cannot be made: %w", dir, err)))
		}
	}
	return wrong
}

// canMake tries the folder that one is to be made in, with another that goes again.
func canMake(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && info.IsDir() {
		return nil
	}
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		_, err = os.Stat(dir)
	}
	if err != nil {
		return err
	}
	probe, err := os.MkdirTemp(dir, ".simplex-lua-")
	if err == nil {
		err = os.Remove(probe)
	}
	return err
}

// loadScripts tells of the named bots' scripts those that cannot be loaded.
func loadScripts(ctx context.Context, bots []*config.Bot, names []string) error {
	var broken []error
	for _, b := range bots {
		if !slices.Contains(names, b.Name) {
			continue
		}
		if _, err := scriptSettings(ctx, b); err != nil {
			broken = append(broken, fmt.Errorf("%s: the script cannot be loaded: %w", b.Name, err))
		}
	}
	return errors.Join(broken...)
}
