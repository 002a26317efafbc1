package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

func bundleCommand(s *streams) *cli.Command {
	c := &cli.Command{
		Name:      "bundle",
		Usage:     "make one executable of simplex-lua and the scripts of bots",
		ArgsUsage: "SCRIPT|FOLDER",
		Description: "Writes a program that runs the bots without arguments: a script with the modules that\n" +
			"it requires, or everything in a folder. What looks like a secret is refused.\n" +
			"More in docs/bundle.md.\n\n" +
			"   simplex-lua bundle bot.lua -o bot && ./bot dev\n" +
			"   simplex-lua bundle --allow net=api.example.org --with-libs download bots/ -o bots\n" +
			"   simplex-lua bundle --runtime simplex-lua-arm64 --target linux/arm64 bot.lua -o bot\n" +
			"   simplex-lua bundle ls bot",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the program to `FILE`"},
			&cli.StringFlag{Name: "target", Usage: "the `SYSTEM` that it is for, as linux/arm64 (default: that of the runtime)"},
			&cli.StringFlag{Name: "runtime", Usage: "`PATH` of the simplex-lua to use, for other systems (default: this one)"},
			&cli.StringFlag{Name: "with-libs", Usage: "put libsimplex in, from `FOLDER`, or \"download\""},
			sha256Flag(),
			&cli.StringSliceFlag{Name: "allow", Usage: "`KIND=VALUE` to ask the operator for, as in run"},
			&cli.StringFlag{Name: "config", Usage: "put `FILE` in as its simplex-lua.toml"},
			&cli.StringSliceFlag{Name: "exclude", Usage: "leave out files of that `NAME`, path or pattern"},
			&cli.StringSliceFlag{Name: "force-include", Usage: "take files of that `NAME` though they look like secrets"},
		},
		Subcommands: []*cli.Command{bundleLsCommand(s), bundleSignCommand(s), bundleVerifyCommand(s), bundleKeygenCommand(s)},
		Action: func(c *cli.Context) error {
			j, err := newBundleJob(c)
			if err != nil {
				return err
			}
			return j.run(c, s)
		},
	}
	for _, sub := range c.Subcommands {
		sub.HideHelpCommand = true
		sub.OnUsageError = wrongUsage
	}
	return c
}

// bundleJob is what the command line of bundle asks for.
type bundleJob struct {
	dir    string // the author's folder
	script string // the only script, a path in dir; "" for the whole folder
	output string
	asks   []botAsks // known when the bundle is made
	spec   bundle.Spec
	files  map[string][]byte
}

func newBundleJob(c *cli.Context) (*bundleJob, error) {
	if c.Args().Len() != 1 {
		return nil, usagef("bundle: give one script or folder. As in: simplex-lua bundle bot.lua -o bot")
	}
	if c.String("output") == "" {
		return nil, usagef("bundle: where to? Give -o FILE")
	}
	arg := c.Args().First()
	info, err := os.Stat(arg)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("bundle: %s: no such file or folder", arg)
	}
	if err != nil {
		return nil, usagef("bundle: %w", err)
	}
	if _, err := permission.Parse(c.StringSlice("allow")); err != nil {
		return nil, usageError{err}
	}
	abs, err := filepath.Abs(arg)
	if err != nil {
		return nil, err
	}
	j := &bundleJob{dir: abs, output: c.String("output")}
	j.spec = bundle.Spec{Name: filepath.Base(abs), Version: version, Allow: c.StringSlice("allow")}
	if !info.IsDir() {
		if filepath.Ext(abs) != ".lua" {
			return nil, usagef("bundle: %s is neither a folder nor a .lua file", arg)
		}
		j.dir, j.script = filepath.Split(abs)
		j.dir = filepath.Clean(j.dir)
		j.spec.Name = strings.TrimSuffix(j.script, ".lua")
		if j.script == "main.lua" {
			j.spec.Name = filepath.Base(j.dir)
		}
	}
	return j, nil
}

func (j *bundleJob) run(c *cli.Context, s *streams) error {
	runtime, err := j.openRuntime(c)
	if err != nil {
		return err
	}
	defer runtime.Close()
	if err := j.mayWrite(); err != nil {
		return err
	}
	if err := j.collect(c, s); err != nil {
		return err
	}
	if j.spec.Sources, err = j.libs(c, s); err != nil {
		return err
	}
	j.spec.Sources = append(j.spec.Sources, bundle.Sources(j.files)...)
	made := func(b *bundle.Bundle) (err error) {
		if j.asks, err = asksOf(b); err != nil {
			return err
		}
		return checkBundle(s, b)
	}
	if j.spec.Target.Beside() {
		err = j.writeBeside(made)
	} else {
		err = bundle.WriteFile(j.output, 0o755, j.spec, made)
	}
	if err != nil {
		return err
	}
	j.tell(s)
	return nil
}

// openRuntime opens the program that carries the scripts, without those that it
// may carry already.
func (j *bundleJob) openRuntime(c *cli.Context) (io.Closer, error) {
	name := c.String("runtime")
	if name == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this program; --runtime can name it: %w", err)
		}
		name = self
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, usagef("bundle: --runtime: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		j.spec.Target, err = bundle.TargetOf(f)
	}
	var size int64
	if err == nil {
		size, err = bundle.RuntimeSize(f, info.Size(), j.spec.Target)
	}
	if err == nil && c.IsSet("target") {
		err = j.checkTarget(c.String("target"))
	}
	if err != nil {
		f.Close()
		return nil, usagef("bundle: the program %s: %w", name, err)
	}
	j.spec.Runtime = io.NewSectionReader(f, 0, size)
	return f, nil
}

func (j *bundleJob) checkTarget(want string) error {
	target, err := bundle.ParseTarget(want)
	if err == nil && target != j.spec.Target {
		err = fmt.Errorf("it is for %s; give the simplex-lua for %s with --runtime PATH", j.spec.Target, target)
	}
	return err
}

// mayWrite refuses to replace what is not a bundle.
func (j *bundleJob) mayWrite() error {
	place := j.output
	if j.spec.Target.Beside() {
		place = filepath.Join(place, j.spec.Name)
	}
	if _, err := os.Lstat(j.output); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b, err := bundle.OpenProgram(place)
	if err == nil {
		return b.Close()
	}
	if errors.As(err, new(*bundle.DamagedError)) {
		return nil
	}
	return usagef("bundle: %s is there already and is no bundle; choose another name, or remove it", j.output)
}

// collect reads the files of the author.
func (j *bundleJob) collect(c *cli.Context, s *streams) error {
	sel := bundle.Selection{
		Exclude: c.StringSlice("exclude"), Force: c.StringSlice("force-include"),
		Without: []string{j.output, j.output + bundle.SignatureSuffix},
	}
	if j.script != "" {
		var err error
		if sel.Only, err = j.required(s); err != nil {
			return err
		}
	}
	if file := c.String("config"); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return usagef("bundle: --config: %w", err)
		}
		sel.Replace = map[string][]byte{config.FileName: text}
	}
	var err error
	if j.files, err = bundle.Collect(j.dir, sel); err != nil {
		return inBundle(err)
	}
	return nil
}

// inBundle says what an error without a kind of its own was about: what the
// author has written, or what the system refused.
func inBundle(err error) error {
	switch {
	case errors.As(err, new(*bundle.SecretsError)):
		return err
	case errors.As(err, new(syscall.Errno)):
		return fmt.Errorf("bundle: %w", err)
	}
	return usagef("bundle: %w", err)
}
