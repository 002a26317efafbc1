package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves the options of a command, or of one below it, before its arguments, so that
// "run bot.lua --data d" means what it says; the flag parser stops at the first
// argument. What follows -- stays where it is. Where help is asked for, the
// arguments are left out, which would be taken for the topic.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 3 {
		return args
	}
	cmd := app.Command(args[1])
	if cmd == nil {
		return args
	}
	from := 2
	if i := slices.IndexFunc(cmd.Subcommands, func(c *cli.Command) bool { return c.HasName(args[2]) }); i >= 0 {
		cmd, from = cmd.Subcommands[i], 3
	}
	var options, rest []string
	for i := from; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			rest = append(rest, args[i:]...)
			i = len(args)
		case len(a) < 2 || a[0] != '-':
			rest = append(rest, a)
		case a == "--help" || a == "-help" || a == "-h":
			return append(slices.Clone(args[:from]), a)
		default:
			options = append(options, a)
			if takesValue(cmd, a) && i+1 < len(args) {
				i++
				options = append(options, args[i])
			}
		}
	}
	return slices.Concat(args[:from], options, rest)
}

// takesValue tells whether an option is followed by its value.
func takesValue(cmd *cli.Command, option string) bool {
	name := strings.TrimLeft(option, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range cmd.Flags {
		if slices.Contains(f.Names(), name) {
			doc, ok := f.(cli.DocGenerationFlag)
			return ok && doc.TakesValue()
		}
	}
	return false
}
