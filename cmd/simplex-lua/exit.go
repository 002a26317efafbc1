package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/native"
)

// Exit codes, also in docs/cli.md and in --help.
const (
	exitOK       = 0   // done, or stopped as asked
	exitScript   = 1   // a script could not be loaded or raised an error
	exitUsage    = 2   // wrong flags or arguments
	exitLibrary  = 3   // libsimplex could not be found, downloaded, unpacked or loaded
	exitDatabase = 4   // the chat database or data folder could not be opened
	exitCore     = 5   // the chat core refused the start, was lost, or did not end
	exitConfig   = 6   // the configuration file is wrong
	exitControl  = 7   // no running bot could be asked, or nobody can listen on the address for metrics
	exitBundle   = 8   // a bundle is damaged, is none, has a wrong signature, or would hold secrets
	exitKeep     = 8   // a backup could not be made, read or restored
	exitDoctor   = 9   // doctor found something that must be mended
	exitSignal   = 130 // a second Ctrl+C ended the program at once
)

const exitCodeHelp = `
EXIT CODES:
   0    done, or stopped as asked
   1    a script could not be loaded or raised an error, a test failed, or check found something
   2    wrong flags or arguments
   3    libsimplex could not be found, downloaded, unpacked or loaded
   4    the chat database or the data folder could not be opened
   5    the chat core refused the start, was lost, or did not end
   6    the configuration file, or a secret that it names, is wrong or cannot be read
   7    no running bot could be asked, or nobody can listen on the address for metrics
   8    a bundle is damaged, is none, has a wrong signature, or would hold secrets; or a backup could not be made, read or restored
   9    doctor found something that must be mended
   130  a second Ctrl+C ended the program at once
`

// usageError is a mistake in the command line.
type usageError struct{ cause error }

func (e usageError) Error() string { return e.cause.Error() }
func (e usageError) Unwrap() error { return e.cause }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

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
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" && !strings.Contains(text, hinted.Hint()) {
		fmt.Fprintln(w, hinted.Hint())
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var (
		usage    usageError
		settings *config.Error
		child    *childError
		mistakes findings
		failed   failures
		mend     mustMend
		script   *luaapi.ScriptError
		load     *native.LoadError
		install  *native.InstallError
		unpack   *bundle.UnpackError
		initial  *native.InitError
		locked   *native.LockedError
		data     *host.DataError
		shared   *host.DatabaseError
		refused  *chat.CommandError
		start    *host.StartError
	)
	switch {
	case isBundle(err):
		return exitBundle
	case errors.As(err, &usage):
		return exitUsage
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
	case isKeep(err):
		return exitKeep
	case errors.As(err, &mend):
		return exitDoctor
	case isControl(err):
		return exitControl
	case errors.As(err, &script), isRefused(err), errors.As(err, &mistakes), errors.As(err, &failed):
		return exitScript
	case errors.As(err, &load), errors.As(err, &install), errors.As(err, &unpack):
		return exitLibrary
	case errors.As(err, &initial), errors.As(err, &locked), errors.As(err, &data), errors.As(err, &shared):
		return exitDatabase
	case errors.As(err, &refused), errors.As(err, &start), errors.Is(err, host.ErrCoreGone), errors.Is(err, host.ErrNotClosed):
		return exitCore
	}
	// What the flag parser says has no type of its own.
	return exitUsage
}
