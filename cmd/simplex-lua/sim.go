package main

import (
	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/sim"
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
			"An example:\n\n" +
			"   printf '%s\\n' '{\"actor\":\"bot\",\"init\":{\"path\":\"bot\",\"key\":\"\",\"confirm\":\"yesUp\"}}' \\\n" +
			"     '{\"actor\":\"bot\",\"cmd\":\"/v\"}' | simplex-lua sim",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "core-version", Value: "6.5.1", Usage: "`VERSION` of the core to play: 6.5.1 or 7.0"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usagef("sim takes no arguments; it reads lines from standard input")
			}
			version := c.String("core-version")
			if version != "6.5.1" && version != "7.0" {
				return usagef("--core-version %s: want 6.5.1 or 7.0", version)
			}
			return sim.ServeLines(c.Context, s.in, s.out, sim.Options{Seed: 1, Version: version})
		},
	}
}
