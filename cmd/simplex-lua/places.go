package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// systemState is where the service of docs/operating.md keeps its data.
const systemState = "/var/lib/simplex-lua"

// place is where a bot may have its data.
type place struct {
	name, data string
	bot        *config.Bot // nil where no configuration tells of it
}

// places are the folders in which bots may be, each once: the one that --data
// names and those in it, or else those of the configuration, of the arguments,
// of $STATE_DIRECTORY, *.data here, and the service's. Those that no configuration
// tells of are there where has says so. wrong tells why those of the configuration are
// not known.
func places(s *streams, c *cli.Context, args []string, has func(dir string) bool) (found []place, wrong, err error) {
	add := func(dirs ...string) {
		for _, dir := range dirs {
			abs, err := filepath.Abs(dir)
			if err == nil && has(abs) && !slices.ContainsFunc(found, func(p place) bool { return samePath(p.data, abs) }) {
				found = append(found, place{name: strings.TrimSuffix(filepath.Base(abs), host.DataSuffix), data: abs})
			}
		}
	}
	if data := c.String("data"); data != "" {
		if _, err := os.ReadDir(data); err != nil {
			hint := "Name the folder that the bot was started with."
			if errors.Is(err, os.ErrPermission) {
				hint = "Run the command as root, or as the user that the bot runs as."
			}
			return nil, nil, &host.DataError{Path: data, Problem: "it cannot be looked into", Cause: err, Hint: hint}
		}
		add(append([]string{data}, foldersIn(data)...)...)
		if c.String("config") == "" && s.bundle == nil {
			return found, nil, nil // the folder is all that is known of it
		}
		cfg, wrong := configuration(s, c)
		return withConfig(found, cfg), wrong, nil
	}
	found, wrong = configured(s, c)
	for _, arg := range args {
		add(arg, host.DataBeside(arg))
	}
	if dir := host.StateDirectory(lookupEnv); dir != "" {
		add(append([]string{dir}, foldersIn(dir)...)...)
	}
	beside, _ := filepath.Glob("*" + host.DataSuffix)
	add(beside...)
	add(append([]string{systemState}, foldersIn(systemState)...)...)
	return found, wrong, nil
}

// configuration is the one that the flags, the environment and this folder tell of;
// nil without any.
func configuration(s *streams, c *cli.Context) (*config.Config, error) {
	in, err := s.input(c, nil)
	if err != nil {
		return nil, err
	}
	in.File, in.Getenv = c.String("config"), lookupEnv
	cfg, err := config.Resolve(in)
	if errors.Is(err, config.ErrNoBots) {
		err = nil
	}
	return cfg, err
}

// configured are the places of the configuration's bots.
func configured(s *streams, c *cli.Context) (found []place, err error) {
	cfg, err := configuration(s, c)
	if cfg == nil || err != nil {
		return nil, err
	}
	folders, err := foldersOf(cfg)
	for i, dir := range folders {
		found = append(found, place{cfg.Bots[i].Name, dir, cfg.Bots[i]})
	}
	return found, err
}

// withConfig tells of each of the bots in folders what the configuration has for
// it: for that of its name, or where there is but one.
func withConfig(found []place, cfg *config.Config) []place {
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

// mayRun tells whether a bot may answer in a folder, or somebody hides whether.
func mayRun(dir string) bool {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return false
	}
	_, err := os.Lstat(filepath.Join(dir, control.SocketName))
	return !errors.Is(err, os.ErrNotExist)
}

// samePath tells whether two paths are of one folder or file.
func samePath(a, b string) bool {
	if a == b {
		return true
	}
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// escaped makes a path a pattern that only matches itself.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// tellUnusable says that a configuration is left out: bots that run do not stop
// for a mistake that is made in it later.
func tellUnusable(s *streams, wrong error) {
	fmt.Fprintf(s.err, "%v\nThe configuration is not used; bots are looked for in the other places.\n", wrong)
}
