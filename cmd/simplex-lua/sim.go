package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/tuning"
)

func simCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:  "sim",
		Usage: "let another program drive the simulated network, by lines of JSON",
		Description: "Reads one JSON object per line and answers each with the reply, if there is one, with\n" +
			"every event that is due, and with {\"idle\":true}. A line that it can't take gives\n" +
			"{\"error\":…}. Time stands still but for advance_ms. The end of input ends it.\n\n" +
			"   {\"actor\":\"bot\",\"init\":{\"path\":\"db/bot\",\"key\":\"\",\"confirm\":\"yesUp\"}}\n" +
			"   {\"actor\":\"bot\",\"cmd\":\"/_start\"}\n" +
			"   {\"actor\":\"bot\",\"close\":true}              or \"kill\":true: without a word, as kill -9\n" +
			"   {\"advance_ms\":5000}\n" +
			"   {\"server\":\"smp\",\"up\":false}               or \"xftp\", the server of files\n\n" +
			"Everybody has core 6.5.1, or the one of --core-version; with a name before it, it is\n" +
			"that of one actor: --core-version 7.0 --core-version alice=6.5.1. In init, \"version\" says\n" +
			"it for this time.\n\n" +
			"An example:\n\n" +
			"   printf '%s\\n' '{\"actor\":\"bot\",\"init\":{\"path\":\"bot\",\"key\":\"\",\"confirm\":\"yesUp\"}}' \\\n" +
			"     '{\"actor\":\"bot\",\"cmd\":\"/v\"}' | simplex-lua sim",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "core-version", Usage: "`VERSION` of the core to play: 6.5.1 or 7.0; NAME=VERSION for one actor (default: 6.5.1)"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usagef("sim takes no arguments; it reads lines from standard input")
			}
			opts := sim.Options{Seed: 1, Versions: map[string]string{}}
			for _, v := range c.StringSlice("core-version") {
				name, version, one := strings.Cut(v, "=")
				if !one {
					version = v
				}
				if err := sim.CheckVersion(version); err != nil {
					return usagef("--core-version: %v", err)
				}
				if one {
					opts.Versions[name] = version
				} else {
					opts.Version = version
				}
			}
			tuning.KeepMuch()
			return sim.ServeLines(c.Context, s.in, s.out, opts)
		},
	}
}
