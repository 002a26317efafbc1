package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/tuning"
	"github.com/simplex-lua/simplex-lua/native"
)

func sha256Flag() cli.Flag {
	return &cli.StringFlag{Name: "libs-sha256", Usage: "`HEX` hash that the downloaded libsimplex archive must have", EnvVars: []string{"SIMPLEX_LUA_LIBS_SHA256"}}
}

// opener opens controllers of libsimplex, fetching the library at first need;
// sha256 is the hash that the download must have, "" for the known one.
func opener(c *cli.Context, s *streams, sha256 string) func(context.Context, host.Database) (chat.Core, error) {
	processors := tuning.NewProcessors()
	return func(ctx context.Context, db host.Database) (chat.Core, error) {
		o := native.Options{
			Backend: native.BackendSQLite, SHA256: sha256,
			Progress: native.NewProgress(s.err, isTerminal(s.err)),
		}
		var where native.Database = native.SQLite{Prefix: db.Prefix, Key: native.Secret(db.Key)}
		if db.Postgres {
			o.Backend = native.BackendPostgres
			where = native.Postgres{SchemaPrefix: db.Prefix, ConnectionString: native.Secret(db.Connection)}
		}
		if db.Confirm == string(native.ConfirmAsk) && !isTerminal(c.App.Reader) {
			return nil, &settingError{`confirm_migrations "console" needs a terminal to ask on`,
				`Set confirm_migrations to "yesUp", or run it in a terminal.`}
		}
		env, err := s.nativeEnv(ctx, o.Backend)
		if err != nil {
			return nil, err
		}
		loc, err := native.Locate(ctx, env, o)
		if err != nil {
			return nil, err
		}
		lib, err := native.Open(loc.Dir, o)
		if err != nil {
			return nil, err
		}
		ctl, err := lib.OpenController(ctx, where, native.Confirmation(db.Confirm))
		if err != nil {
			return nil, err // not a nil *native.Controller inside an interface
		}
		return processors.Core(ctl), nil
	}
}
