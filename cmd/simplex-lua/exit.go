package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
	"github.com/simplex-lua/simplex-lua/internal/ops/service"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/native"
)

// Exit codes; exits says what they mean. Those after which a new start would end
// in the same way are service.FinalCodes.
const (
	exitOK       = 0
	exitScript   = 1
	exitUsage    = 2
	exitLibrary  = 3
	exitDatabase = 4
	exitCore     = 5
	exitConfig   = 6
	exitControl  = 7
	exitBundle   = 8
	exitDoctor   = 9
	exitKeep     = 10
	exitKey      = 11
	exitInUse    = 12
	exitVersion  = 13
	exitListen   = 14
	exitSystem   = 15
	exitSignal   = 130
)

// exits are the exit codes as --help and docs/cli.md explain them.
var exits = []struct {
	code    int
	meaning string
}{
	{exitOK, "done, or stopped as asked"},
	{exitScript, "a script could not be loaded or raised an error, a test failed, check found something, or a line for dev was refused"},
	{exitUsage, "wrong flags or arguments"},
	{exitLibrary, "libsimplex could not be found, downloaded, unpacked or loaded"},
	{exitDatabase, "the chat database or the data folder could not be opened, for another reason than 11, 12 and 13"},
	{exitCore, "the chat core refused the start, was lost, or did not end"},
	{exitConfig, "a setting, the configuration file, or a secret that it names, is wrong or cannot be read, or two bots would share a data folder"},
	{exitControl, "no running bot could be asked"},
	{exitBundle, "a bundle is damaged, is none, has a wrong signature, or would hold secrets"},
	{exitDoctor, "doctor found something that must be mended"},
	{exitKeep, "a backup could not be made, read or restored"},
	{exitKey, "the key does not open the chat database, or the file is none"},
	{exitInUse, "a running bot has the chat database, or two bots would share one"},
	{exitVersion, "the chat database is of another version than libsimplex, and may not be changed"},
	{exitListen, "nobody can listen on the address for metrics"},
	{exitSystem, "a file could not be read or written, as on a full disk, or the system refused something else"},
	{exitSignal, "Ctrl+C ended a command before it was done, or a second one the program at once"},
}

// exitCodeHelp is the part of --help about exit codes.
func exitCodeHelp() string {
	b := &strings.Builder{}
	b.WriteString("\nEXIT CODES:\n")
	for _, e := range exits {
		fmt.Fprintf(b, "   %-4d %s\n", e.code, e.meaning)
	}
	return b.String()
}

// usageError is a mistake in the command line.
type usageError struct{ cause error }

func (e usageError) Error() string { return e.cause.Error() }
func (e usageError) Unwrap() error { return e.cause }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// settingError is a setting that cannot be had here, whoever has set it.
type settingError struct{ problem, hint string }

func (e *settingError) Error() string { return e.problem }
func (e *settingError) Hint() string  { return e.hint }

// botsError is what several bots of a process have ended with.
type botsError struct {
	error
	bots []error
}

// ofBots is a supervisor's error as a botsError, where it is of several bots.
func ofBots(err error) error {
	if all, several := err.(interface{ Unwrap() []error }); several {
		return &botsError{err, all.Unwrap()}
	}
	return err
}

func (e *botsError) Unwrap() []error { return e.bots }

// code is that of the first bot which a new start may help, else of the first: a
// service that gives up for one bot's script would give up the others too.
func (e *botsError) code() int {
	for _, err := range e.bots {
		if !isFinal(err) {
			return exitCode(err)
		}
	}
	return exitCode(e.bots[0])
}

// report shows err, with its hint on a line of its own, and returns the exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	text := err.Error()
	var script *luaapi.ScriptError
	if !errors.As(err, &script) {
		text = "simplex-lua: " + text
	}
	fmt.Fprintln(w, text)
	code := exitCode(err)
	hint := hintOf(err)
	if hint == "" && code == exitSystem {
		hint = systemHint(err)
	}
	if hint != "" && !strings.Contains(text, hint) {
		fmt.Fprintln(w, hint)
	}
	return code
}

// hintOf says what to do about an error that knows it; "" for others.
func hintOf(err error) string {
	if hinted := (interface{ Hint() string })(nil); errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}

// systemHint says what to do about what the system has refused; "" where only
// its own words tell.
func systemHint(err error) string {
	switch {
	case keep.IsFull(err):
		return "The disk is full: make room there, or name a place on another one."
	case errors.Is(err, fs.ErrPermission), keep.IsReadOnly(err):
		return "This user may not: give it the right, run the command as another user, or name another place."
	case errors.Is(err, fs.ErrNotExist):
		return "Look at the name. A folder must be there before something is written into it."
	case errors.Is(err, fs.ErrExist):
		return "Name another place, or move away what is there."
	}
	return ""
}

// exitRules say which code an error has; the first that fits counts.
var exitRules = []struct {
	code int
	fits func(error) bool
}{
	{exitBundle, isBundle},
	{exitUsage, is[usageError]},
	{exitConfig, is[*settingError]},
	{exitConfig, is[*config.Error]},
	{exitCore, is[*childError]},
	{exitInUse, has(keep.ErrRunning)},
	{exitKeep, isKeep},
	{exitDoctor, is[mustMend]},
	{exitListen, is[*ops.ListenError]},
	{exitControl, isControl},
	{exitScript, is[*luaapi.ScriptError]},
	{exitScript, isRefused},
	{exitScript, is[findings]},
	{exitScript, is[failures]},
	{exitLibrary, is[*native.LoadError]},
	{exitLibrary, is[*native.InstallError]},
	{exitLibrary, is[*bundle.UnpackError]},
	{exitInUse, is[*native.LockedError]},
	{exitInUse, isShared},
	{exitKey, has(native.KindNotADatabase)},
	{exitVersion, has(native.KindMigration)},
	{exitDatabase, is[*native.InitError]},
	{exitDatabase, is[*host.DataError]},
	{exitDatabase, is[*host.DatabaseError]},
	{exitCore, is[*chat.CommandError]},
	{exitCore, is[*host.StartError]},
	{exitCore, has(host.ErrCoreGone)},
	{exitCore, has(host.ErrNotClosed)},
	{exitSignal, has(context.Canceled)},
}

// is tells whether err is or wraps an E.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// has returns what tells whether an error is or wraps target.
func has(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

// isShared tells whether two bots would share a database.
func isShared(err error) bool {
	e, ok := errors.AsType[*host.DatabaseError](err)
	return ok && e.Shared
}

// isFinal tells whether no new start helps against an error.
func isFinal(err error) bool { return slices.Contains(service.FinalCodes(), exitCode(err)) }

func exitCode(err error) int {
	if several, ok := errors.AsType[*botsError](err); ok {
		return several.code()
	}
	if child, ok := errors.AsType[*childError](err); ok && child.code > 0 {
		return child.code
	}
	if setting, ok := errors.AsType[*config.Error](err); ok && setting.File == "" && !isBundle(err) {
		return exitUsage // it was given as a flag
	}
	for _, rule := range exitRules {
		if rule.fits(err) {
			return rule.code
		}
	}
	// Mistakes in the command line have a type, so this is the system's word. It
	// may be another one at the next try, and a service tries again.
	return exitSystem
}
