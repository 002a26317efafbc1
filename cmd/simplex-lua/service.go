package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops/service"
)

func serviceCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "service",
		Usage:     "keep bots running with systemd",
		ArgsUsage: "install [SCRIPT]",
		Description: "Shows the unit file for a script, or for a configuration file, asks, and writes it.\n" +
			"The service is told to be ready when its bots are, reloads scripts on\n" +
			"systemctl reload, and is watched and sandboxed; docs/operating.md has the rest.\n\n" +
			"   simplex-lua service install --config /etc/simplex-lua/simplex-lua.toml\n" +
			"   simplex-lua service install --user bot.lua\n" +
			"   simplex-lua service install --print bot.lua",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "user", Usage: "a service of yours, not of the system"},
			&cli.BoolFlag{Name: "print", Usage: "only show the file"},
			&cli.BoolFlag{Name: "yes", Usage: "do not ask"},
			&cli.BoolFlag{Name: "replace", Usage: "replace a file that is there and differs"},
			&cli.StringFlag{Name: "name", Value: "simplex-lua", Usage: "`NAME` of the service"},
			&cli.StringFlag{Name: "config", Usage: "`FILE` of settings and bots"},
			&cli.StringFlag{Name: "metrics", Usage: "`ADDRESS` for metrics and health"},
			&cli.StringSliceFlag{Name: "allow", Usage: "`KIND=VALUE` that the script may do"},
			&cli.StringSliceFlag{Name: "credential", Usage: "`NAME` of a secret in /etc/…/credentials"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().First() != "install" || c.Args().Len() > 2 {
				return usagef("service: as in: simplex-lua service install bot.lua")
			}
			return installService(s, c, c.Args().Get(1))
		},
	}
}

func installService(s *streams, c *cli.Context, script string) error {
	o, err := serviceOptions(s, c, script)
	if err != nil {
		return err
	}
	text, err := service.Unit(o)
	if err != nil {
		return usageError{err}
	}
	for _, path := range service.Unseen(o) {
		fmt.Fprintf(s.err, "The service cannot see %s: it has no home directories, and a /tmp of its own. Put it elsewhere, as below /opt.\n", path)
	}
	tellKept(s, c, o)
	if c.Bool("print") {
		fmt.Fprint(s.out, text)
		return nil
	}
	home, err := os.UserConfigDir()
	if err != nil && o.User {
		return usagef("service: the folder of your configuration is not known: %w; set $HOME", err)
	}
	path := service.Path(o, home)
	if err := mayWrite(path, text, c.Bool("replace")); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s:\n\n%s\n", path, text)
	if !c.Bool("yes") {
		if !isTerminal(s.in) {
			return usagef("service: nobody can be asked here; --yes writes %s, --print only shows it", path)
		}
		fmt.Fprint(s.out, "Write this file? [y/N] ")
		answer, _ := bufio.NewReader(s.in).ReadString('\n')
		if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
			fmt.Fprintln(s.out, "Nothing was written.")
			return nil
		}
	}
	if err := writeUnit(path, text); err != nil {
		return fmt.Errorf("service: %w", err)
	}
	fmt.Fprintf(s.out, "Written. Next:\n\n   %s\n", strings.Join(service.Next(o), "\n   "))
	return nil
}

// serviceOptions makes the paths absolute: the service has no working folder. A
// bundle is its own program and has its scripts with it.
func serviceOptions(s *streams, c *cli.Context, script string) (service.Options, error) {
	o := service.Options{Name: c.String("name"), User: c.Bool("user"), Credentials: c.StringSlice("credential")}
	switch {
	case s.bundle != nil:
		if _, err := s.input(c, c.Args().Tail()); err != nil {
			return o, err
		}
		if !c.IsSet("name") {
			o.Name = s.bundle.Manifest.Name
		}
	case (script == "") == (c.String("config") == ""):
		return o, usagef("service install: give either a script or --config FILE")
	}
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		return o, fmt.Errorf("find this program: %w", err)
	}
	o.Program = program
	for path, into := range map[string]*string{script: &o.Script, c.String("config"): &o.Config} {
		if path == "" {
			continue
		}
		if *into, err = filepath.Abs(path); err == nil {
			_, err = os.Stat(*into)
		}
		if err != nil {
			return o, usageError{err}
		}
	}
	if v := c.String("metrics"); v != "" {
		o.Args = append(o.Args, "--metrics", v)
	}
	for _, v := range c.StringSlice("allow") {
		if kind, path, _ := strings.Cut(v, "="); kind == "read" || kind == "write" {
			if path, err = filepath.Abs(path); err != nil {
				return o, err
			}
			v = kind + "=" + path
		}
		o.Args = append(o.Args, "--allow", v)
	}
	o.Systemd = systemdVersion(c.Context)
	return o, nil
}

// systemdVersion is that of this machine, 0 without one.
func systemdVersion(ctx context.Context) int {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	text, err := exec.CommandContext(ctx, "systemctl", "--version").Output()
	if err != nil {
		return 0
	}
	return service.ParseVersion(string(text))
}

// tellKept says how to take bots along that have run without the service: it has
// a folder of its own for their data, and would begin anew.
func tellKept(s *streams, c *cli.Context, o service.Options) {
	in, err := s.input(c, nil)
	if err != nil {
		return // the service's start tells, here and below
	}
	if in.File, in.Getenv = o.Config, lookupEnv; o.Script != "" {
		in.Args = []string{o.Script}
	}
	cfg, err := config.Resolve(in)
	if err != nil {
		return
	}
	folders, err := foldersOf(cfg)
	if err != nil {
		return
	}
	parent := "/var/lib"
	switch {
	case o.User && o.Systemd > 0 && o.Systemd < 254: // which knew no folder for a user's state
		parent, err = os.UserConfigDir()
	case o.User:
		parent, err = stateHome()
	}
	if err != nil {
		return
	}
	for i, b := range cfg.Bots {
		if b.Data != "" || !isData(folders[i]) {
			continue
		}
		to := filepath.Join(parent, o.Name)
		if len(cfg.Bots) > 1 {
			to = filepath.Join(to, b.Name)
		}
		if !samePath(to, folders[i]) {
			fmt.Fprintf(s.err, "%s has run with its data in %s. The service has its own in %s, where it would be a new bot with a new address. To take it along, stop it, and do this before the service's first start:\n\n"+
				"   %s backup --data %[2]s -o %[1]s.backup\n   %[4]s restore --data %[3]s %[1]s.backup\n\n", b.Name, folders[i], to, c.App.Name)
		}
	}
}

// mayWrite refuses to replace what somebody may have changed.
func mayWrite(path, text string, replace bool) error {
	there, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && bytes.Equal(there, []byte(text)), err == nil && replace:
		return nil
	case err == nil:
		return usagef("service: %s is there already and differs; --print shows the new one, --replace replaces it, --name gives it another name", path)
	}
	return err
}

// writeUnit replaces the file at once.
func writeUnit(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return atomicfile.Write(path, []byte(text), atomicfile.Options{Mode: 0o644, Sync: true, Part: ".unit-"})
}
