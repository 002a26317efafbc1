package main

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// lookupEnv is the environment that scripts may ask, where they are allowed to.
func lookupEnv(name string) (string, bool) { return os.LookupEnv(name) }

// logFlags are the options of logging with their defaults.
func logFlags(level, format string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "log-level", Value: level, Usage: "`LEVEL`: debug, info, warn or error", EnvVars: []string{"SIMPLEX_LUA_LOG_LEVEL"}},
		&cli.StringFlag{Name: "log-format", Value: format, Usage: "`FORMAT`: text, json, or auto (text on a terminal)", EnvVars: []string{"SIMPLEX_LUA_LOG_FORMAT"}},
	}
}

func allowFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "allow", EnvVars: []string{"SIMPLEX_LUA_ALLOW"},
		Usage: "`KIND=VALUE`: net=HOST, listen=ADDR, read=PATH, write=PATH, env=NAME, exec=PROGRAM or core=/PREFIX"}
}

func allowAllFlag() cli.Flag {
	return &cli.BoolFlag{Name: "allow-all", EnvVars: []string{"SIMPLEX_LUA_ALLOW_ALL"}, DisableDefaultText: true,
		Usage: "allow scripts everything that can be allowed, for development"}
}

func limitFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "limit", EnvVars: []string{"SIMPLEX_LUA_LIMIT"},
		Usage: "`NAME=N`: change a limit that an error named, as string_limit=64MiB or memory_limit=1GiB"}
}

// wallsOf reads --allow, --allow-all and --limit.
func wallsOf(c *cli.Context) (permission.Set, luaapi.Limits, error) {
	grants, err := permission.Parse(c.StringSlice("allow"))
	if err != nil {
		return grants, luaapi.Limits{}, usageError{err}
	}
	grants.All = c.Bool("allow-all")
	limits, err := luaapi.ParseLimits(c.StringSlice("limit"))
	if err != nil {
		return grants, limits, usageError{err}
	}
	return grants, limits, nil
}

// logger reads the log flags.
func logger(c *cli.Context, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.String("log-level"))); err != nil {
		return nil, usagef("--log-level %s: want debug, info, warn or error", c.String("log-level"))
	}
	switch f := c.String("log-format"); f {
	case "auto", "text", "json":
		return newLogger(w, level, f), nil
	default:
		return nil, usagef("--log-format %s: want text, json or auto", f)
	}
}

// newLogger writes text for people on a terminal, in colour, and JSON elsewhere.
func newLogger(w io.Writer, level slog.Level, format string) *slog.Logger {
	terminal := isTerminal(w)
	if format == "json" || format == "auto" && !terminal {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: withUnits}))
	}
	return slog.New(tint.NewTextHandler(w, &tint.Options{
		Level: level, TimeFormat: time.TimeOnly, NoColor: !terminal || os.Getenv("NO_COLOR") != "",
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == "traceback" && level > slog.LevelDebug {
				return slog.Attr{} // the place and its line say enough to people
			}
			return a
		},
	}))
}

// withUnits writes durations as in the rest of the program, "1.5s", where JSON
// would have a number of nanoseconds.
func withUnits(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}
