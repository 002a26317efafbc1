package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi/check"
)

func checkCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "look for mistakes in scripts without running them",
		ArgsUsage: "[SCRIPT… | FOLDER]",
		Description: "Compiles the scripts and the files they require, and reports modules that are not\n" +
			"there, unknown globals, names and options, and values of a wrong type, each as\n" +
			"file:line:column: message. With --json each is one line of JSON, for editors.\n" +
			"The exit code is 1 when there was something to report; otherwise only a terminal is\n" +
			"told.\n\n" +
			"   simplex-lua check bot.lua\n\n" +
			"Without a script it checks those of the folder's simplex-lua.toml.\n\n" +
			"With --permissions it lists what the scripts need permissions for, where, and\n" +
			"ends with the --allow that they need. Values made at run time are shown as ?.\n\n" +
			"   simplex-lua check --permissions bot.lua",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "report in JSON, one object a line"},
			&cli.BoolFlag{Name: "permissions", Usage: "list what the scripts need permissions for"},
		},
		Action: func(c *cli.Context) error {
			if s.bundle != nil && c.Bool("permissions") {
				return usagef("check: --permissions is for scripts in files; bundle ls shows what a bundle asks for")
			}
			if s.bundle != nil {
				return s.checkBots(c)
			}
			scripts, err := scriptsToCheck(c)
			if err != nil {
				return err
			}
			if c.Bool("permissions") {
				return s.listPermissions(scripts, c.Bool("json"))
			}
			return checkScripts(s, scripts, c.Bool("json"))
		},
	}
}

// scriptsToCheck are those that the arguments name, or that the configuration of
// the folder has.
func scriptsToCheck(c *cli.Context) ([]string, error) {
	args, dir := c.Args().Slice(), ""
	switch {
	case len(args) == 1 && isFolder(args[0]):
		dir = args[0]
	case len(args) > 0:
		return args, nil
	}
	if _, err := os.Stat(filepath.Join(dir, config.FileName)); errors.Is(err, fs.ErrNotExist) {
		if dir != "" {
			return nil, usagef("check: %s is a folder without %s; give the paths of .lua files", dir, config.FileName)
		}
		return nil, usagef("check: which script? As in: simplex-lua check bot.lua")
	}
	cfg, err := resolve(c, config.Input{Args: args})
	if err != nil {
		return nil, err
	}
	var scripts []string
	for _, b := range cfg.Bots {
		scripts = append(scripts, b.Script)
	}
	return scripts, nil
}

func checkScripts(s *streams, scripts []string, asJSON bool) error {
	count := 0
	for _, script := range scripts {
		dir, name := check.Folder(script)
		n, err := checkScript(s, os.DirFS(dir), dir, name, asJSON)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return usagef("check: %s: no such file", script)
		case isFolder(script):
			return usagef("check: %s is a folder; give the paths of .lua files", script)
		case err != nil:
			return fmt.Errorf("check: %w", err)
		}
		count += n
	}
	return s.checked(len(scripts), count, asJSON)
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// checkBots checks the scripts that the program carries.
func (s *streams) checkBots(c *cli.Context) error {
	in, err := s.input(c, c.Args().Slice())
	if err != nil {
		return err
	}
	cfg, err := resolve(c, in)
	if err != nil {
		return err
	}
	count, scripts := 0, 0
	for _, b := range cfg.Bots {
		_, folder, err := sourceOf(b)
		if err != nil {
			return err
		}
		if folder == nil {
			continue // the operator's own
		}
		n, err := checkScript(s, folder, path.Dir(b.Script), path.Base(b.Script), c.Bool("json"))
		if err != nil {
			return fmt.Errorf("check: %w", err)
		}
		count, scripts = count+n, scripts+1
	}
	return s.checked(scripts, count, c.Bool("json"))
}

// checkScript reports the mistakes of one script; dir stands before its name.
func checkScript(s *streams, folder fs.FS, dir, name string, asJSON bool) (count int, err error) {
	mistakes, err := check.Script(folder, name, checkOptions())
	for _, f := range mistakes {
		f.File = filepath.Join(dir, filepath.FromSlash(f.File))
		line := f.String()
		if asJSON {
			text, err := json.Marshal(f)
			if err != nil {
				return 0, err
			}
			line = string(text)
		}
		fmt.Fprintln(s.out, line)
	}
	return len(mistakes), err
}

// found is the error of a check, nil where it found nothing.
func found(count int) error {
	if count == 0 {
		return nil
	}
	return findings(count)
}

// checked ends the check of some scripts. That nothing was found is told to
// people alone; programs that read what is written get nothing then.
func (s *streams) checked(scripts, count int, asJSON bool) error {
	if count == 0 && !asJSON && isTerminal(s.out) {
		what := "scripts"
		if scripts == 1 {
			what = "script"
		}
		fmt.Fprintf(s.out, "no mistakes found in %d %s\n", scripts, what)
	}
	return found(count)
}

// findings is the error of a check that found something.
type findings int

func (n findings) Error() string {
	if n == 1 {
		return "check: 1 mistake"
	}
	return fmt.Sprintf("check: %d mistakes", int(n))
}
