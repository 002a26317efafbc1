package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/check"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func checkCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "look for mistakes in scripts without running them",
		ArgsUsage: "SCRIPT…",
		Description: "Compiles the scripts and the files they require, and reports modules that are not\n" +
			"there, unknown globals, names and options, and values of a wrong type, each as\n" +
			"file:line:column: message. With --json each is one line of JSON, for editors.\n" +
			"The exit code is 1 when there was something to report.\n\n" +
			"   simplex-lua check bot.lua",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "report in JSON, one object a line"},
		},
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return usagef("check: which script? As in: simplex-lua check bot.lua")
			}
			return checkScripts(s, c.Args().Slice(), c.Bool("json"))
		},
	}
}

func checkScripts(s *streams, scripts []string, asJSON bool) error {
	count := 0
	for _, script := range scripts {
		dir, name := check.Folder(script)
		found, err := check.Script(os.DirFS(dir), name, check.Options{Stdlib: stdlib.FS, Modules: luaapi.ModuleNames()})
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return usagef("check: %s: no such file", script)
		case err != nil:
			return fmt.Errorf("check: %w", err)
		}
		for _, f := range found {
			f.File = filepath.Join(dir, filepath.FromSlash(f.File))
			if asJSON {
				line, err := json.Marshal(f)
				if err != nil {
					return err
				}
				fmt.Fprintln(s.out, string(line))
				continue
			}
			fmt.Fprintln(s.out, f)
		}
		count += len(found)
	}
	if count > 0 {
		return findings(count)
	}
	return nil
}

// findings is the error of a check that found something.
type findings int

func (n findings) Error() string {
	if n == 1 {
		return "check: 1 mistake"
	}
	return fmt.Sprintf("check: %d mistakes", int(n))
}
