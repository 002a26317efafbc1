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

// Exit codes, also in docs/cli.md and in --help. Those after which a new start
// would end in the same way are service.FinalCodes.
const (
	exitOK       = 0   // done, or stopped as asked
	exitScript   = 1   // a script could not be loaded or raised an error
	exitUsage    = 2   // wrong flags or arguments
	exitLibrary  = 3   // libsimplex could not be found, downloaded, unpacked or loaded
	exitDatabase = 4   // the chat database or data folder could not be opened, for another reason than those below
	exitCore     = 5   // the chat core refused the start, was lost, or did not end
	exitConfig   = 6   // a setting or the configuration file is wrong
	exitControl  = 7   // no running bot could be asked
	exitBundle   = 8   // a bundle is damaged, is none, has a wrong signature, or would hold secrets
	exitDoctor   = 9   // doctor found something that must be mended
	exitKeep     = 10  // a backup could not be made, read or restored
	exitKey      = 11  // the key does not open the chat database
	exitInUse    = 12  // another bot has the chat database
	exitVersion  = 13  // the chat database is of another version, and may not be changed
	exitListen   = 14  // nobody can listen on the address for metrics
	exitSystem   = 15  // a file could not be read or written, or the system refused something else
	exitSignal   = 130 // Ctrl+C ended a command before it was done, or a second one the program at once
)

const exitCodeHelp = `
EXIT CODES:
   0    done, or stopped as asked
   1    a script could not be loaded or raised an error, a test failed, check found something, or a line for dev was refused
   2    wrong flags or arguments
   3    libsimplex could not be found, downloaded, unpacked or loaded
   4    the chat database or the data folder could not be opened, for another reason than 11, 12 and 13
   5    the chat core refused the start, was lost, or did not end
   6    a setting, the configuration file, or a secret that it names, is wrong or cannot be read, or two bots would share a data folder
   7    no running bot could be asked
   8    a bundle is damaged, is none, has a wrong signature, or would hold secrets
   9    doctor found something that must be mended
   10   a backup could not be made, read or restored
   11   the key does not open the chat database, or the file is none
   12   a running bot has the chat database, or two bots would share one
   13   the chat database is of another version than libsimplex, and may not be changed
   14   nobody can listen on the address for metrics
   15   a file could not be read or written, as on a full disk, or the system refused something else
   130  Ctrl+C ended a command before it was done, or a second one the program at once
`

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
		if code := exitCode(err); !slices.Contains(service.FinalCodes(), code) {
			return code
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
	hint := ""
	if hinted := (interface{ Hint() string })(nil); errors.As(err, &hinted) {
		hint = hinted.Hint()
	} else if code == exitSystem {
		hint = systemHint(err)
	}
	if hint != "" && !strings.Contains(text, hint) {
		fmt.Fprintln(w, hint)
	}
	return code
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

func exitCode(err error) int {
	var (
		several  *botsError
		usage    usageError
		setting  *settingError
		settings *config.Error
		child    *childError
		mistakes findings
		failed   failures
		mend     mustMend
		listen   *ops.ListenError
		script   *luaapi.ScriptError
		load     *native.LoadError
		install  *native.InstallError
		unpack   *bundle.UnpackError
		locked   *native.LockedError
		shared   *host.DatabaseError
		initial  *native.InitError
		data     *host.DataError
		refused  *chat.CommandError
		start    *host.StartError
	)
	switch {
	case errors.As(err, &several):
		return several.code()
	case isBundle(err):
		return exitBundle
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &setting):
		return exitConfig
	case errors.As(err, &settings):
		if settings.File == "" {
			return exitUsage
		}
		return exitConfig
	case errors.As(err, &child):
		if child.code > 0 {
			return child.code
		}
		return exitCore
	case errors.Is(err, keep.ErrRunning):
		return exitInUse
	case isKeep(err):
		return exitKeep
	case errors.As(err, &mend):
		return exitDoctor
	case errors.As(err, &listen):
		return exitListen
	case isControl(err):
		return exitControl
	case errors.As(err, &script), isRefused(err), errors.As(err, &mistakes), errors.As(err, &failed):
		return exitScript
	case errors.As(err, &load), errors.As(err, &install), errors.As(err, &unpack):
		return exitLibrary
	case errors.As(err, &locked), errors.As(err, &shared) && shared.Shared:
		return exitInUse
	case errors.Is(err, native.KindNotADatabase):
		return exitKey
	case errors.Is(err, native.KindMigration):
		return exitVersion
	case errors.As(err, &initial), errors.As(err, &data), shared != nil:
		return exitDatabase
	case errors.As(err, &refused), errors.As(err, &start), errors.Is(err, host.ErrCoreGone), errors.Is(err, host.ErrNotClosed):
		return exitCore
	case errors.Is(err, context.Canceled):
		return exitSignal
	}
	// Mistakes in the command line have a type, so this is the system's word. It
	// may be another one at the next try, and a service tries again.
	return exitSystem
}
