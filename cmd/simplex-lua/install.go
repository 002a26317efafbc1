package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/native"
)

func installCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:  "install",
		Usage: "download libsimplex, and nothing else",
		Description: "Downloads the library to the cache, as run does at first need. Where it is there\n" +
			"already, nothing is fetched.\n\n" +
			"   simplex-lua install\n" +
			"   simplex-lua install --backend postgres",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "backend", Value: "sqlite", Usage: "`NAME` of the database: sqlite or postgres"},
			sha256Flag(),
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usagef("install takes no arguments, got %q", c.Args().First())
			}
			backend := native.Backend(c.String("backend"))
			if backend != native.BackendSQLite && backend != native.BackendPostgres {
				return usagef("--backend %s: want sqlite or postgres", backend)
			}
			hash := c.String("libs-sha256")
			if hash != "" && !config.ValidSHA256(hash) {
				return usagef("--libs-sha256 %s: want the 64 hexadecimal digits of a SHA-256 hash", hash)
			}
			loc, err := native.Locate(c.Context, native.DefaultEnv(), native.Options{
				Backend: backend, SHA256: hash,
				Progress: native.NewProgress(s.err, isTerminal(s.err)),
			})
			if err != nil {
				return err
			}
			fmt.Fprintln(s.out, loc.Dir)
			return nil
		},
	}
}
