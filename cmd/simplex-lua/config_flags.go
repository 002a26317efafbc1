package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/config"
)

// configFlags are the options of the commands that run bots: those of the table
// of keys, and which file and which bots of it.
func configFlags() []cli.Flag {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "config", Usage: "`FILE` of settings and bots (default: " + config.FileName + " of the folder) [$" + config.EnvFile + "]"},
		&cli.StringSliceFlag{Name: "bot", Usage: "only the bot of that `NAME`; may be given again"},
	}
	for _, k := range config.Keys() {
		if k.Flag != "" {
			flags = append(flags, flagOf(k))
		}
	}
	return flags
}

// flagOf makes the flag of a key. The environment is config's business, so that
// it knows which of the two a value is from.
func flagOf(k *config.Key) cli.Flag {
	usage := k.Usage
	if k.Type() == "boolean" && k.Flag == "no-"+k.Name {
		usage = "do not " + usage
	}
	if k.Default != "" && k.Type() != "boolean" && !strings.Contains(usage, "(default") {
		usage += fmt.Sprintf(" (%s)", k.Default)
	}
	if k.Env != "" {
		usage += " [$" + k.Env + "]"
	}
	switch k.Type() {
	case "boolean":
		return &cli.BoolFlag{Name: k.Flag, Usage: usage, DisableDefaultText: true}
	case "list", "table":
		return &cli.StringSliceFlag{Name: k.Flag, Usage: usage}
	}
	return &cli.StringFlag{Name: k.Flag, Usage: usage}
}

// givenFlags are the values of the flags that were given.
func givenFlags(c *cli.Context) map[string][]string {
	given := map[string][]string{}
	for _, k := range config.Keys() {
		if k.Flag == "" || !c.IsSet(k.Flag) {
			continue
		}
		switch k.Type() {
		case "boolean":
			given[k.Flag] = []string{fmt.Sprint(c.Bool(k.Flag))}
		case "list", "table":
			given[k.Flag] = c.StringSlice(k.Flag)
		default:
			given[k.Flag] = []string{c.String(k.Flag)}
		}
	}
	return given
}

// flagArgs writes the flags that were given as arguments for another process of
// this program; --bot is not among them.
func flagArgs(c *cli.Context) []string {
	var args []string
	if c.IsSet("config") {
		args = append(args, "--config="+c.String("config"))
	}
	if c.Bool("no-backup") {
		args = append(args, "--no-backup")
	}
	given := givenFlags(c)
	for _, k := range config.Keys() {
		for _, value := range given[k.Flag] {
			args = append(args, "--"+k.Flag+"="+value)
		}
	}
	return slices.Clip(args)
}
