package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

// What the flag parser says of a command line; it has no types for it.
var (
	unknownOption = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	missingValue  = regexp.MustCompile(`^flag needs an argument: -(.*)$`)
	wrongValue    = regexp.MustCompile(`^invalid (?:boolean )?value ("(?s:.*)") for (?:flag )?-(.*?): `)
)

// wrongUsage says what the flag parser finds wrong as all other mistakes are
// said: with the option as it is typed, and what to do.
func wrongUsage(c *cli.Context, err error, _ bool) error {
	text := err.Error()
	if m := unknownOption.FindStringSubmatch(text); m != nil {
		return usagef("there is no option %s%s %s --help lists them", dashed(m[1]), nearestOption(c.Command.Flags, m[1]), c.Command.HelpName)
	}
	if m := missingValue.FindStringSubmatch(text); m != nil {
		return usagef("%s needs a value", dashed(m[1]))
	}
	if m := wrongValue.FindStringSubmatch(text); m != nil {
		return usagef("%s %s: want %s", dashed(m[2]), m[1], wanted(c.Command.Flags, m[2]))
	}
	return usageError{err}
}

// unknownCommand suggests the command that was meant, if one is near.
func unknownCommand(app *cli.App, name string) error {
	var known []string
	for _, c := range app.Commands {
		known = append(known, c.Names()...)
	}
	if near := nearest.Name(name, known); near != "" {
		return usagef("unknown command %q; did you mean %s? simplex-lua --help lists them", name, near)
	}
	if strings.HasSuffix(name, ".lua") {
		return usagef("unknown command %q; did you mean simplex-lua run %s?", name, name)
	}
	return usagef("unknown command %q; simplex-lua --help lists them", name)
}

// helpTopic is what "help" is asked about, "" where it is not asked.
func helpTopic(args []string) string {
	if len(args) > 2 && (args[1] == "help" || args[1] == "h") {
		return args[2]
	}
	return ""
}

// dashed is an option as it is typed.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// nearestOption suggests an option for a name that is none, where one is near, and
// ends the clause.
func nearestOption(flags []cli.Flag, name string) string {
	var known []string
	for _, f := range flags {
		known = append(known, f.Names()...)
	}
	if near := nearest.Name(name, known); near != "" {
		return "; did you mean " + dashed(near) + "?"
	}
	return ";"
}

// wanted describes the values of an option.
func wanted(flags []cli.Flag, name string) string {
	i := slices.IndexFunc(flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
	if i < 0 {
		return "another value"
	}
	switch flags[i].(type) {
	case *cli.DurationFlag:
		return "a duration, as 10s or 1m30s"
	case *cli.IntFlag:
		return "a whole number"
	case *cli.BoolFlag:
		return "true or false"
	}
	return "another value"
}
