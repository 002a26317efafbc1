package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func evalCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "run plain Lua, without a bot",
		ArgsUsage: "FILE|-",
		Description: "Runs a file, standard input (-) or the code after -e in the runtime that bots have,\n" +
			"without bot. print writes to standard output. An error goes to standard error\n" +
			"as file:line: message, with exit code 1.\n\n" +
			"   simplex-lua eval fib.lua\n" +
			"   simplex-lua eval -e 'print((\"x\"):rep(3))'\n" +
			"   echo 'print(1 + 1)' | simplex-lua eval -",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "execute", Aliases: []string{"e"}, Usage: "run `CODE`"},
			&cli.DurationFlag{Name: "cpu-limit", Usage: "cut the program after so much processor time", Value: 10 * time.Second},
			allowFlag(),
			allowAllFlag(),
			limitFlag(),
		},
		Action: func(c *cli.Context) error { return eval(c.Context, s, c) },
	}
}

func eval(ctx context.Context, s *streams, c *cli.Context) error {
	grants, limits, err := wallsOf(c)
	if err != nil {
		return err
	}
	o := luaapi.Options{
		ShowTexts: true, Name: "eval", Path: c.Args().First(), NoBot: true, Print: s.out, Stdlib: stdlib.FS,
		Getenv: lookupEnv, Grants: grants, Limits: limits, CPULimit: c.Duration("cpu-limit"), Log: newLogger(s.err, slog.LevelInfo, "text"),
	}
	switch {
	case c.IsSet("execute"):
		if c.Args().Present() {
			return usagef("eval: give either -e CODE or a file, not both")
		}
		o.Path, o.Source = "(command line)", []byte(c.String("execute"))
	case c.Args().Len() != 1:
		return usagef("eval: give one file, - for standard input, or -e CODE")
	case o.Path != "-":
		if err := missingScripts(c.Args().Slice()); err != nil {
			return err
		}
	default:
		o.Path = "stdin"
		if o.Source, err = io.ReadAll(s.in); err != nil {
			return err
		}
	}
	// A signal cuts the program wherever it is, also in a loop and inside pcall.
	var rt *luaapi.Runtime
	stop := func() bool { return true }
	o.Lab.Loaded = func(made *luaapi.Runtime) { rt = made }
	o.Lab.Ran = func(string) { stop = context.AfterFunc(ctx, rt.Close) }
	_, err = luaapi.Load(ctx, o)
	if err == nil {
		rt.Close()
	}
	if stop() {
		return withoutBot(err)
	}
	return stopped(err)
}

// withoutBot adds to the error of a program that uses bot, itself or by a module,
// where there is one.
func withoutBot(err error) error {
	var script *luaapi.ScriptError
	if errors.As(err, &script) && strings.HasPrefix(script.Message, "undefined global 'bot'") {
		return needsBot{err}
	}
	return err
}

// needsBot is the error of plain Lua that is a part of a bot.
type needsBot struct{ error }

func (e needsBot) Unwrap() error { return e.error }
func (e needsBot) Hint() string {
	return "eval has no bot; simplex-lua dev SCRIPT runs the script as one, on a simulated network."
}

// stopped says of a program that a signal has cut where it was.
func stopped(err error) error {
	var script *luaapi.ScriptError
	if !errors.As(err, &script) {
		return err
	}
	cut := *script
	cut.Message = "stopped by a signal"
	return &cut
}
