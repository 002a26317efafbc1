package main

import (
	"context"
	"io"
	"os"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/tuning"
)

func main() {
	tuning.FollowHeap()
	tuning.DropProgram()
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := withSignals(context.Background())
	defer stop()
	own, err := openOwnBundle()
	if err != nil {
		return report(stderr, err)
	}
	s := &streams{in: stdin, out: stdout, err: stderr, called: args[0], bundle: own}
	defer s.close()
	if len(args) == 2 && args[1] == "--version" {
		args = []string{args[0], "version"}
	}
	app := newApp(s)
	if topic := helpTopic(args); topic != "" && app.Command(topic) == nil {
		return report(stderr, unknownCommand(app, topic))
	}
	return report(stderr, app.RunContext(ctx, flagsFirst(app, s.command(args))))
}

// streams are the standard streams that commands use, and what the program
// carries.
type streams struct {
	in       io.Reader
	out, err io.Writer
	// called is how the program was called.
	called string
	// bundle is the one that this program is; nil for none.
	bundle *bundle.Bundle
}

// isTerminal tells whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func newApp(s *streams) *cli.App {
	var app *cli.App
	app = &cli.App{
		Name:      "simplex-lua",
		Usage:     "run SimpleX Chat bots written in Lua",
		UsageText: "simplex-lua COMMAND [options] [arguments]",
		Description: "A bot is one .lua file. Begin with one on a simulated network, inside this program:\n\n" +
			"   simplex-lua new mybot && cd mybot\n" +
			"   simplex-lua dev\n\n" +
			"and run it on the real network when it works:\n\n" +
			"   simplex-lua run",
		Commands: []*cli.Command{
			// To write a bot.
			newCommand(s), runCommand(s), devCommand(s), testCommand(s), simCommand(s), evalCommand(s),
			apiCommand(s), typesCommand(s), checkCommand(s),
			// To operate one.
			statusCommand(s), reloadCommand(s), stopCommand(s), consoleCommand(s), serviceCommand(s),
			backupCommand(s), restoreCommand(s), rekeyCommand(s), doctorCommand(s), configCommand(s),
			// The program itself.
			bundleCommand(s), installCommand(s), completionCommand(s), manCommand(s), versionCommand(s),
		},
		Reader: s.in, Writer: s.out, ErrWriter: s.err,
		HideVersion:           true,
		Suggest:               true,
		CustomAppHelpTemplate: cli.AppHelpTemplate + exitCodeHelp(),
		// The exit code is decided in report, never inside the library.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   wrongUsage,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknownCommand(app, c.Args().First())
			}
			if s.bundle != nil {
				return cli.ShowAppHelp(c)
			}
			whatNext(s.out)
			return nil
		},
	}
	s.describe(app)
	for _, c := range app.Commands {
		c.OnUsageError, c.HideHelpCommand = wrongUsage, true
	}
	return app
}
