package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/bottest"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func testCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "test",
		Usage:     "test bots on a simulated network",
		ArgsUsage: "[PATH…]",
		Description: "Runs the cases in files named NAME_test.lua, those named or below the folders named\n" +
			"(default: the working folder). A case gets a network of its own with the bot of\n" +
			"NAME.lua on it; time passes only where the case lets it. Exit code 1 tells that a case\n" +
			"failed. How to write cases: docs/testing-bots.md.\n\n" +
			"   simplex-lua test\n" +
			"   simplex-lua test -v --run 'form_test.lua/.*order' bots/\n" +
			"   simplex-lua test --junit report.xml --json > results.jsonl",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "run", Usage: "run the cases that match `PATTERN` (RE2), which is looked for in FILE/CASE"},
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "show what bots log, and the handlers that never ran"},
			&cli.BoolFlag{Name: "json", Usage: "write one JSON object per case, and one at the end"},
			&cli.StringFlag{Name: "junit", Usage: "also write the results to `FILE`, as JUnit XML"},
			&cli.BoolFlag{Name: "watch", Aliases: []string{"w"}, Usage: "run again whenever a Lua file changes"},
			&cli.IntFlag{Name: "parallel", Aliases: []string{"p"}, Usage: "run `N` cases side by side", Value: 2 * runtime.GOMAXPROCS(0)},
			&cli.DurationFlag{Name: "timeout", Usage: "`TIME` that a case may really take", Value: 10 * time.Second},
			allowFlag(),
			allowAllFlag(),
			limitFlag(),
		},
		Action: func(c *cli.Context) error { return test(c.Context, s, c) },
	}
}

// failures is the error of a run in which not all cases passed.
type failures string

func (f failures) Error() string { return string(f) }

func failed(n int) failures {
	if n == 1 {
		return "test: 1 case failed"
	}
	return failures(fmt.Sprintf("test: %d cases failed", n))
}

func test(ctx context.Context, s *streams, c *cli.Context) error {
	paths := c.Args().Slice()
	if s.bundle != nil {
		if len(paths) > 0 {
			return usagef("test: this program carries its own tests and takes no others")
		}
		return s.testBundle(ctx, c)
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	grants, limits, err := wallsOf(c)
	if err != nil {
		return err
	}
	return testPaths(ctx, s, c, "", paths, bottest.Options{Stdlib: stdlib.FS, Getenv: lookupEnv, Grants: grants, Limits: limits})
}

// testBundle runs the tests that the program carries. They, and the bots that
// they test, are in a folder of their own while they run.
func (s *streams) testBundle(ctx context.Context, c *cli.Context) error {
	in, err := s.input(c, nil)
	if err != nil {
		return err
	}
	cfg, err := resolve(c, in)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "simplex-lua-bundle-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := s.bundle.ExtractFiles(dir); err != nil {
		return err
	}
	o := bottest.Options{Stdlib: stdlib.FS, Getenv: lookupEnv}
	if o.Grants, o.Limits, err = wallsOfBot(cfg.Bots[0]); err != nil {
		return err
	}
	o.Grants.Read = append(o.Grants.Read, dir)
	if err := s.giveFiles(ctx, filepath.Join(dir, "x"), nil, &o.Getenv, &o.Grants); err != nil {
		return err
	}
	return testPaths(ctx, s, c, dir, []string{dir}, o)
}

// testPaths runs the tests in files and folders, which are shown as they are
// called from base; "" is the working folder. o says what bots may.
func testPaths(ctx context.Context, s *streams, c *cli.Context, base string, paths []string, o bottest.Options) (err error) {
	o.Parallel, o.Timeout = c.Int("parallel"), c.Duration("timeout")
	switch {
	case o.Parallel < 1:
		return usagef("test: -p %d: want at least 1", o.Parallel)
	case o.Timeout <= 0:
		return usagef("test: --timeout %v: want more than nothing", o.Timeout)
	case c.Bool("watch") && (c.Bool("json") || c.IsSet("junit")):
		return usagef("test: --watch is for people; it goes with neither --json nor --junit")
	}
	if c.IsSet("run") {
		if o.Match, err = regexp.Compile(c.String("run")); err != nil {
			return usagef("test: --run: %v", err)
		}
	}
	t := &testRun{
		opts: o, base: base, paths: paths, junit: c.String("junit"), asJSON: c.Bool("json"), watch: c.Bool("watch"),
		show: newTestScreen(s.out, c.Bool("verbose")),
	}
	if t.watch {
		return t.again(ctx)
	}
	return t.once(ctx)
}

// testRun is what the command line asks for.
type testRun struct {
	opts   bottest.Options
	base   string // a folder that is not shown, "" for none
	paths  []string
	junit  string
	asJSON bool
	watch  bool
	show   *testScreen
}

// once runs the cases. The error is failures where some failed.
func (t *testRun) once(ctx context.Context) error {
	o, began := t.opts, time.Now()
	files, err := bottest.Find(t.paths)
	if missing := new(fs.PathError); errors.As(err, &missing) && errors.Is(err, fs.ErrNotExist) {
		return usagef("test: %s: no such file or folder", missing.Path)
	}
	if err != nil {
		return usagef("test: %w", err)
	}
	o.Files = files
	var results []bottest.Result
	o.Done = func(r bottest.Result) {
		r.File = t.shown(r.File)
		results = append(results, r)
		if t.asJSON {
			t.show.caseJSON(r)
		} else {
			t.show.oneCase(r)
		}
	}
	sum, err := bottest.Run(ctx, o)
	if err != nil {
		return failures("test: stopped before all cases had run")
	}
	for i := range sum.Coverage {
		sum.Coverage[i].Script = t.shown(sum.Coverage[i].Script)
	}
	if t.asJSON {
		t.show.endJSON(sum, time.Since(began))
	} else if len(results) > 0 {
		t.show.end(sum, time.Since(began))
	}
	if t.junit != "" {
		if err := writeJUnit(t.junit, results, time.Since(began)); err != nil {
			return usagef("test: --junit: %w", err)
		}
	}
	switch {
	case sum.Failed > 0:
		return failed(sum.Failed)
	case len(results) == 0 && !t.watch:
		return usagef("test: %s", t.nothing(files))
	}
	return nil
}

// shown is a path as people know it.
func (t *testRun) shown(path string) string {
	if t.base == "" {
		return path
	}
	if rel, err := filepath.Rel(t.base, path); err == nil {
		return rel
	}
	return path
}

// nothing says why no case ran.
func (t *testRun) nothing(files []string) string {
	switch {
	case len(files) == 0 && t.base != "":
		return "this program carries no file NAME_test.lua; its author's folder had none"
	case len(files) == 0:
		return fmt.Sprintf("no file NAME_test.lua in %s; docs/testing-bots.md shows one", strings.Join(t.paths, ", "))
	case t.opts.Match != nil:
		return fmt.Sprintf("no case matches --run %s", t.opts.Match)
	}
	for i, file := range files {
		files[i] = t.shown(file)
	}
	return fmt.Sprintf("no cases in %s; a case is made with sim.case(name, function(net) … end)", strings.Join(files, ", "))
}

// lookEveryFile is how often a watcher looks for changes.
const lookEveryFile = 300 * time.Millisecond

// again runs the cases, and again after each change, until ctx ends.
func (t *testRun) again(ctx context.Context) error {
	seen := ""
	tick := time.NewTicker(lookEveryFile)
	defer tick.Stop()
	for {
		now, err := bottest.Fingerprint(t.paths)
		switch {
		case err != nil && seen == "":
			return usagef("test: %w", err)
		case err == nil && now != seen:
			seen = now
			t.show.clear()
			var some failures
			if err := t.once(ctx); err != nil && !errors.As(err, &some) && ctx.Err() == nil {
				fmt.Fprintln(t.show.out, err)
			}
			t.show.note("waiting for changes; Ctrl+C ends")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// noColor tells whether colours are unwanted where there is a terminal.
func noColor() bool { return os.Getenv("NO_COLOR") != "" }
