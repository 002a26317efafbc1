package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/native"
)

func noBackupFlag() cli.Flag {
	return &cli.BoolFlag{Name: "no-backup", Usage: "do not save the database before a newer core changes it", EnvVars: []string{"SIMPLEX_LUA_NO_BACKUP"}, DisableDefaultText: true}
}

// savingFirst opens databases as open does. One that the core would migrate is
// saved before, into backups/ beside it.
func savingFirst(open openCore, bot string, log *slog.Logger) openCore {
	return func(ctx context.Context, db host.Database) (chat.Core, error) {
		confirm := native.Confirmation(db.Confirm)
		if db.Postgres || confirm != native.ConfirmUp && confirm != native.ConfirmUpDown {
			return open(ctx, db)
		}
		if info, err := os.Stat(db.Prefix + "_chat.db"); err != nil || info.Size() == 0 {
			return open(ctx, db) // there is nothing to lose
		}
		asking := db
		asking.Confirm = string(native.ConfirmNone)
		core, err := open(ctx, asking)
		refused := (*native.InitError)(nil)
		if !errors.As(err, &refused) || !errors.Is(err, native.KindMigration) {
			return core, err
		}
		if refused.Migration == native.MigrationDowngrade && confirm != native.ConfirmUpDown {
			return core, err
		}
		file, err := saveBefore(ctx, db, bot, "migration")
		if err != nil {
			return nil, err
		}
		log.Warn("the core changes the database for its version; the old one was saved", "bot", bot, "file", file)
		return open(ctx, db)
	}
}

// tellingNew opens databases as open does, and says where it has made one: a bot
// that should have been there already is a new one now, with another address.
func tellingNew(open openCore, bot string, log *slog.Logger) openCore {
	return func(ctx context.Context, db host.Database) (chat.Core, error) {
		_, err := os.Stat(db.Prefix + "_chat.db")
		core, failed := open(ctx, db)
		if failed == nil && !db.Postgres && errors.Is(err, fs.ErrNotExist) {
			log.Info("a new chat database was made", "bot", bot, "folder", filepath.Dir(db.Prefix))
		}
		return core, failed
	}
}
