package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops/doctor"
	"github.com/simplex-lua/simplex-lua/internal/ops/service"
	"github.com/simplex-lua/simplex-lua/native"
)

// defaultServer is one of the message servers that the core knows from the
// beginning.
const defaultServer = "smp8.simplex.im:5223"

func doctorCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "check an installation: library, databases, disk, clock, rights",
		ArgsUsage: "[SCRIPT… | FOLDER]",
		Description: "Looks at the settings that `run` would have with the same options, at the library, and\n" +
			"for each bot at its folder, database, key and control socket. Each finding is ok, warn\n" +
			"or fail, with what to do about it. Nothing is changed. The exit code is 9 where\n" +
			"something must be mended. Nothing is asked of a network without --network.\n" +
			"All options of `run` are taken; these matter most.\n\n" +
			"   simplex-lua doctor bot.lua\n" +
			"   simplex-lua doctor --config /etc/simplex-lua/simplex-lua.toml --network\n" +
			"   simplex-lua doctor --json",
		Flags: append(onlyShown(configFlags(), slices.Concat(databaseFlags, []string{"core", "metrics"})...),
			&cli.BoolFlag{Name: "json", Usage: "write one JSON object"},
			&cli.BoolFlag{Name: "network", Usage: "also connect to a server"},
			&cli.StringFlag{Name: "server", Value: defaultServer, Usage: "`HOST:PORT` that --network connects to"},
			&cli.StringFlag{Name: "unit", Value: service.Path(service.Options{Name: "simplex-lua"}, ""), Usage: "`FILE` of the systemd service", TakesFile: true}),
		Action: func(c *cli.Context) error { return examine(c.Context, s, c) },
	}
}

// mustMend is the error of doctor where something must be mended.
type mustMend int

func (n mustMend) Error() string {
	if n == 1 {
		return "doctor: 1 thing must be mended"
	}
	return fmt.Sprintf("doctor: %d things must be mended", int(n))
}

func examine(ctx context.Context, s *streams, c *cli.Context) error {
	in, err := s.input(c, c.Args().Slice())
	if err != nil {
		return err
	}
	e := &examination{s: s, c: c}
	e.library(ctx)
	e.settings(ctx, in)
	e.report = append(e.report, doctor.Clock(time.Now(), e.folders))
	if f, found := doctor.Unit(c.String("unit"), systemdVersion(ctx)); found {
		e.report = append(e.report, f)
	} else if c.IsSet("unit") {
		e.add("service", "", doctor.Warn, "there is no "+c.String("unit"), "Name the unit file with --unit; simplex-lua service install writes one.")
	}
	if c.Bool("network") {
		e.report = append(e.report, doctor.Server(ctx, c.String("server")))
	}
	if c.Bool("json") {
		err = e.report.JSON(s.out)
	} else {
		err = e.report.Text(s.out)
	}
	if n := e.report.Count(doctor.Fail); err == nil && n > 0 {
		return mustMend(n)
	}
	return err
}

// examination collects what is found.
type examination struct {
	s       *streams
	c       *cli.Context
	report  doctor.Report
	folders []string // of the bots' data
	broken  bool     // the library cannot be used
}

func (e *examination) add(check, bot string, state doctor.State, text, fix string) {
	e.report = append(e.report, doctor.Finding{Check: check, Bot: bot, State: state, Text: text, Fix: fix})
}

// fail adds an error, with its own hint where it has one.
func (e *examination) fail(check, bot string, err error, fix string) {
	if hinted := (interface{ Hint() string })(nil); errors.As(err, &hinted) && hinted.Hint() != "" {
		fix = hinted.Hint()
	}
	e.add(check, bot, doctor.Fail, err.Error(), fix)
}

// library looks for libsimplex, loads it, and asks for its version.
func (e *examination) library(ctx context.Context) {
	env, err := e.s.nativeEnv(ctx, native.BackendSQLite)
	if err != nil {
		e.broken = true
		e.fail("library", "", err, "Look at the cache folder.")
		return
	}
	loc, err := native.Find(env, native.Options{SHA256: e.c.String("libs-sha256")})
	if errors.Is(err, native.KindNotFound) {
		e.broken = true
		e.add("library", "", doctor.Warn, "libsimplex is not installed", "simplex-lua install downloads it; so does the first run.")
		return
	}
	var version string
	if err == nil {
		version, err = loadedVersion(ctx, loc.Dir)
	}
	if err != nil {
		e.broken = true
		e.fail("library", "", err, "simplex-lua install downloads it anew.")
		return
	}
	text := fmt.Sprintf("libsimplex %s in %s (%s)%s", version, loc.Dir, loc.Source, libraryHash(loc.Dir))
	e.add("library", "", doctor.OK, text, "")
}

// libraryHash is the beginning of the hash of the library's file, "" where it
// cannot be told.
func libraryHash(dir string) string {
	files, _ := filepath.Glob(filepath.Join(escaped(dir), "*simplex.*"))
	if len(files) == 0 {
		return ""
	}
	f, err := os.Open(files[0])
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return ", SHA-256 " + hex.EncodeToString(h.Sum(nil))[:16]
}

// settings looks at the configuration, and then at each bot.
func (e *examination) settings(ctx context.Context, in config.Input) {
	l, err := newLauncher(e.c, e.s, in)
	var bots []host.Bot
	if err == nil {
		bots, err = l.bots(ctx)
	}
	if err == nil {
		_, err = host.NewSupervisor(bots...)
	}
	if err != nil {
		e.fail("settings", "", err, "Correct them; simplex-lua config check looks again. A folder of data alone can be named with --data and a script.")
		return
	}
	e.add("settings", "", doctor.OK, fmt.Sprintf("no mistakes; bots: %d", len(bots)), "")
	for _, b := range bots {
		e.bot(ctx, l, b)
	}
}

func (e *examination) bot(ctx context.Context, l *launcher, b host.Bot) {
	e.folders = append(e.folders, b.Data)
	socket, running := doctor.Socket(b.Data)
	for _, f := range []doctor.Finding{doctor.Folder(b.Data), doctor.Disk(b.Data), socket} {
		f.Bot = b.Name
		e.report = append(e.report, f)
	}
	db, err := l.databaseOf(ctx, b.Options)
	if f, found := doctor.Copies(db.Prefix); found && err == nil && !db.Postgres {
		f.Bot = b.Name
		e.report = append(e.report, f)
	}
	if b.Store != "" {
		e.add("store", b.Name, doctor.OK, "in PostgreSQL, which doctor does not look into", "")
	}
	core := l.foreignCore(b.Name)
	switch {
	case err != nil:
		e.fail("script", b.Name, err, "simplex-lua check looks for mistakes in it.")
	case core != "":
		e.add("database", b.Name, doctor.OK, "belongs to the program at "+core+", which doctor does not ask", "")
	case db.Postgres:
		e.add("database", b.Name, doctor.OK, "in PostgreSQL, which doctor does not look into", "")
	case running:
		e.add("database", b.Name, doctor.OK, db.Prefix+" is open in the running bot", "")
	default:
		e.database(ctx, b.Name, db)
	}
}

// database opens the database of a stopped bot, without a migration.
func (e *examination) database(ctx context.Context, bot string, db host.Database) {
	file := db.Prefix + "_chat.db"
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		e.add("database", bot, doctor.OK, file+" is not there yet; the first start makes it", "")
		return
	case err != nil:
		e.fail("database", bot, err, "Run doctor as the user that the bot runs as.")
		return
	case info.Size() == 0:
		e.add("database", bot, doctor.Fail, file+" is empty", "Restore a backup: simplex-lua restore.")
		return
	case e.broken:
		e.add("database", bot, doctor.Warn, file+" is there; without the library it cannot be opened", "Install the library, and ask again.")
		return
	}
	db.Confirm = string(native.ConfirmNone)
	err = tryKey(ctx, opener(e.c, e.s, e.c.String("libs-sha256")), db)
	refused := (*native.InitError)(nil)
	switch {
	case err == nil:
		text := " opens with its key, and is of the library's version"
		if db.Key == "" {
			text = " opens, is of the library's version, and is not encrypted"
		}
		e.add("database", bot, doctor.OK, file+text, "")
	case errors.As(err, &refused) && refused.Migration == native.MigrationUpgrade:
		e.add("database", bot, doctor.Warn, file+" is of an older version", "The next start saves it into backups/ and changes it; docs/upgrading.md tells more.")
	default:
		e.fail("database", bot, err, "Look at the folder of the database.")
	}
}
