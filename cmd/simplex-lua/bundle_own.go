package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/native"
)

// openOwnBundle opens the bundle that this program is; nil where it is none.
func openOwnBundle() (*bundle.Bundle, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil // nobody can tell where it is, so it carries nothing
	}
	if real, err := filepath.EvalSymlinks(self); err == nil {
		self = real
	}
	b, err := bundle.OpenProgram(self)
	switch {
	case errors.Is(err, bundle.ErrNoBundle), errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		// Programs may be run by who cannot read them, or be replaced meanwhile.
		return nil, nil
	case err != nil:
		return nil, err
	}
	return b, nil
}

func (s *streams) close() {
	if s.bundle != nil {
		_ = s.bundle.Close() // it was only read
	}
}

// command is the command line; a bundle that is told nothing runs.
func (s *streams) command(args []string) []string {
	if s.bundle == nil || len(args) == 0 {
		return args
	}
	if len(args) > 1 && (!strings.HasPrefix(args[1], "-") || args[1] == "-h" || args[1] == "--help" || args[1] == "-help") {
		return args
	}
	return append([]string{args[0], "run"}, args[1:]...)
}

// describe tells in --help what the program is where it is a bundle. It goes by
// the name of its file, which may be another than that of the author's folder.
func (s *streams) describe(app *cli.App) {
	if s.bundle == nil {
		return
	}
	name := filepath.Base(s.called)
	app.Name, app.Usage, app.UsageText = name, "a SimpleX Chat bot, one file with simplex-lua", name+" [COMMAND] [options]"
	app.Description = "Without a command it runs the bot. The commands are those of simplex-lua, about the\n" +
		"scripts in this file:\n\n" +
		"   " + name + " bundle ls     what is in it, and what its author asks for\n" +
		"   " + name + " dev           chats with the bot on a simulated network\n" +
		"   " + name + " config show   every setting, and where it comes from\n" +
		"   " + name + " status        the running bot"
}

// input is what the configuration goes by: the arguments, or the bundle.
func (s *streams) input(c *cli.Context, args []string) (config.Input, error) {
	if s.bundle == nil {
		return config.Input{Args: args}, nil
	}
	m := s.bundle.Manifest
	if len(args) > 0 {
		return config.Input{}, usagef("%s %s: this program carries the scripts of %s and takes no others; simplex-lua does", c.Command.Name, args[0], m.Name)
	}
	return config.Input{Bundle: s.bundle.Files(), Name: m.Name, Allow: m.Allow}, nil
}

// botOf is the bot of the bundle that the argument names, or its only one; without
// a bundle that of a configuration.
func (s *streams) botOf(c *cli.Context) (*config.Bot, error) {
	if s.bundle == nil {
		return configuredBot(c)
	}
	in, err := s.input(c, nil)
	if err != nil {
		return nil, err
	}
	cfg, err := resolve(c, in)
	if err != nil {
		return nil, err
	}
	want := c.Args().First()
	var names []string
	for _, b := range cfg.Bots {
		if b.Name == want || want == "" && len(cfg.Bots) == 1 {
			return b, nil
		}
		names = append(names, b.Name)
	}
	return nil, usagef("%s: which bot? As in: %s %s %s; there are: %s", c.Command.Name, c.App.Name, c.Command.Name, names[0], strings.Join(names, ", "))
}

// nativeEnv is what native needs to know, with the libraries that the program
// carries unpacked, unless others are wanted. They are those for SQLite.
func (s *streams) nativeEnv(ctx context.Context, backend native.Backend) (native.Env, error) {
	env := native.DefaultEnv()
	if s.bundle == nil || !s.bundle.Manifest.HasLibs() || env.LibsDir != "" || backend != native.BackendSQLite {
		return env, nil
	}
	var err error
	env.Carried, err = s.bundle.UnpackLibs(ctx, env.CacheDir)
	return env, err
}

// folderVar is the variable that tells a script where the files beside it are:
// its folder, or where those of a bundle were unpacked.
const folderVar = "SIMPLEX_LUA_FOLDER"

// giveFiles answers folderVar in getenv. What a bundle has besides scripts is
// unpacked, and may be read: its author put it there.
func (s *streams) giveFiles(ctx context.Context, script string, files fs.FS, getenv *func(string) (string, bool), grants *permission.Set) error {
	folder, err := filepath.Abs(filepath.Dir(script))
	if files != nil {
		folder = ""
		if s.bundle.Manifest.HasAssets() {
			folder, err = s.bundle.UnpackFiles(ctx, native.DefaultEnv().CacheDir)
			grants.Read = append(grants.Read, folder)
		}
	}
	if err != nil {
		return err
	}
	outer := *getenv
	*getenv = func(name string) (string, bool) {
		if name == folderVar {
			return folder, folder != ""
		}
		return outer(name)
	}
	grants.EnvNames = append(grants.EnvNames, folderVar)
	return nil
}

// tellWishes says at the first start of a bundle's bot what its author asks for,
// and what it gets.
func (l *launcher) tellWishes(bots []host.Bot) {
	if l.in.Bundle == nil || l.isolated() {
		return
	}
	for _, bot := range bots {
		if _, err := os.Stat(bot.Data); err == nil {
			continue // not the first start
		}
		for _, b := range l.cfg.Bots {
			if b.Name == bot.Name && b.Files != nil && len(b.Asked)+len(b.Allow) > 0 {
				l.log.Info(fmt.Sprintf("first start: the author of this bundle asks for the permissions %s, and gets %s; allow and deny change it",
					listed(b.Asked), listed(b.Allow)), "bot", b.Name)
			}
		}
	}
}

// asksFor says for which permissions an author asks.
func asksFor(entries []string) string {
	if len(entries) == 0 {
		return "asks for no permissions"
	}
	return "asks for the permissions " + listed(entries)
}

// listed writes permissions for people.
func listed(entries []string) string {
	if len(entries) == 0 {
		return "none"
	}
	return strings.Join(entries, ", ")
}

// isBundle tells whether an error is about a bundle itself.
func isBundle(err error) bool {
	return errors.As(err, new(*bundle.DamagedError)) || errors.As(err, new(*bundle.SecretsError)) ||
		errors.Is(err, bundle.ErrNoBundle) || errors.Is(err, bundle.ErrSignature)
}
