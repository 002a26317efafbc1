package bottest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// Options say which cases run, and how.
type Options struct {
	// Files are files of tests, as Find returns them.
	Files []string
	// Match selects cases by "FILE/NAME", where FILE is without its folder; nil
	// selects all.
	Match *regexp.Regexp
	// Parallel is how many cases run side by side; below 1 is one.
	Parallel int
	// Timeout is how long a case may really take; 0 is 10 s. A case may set its own.
	Timeout time.Duration
	// Stdlib, Getenv, Grants and Limits are as in host.Options, for bots and tests.
	Stdlib fs.FS
	Getenv func(string) (string, bool)
	Grants permission.Set
	Limits luaapi.Limits
	// Done is called with each result, in the order of the cases; nil for not.
	// Calls do not overlap.
	Done func(Result)
}

// Result is how one case ended.
type Result struct {
	// File is the path of the file of tests, Name the name of the case; "" where
	// the file could not be loaded. Line is where the case is declared.
	File string
	Name string
	Line int
	// Err is nil for a case that passed; Failure explains it.
	Err error
	// Took is real time.
	Took time.Duration
	// Log is what the bot and the case logged and printed.
	Log []string
}

// Coverage tells of one bot which of its handlers ran in any case.
type Coverage struct {
	Script string
	// Ran and Never are handlers, as "on_message at bot.lua:12".
	Ran, Never []string
}

// Summary is the end of a run.
type Summary struct {
	Passed, Failed int
	Coverage       []Coverage // in the order of the bots' first cases
}

const defaultTimeout = 10 * time.Second

// Run runs the cases. Failures are no error of Run; it returns ctx's error when
// that ends before all cases have run.
func Run(ctx context.Context, o Options) (Summary, error) {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	r := &runner{opts: o, covers: map[string]*coverage{}}
	var jobs []*job
	for _, file := range o.Files {
		jobs = append(jobs, r.list(ctx, file)...)
	}
	next := make(chan *job)
	var workers sync.WaitGroup
	for range max(o.Parallel, 1) {
		workers.Go(func() {
			for j := range next {
				r.runJob(ctx, j)
			}
		})
	}
	go func() {
		defer close(next)
		for _, j := range jobs {
			if j.err == nil && ctx.Err() == nil {
				next <- j
			} else {
				close(j.ended)
			}
		}
	}()
	var s Summary
	for _, j := range jobs {
		<-j.ended
		if ctx.Err() != nil {
			continue
		}
		if s.Passed++; j.Err != nil {
			s.Passed, s.Failed = s.Passed-1, s.Failed+1
		}
		if o.Done != nil {
			o.Done(j.Result)
		}
	}
	workers.Wait()
	for _, script := range r.scripts {
		ran, never := r.covers[script].split()
		s.Coverage = append(s.Coverage, Coverage{script, ran, never})
	}
	return s, ctx.Err()
}

// job is a case that is to be run.
type job struct {
	Result
	index int
	c     luaapi.SimCase
	err   error // of the file; there is nothing to run then
	ended chan struct{}
}

type runner struct {
	opts    Options
	scripts []string
	covers  map[string]*coverage // by script
}

// list loads a file of tests and returns those of its cases that are selected.
func (r *runner) list(ctx context.Context, file string) []*job {
	began := time.Now()
	rt, err := r.load(ctx, file, nil, nil)
	if err != nil {
		return []*job{{Result: Result{File: file, Err: err, Took: time.Since(began)}, err: err, ended: make(chan struct{})}}
	}
	defer rt.Close()
	var jobs []*job
	for i, c := range rt.Cases() {
		if r.opts.Match != nil && !r.opts.Match.MatchString(filepath.Base(file)+"/"+c.Name) {
			continue
		}
		if c.Bot == "" {
			c.Bot = strings.TrimSuffix(filepath.Base(file), suffix) + ".lua"
		}
		if !filepath.IsAbs(c.Bot) {
			c.Bot = filepath.Join(filepath.Dir(file), c.Bot)
		}
		if r.covers[c.Bot] == nil {
			r.covers[c.Bot] = newCoverage()
			r.scripts = append(r.scripts, c.Bot)
		}
		jobs = append(jobs, &job{Result: Result{File: file, Name: c.Name, Line: c.Line}, index: i, c: c, ended: make(chan struct{})})
	}
	return jobs
}

// load loads a file of tests into a runtime of its own.
func (r *runner) load(ctx context.Context, file string, clock luaapi.Clock, out *journal) (*luaapi.Runtime, error) {
	o := luaapi.Options{
		ShowTexts: true, Name: filepath.Base(file), Path: file, NoBot: true, Tests: true, Lab: luaapi.Lab{Clock: clock},
		Stdlib: r.opts.Stdlib, Getenv: r.opts.Getenv, Grants: r.opts.Grants, Limits: r.opts.Limits, Print: newJournal(),
	}
	if out != nil {
		o.Print = out
	}
	return luaapi.Load(ctx, o)
}

func (r *runner) runJob(ctx context.Context, j *job) {
	defer close(j.ended)
	began := time.Now()
	log := newJournal()
	j.Err = r.runCase(ctx, j, log)
	j.Took, j.Log = time.Since(began), log.all()
}

// runCase runs one case in a world of its own.
func (r *runner) runCase(ctx context.Context, j *job, log *journal) (err error) {
	dir, err := os.MkdirTemp("", "simplex-lua-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	files, err := filepath.Abs(filepath.Dir(j.File))
	if err != nil {
		return err
	}
	net := newNetwork(files)
	defer net.close()
	rt, err := r.load(ctx, j.File, net.clock, log)
	if err != nil {
		return err
	}
	defer rt.Close()
	timeout := r.opts.Timeout
	if j.c.Timeout > 0 {
		timeout = j.c.Timeout
	}
	net.bot = &bot{net: net, log: log, cover: r.covers[j.c.Bot], opts: host.Options{
		ShowTexts: true, Script: j.c.Bot, Data: dir, Grace: time.Second, Getenv: r.opts.Getenv, Stdlib: r.opts.Stdlib, Grants: r.opts.Grants, Limits: r.opts.Limits,
	}}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	defer func() {
		if stopErr := net.bot.stop(); err == nil && stopErr != nil {
			err = fmt.Errorf("the bot did not stop well: %w", stopErr)
		}
	}()
	if err := net.bot.start(limited); err != nil {
		if limited.Err() != nil {
			return fmt.Errorf("the bot did not start within %v", timeout)
		}
		return fmt.Errorf("the bot does not start: %w", err)
	}
	if err := rt.RunCase(ctx, j.index, net, timeout); err != nil {
		return err
	}
	if err := net.rest(limited); err != nil {
		return fmt.Errorf("the case has ended, but the bot does not come to rest within %v", timeout)
	}
	return net.bot.unexpected()
}

// unexpected is an error of the bot's handlers that no test has asked for.
func (b *bot) unexpected() error {
	var errs []error
	for {
		text, ok := b.TakeError()
		if !ok {
			return errors.Join(errs...)
		}
		errs = append(errs, fmt.Errorf("the bot reported: %s", text))
	}
}

// Failure explains why a case failed: the place with the message, the line of
// code, and then what was expected and what came. It ends with no line break.
func Failure(err error) string {
	var script *luaapi.ScriptError
	if !errors.As(err, &script) {
		return err.Error()
	}
	where, details, more := strings.Cut(script.Where(), "\n")
	if prefix, _, wrapped := strings.Cut(err.Error(), script.Error()); wrapped {
		where = prefix + where
	}
	if script.Source != "" {
		where += fmt.Sprintf("\n  %d | %s", script.Line, script.Source)
	}
	if more {
		where += "\n" + details
	}
	return where
}
