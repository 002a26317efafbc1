package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/native"
)

// libs are the libraries that go in, which are those of the target.
func (j *bundleJob) libs(c *cli.Context, s *streams) ([]bundle.Source, error) {
	from := c.String("with-libs")
	if from == "" {
		return nil, nil
	}
	env := native.Env{GOOS: j.spec.Target.OS, GOARCH: j.spec.Target.Arch, LibsDir: from}
	if from == "download" {
		env = native.DefaultEnv()
		env.LibsDir, env.Executable = "", ""
		if here := (bundle.Target{OS: env.GOOS, Arch: env.GOARCH}); here != j.spec.Target {
			// The cache of this system is for its own libraries.
			env.CacheDir = filepath.Join(env.CacheDir, "simplex-lua", "targets", j.spec.Target.OS+"-"+j.spec.Target.Arch)
			env.GOOS, env.GOARCH = j.spec.Target.OS, j.spec.Target.Arch
		}
	}
	loc, err := native.Locate(c.Context, env, native.Options{
		SHA256: c.String("libs-sha256"), Progress: native.NewProgress(s.err, isTerminal(s.err)),
	})
	if err != nil {
		return nil, err
	}
	return bundle.LibSources(loc.Dir)
}

// writeBeside writes a folder with the program as it is, and the scripts beside
// it. made is asked before anything is in its place.
func (j *bundleJob) writeBeside(made func(*bundle.Bundle) error) (err error) {
	tmp, err := os.MkdirTemp(filepath.Dir(j.output), "."+filepath.Base(j.output)+".tmp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	program, err := os.OpenFile(filepath.Join(tmp, j.spec.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(program, j.spec.Runtime)
	if err := errors.Join(err, program.Sync(), program.Close()); err != nil {
		return err
	}
	scripts := j.spec
	scripts.Runtime = nil
	if err := bundle.WriteFile(filepath.Join(tmp, j.spec.Name+bundle.Suffix), 0o644, scripts, made); err != nil {
		return err
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(j.output); err != nil { // mayWrite has seen that it is a bundle
		return err
	}
	return os.Rename(tmp, j.output)
}

// tell says what was written.
func (j *bundleJob) tell(s *streams) {
	fmt.Fprintf(s.out, "%s: %s for %s\n", j.output, counted(len(j.files), "file"), j.spec.Target)
	for _, a := range j.asks {
		fmt.Fprintf(s.out, "%s %s\n", a.Bot, asksFor(a.Asks))
	}
	if j.spec.Target.Beside() {
		fmt.Fprintf(s.out, "macOS runs no program that was changed after it was signed, so %s is a folder:\nthe program, and the scripts beside it in %s. Keep them together.\n",
			j.output, j.spec.Name+bundle.Suffix)
	}
}

func bundleLsCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "ls",
		Usage:     "show what is in a bundle, and what its author asks for",
		ArgsUsage: "[FILE]",
		Description: "Checks all of it, too. With --json it writes the manifest.\n\n" +
			"   simplex-lua bundle ls bot\n" +
			"   ./bot bundle ls",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "write JSON"}},
		Action: func(c *cli.Context) error {
			b, err := s.openArg(c, "bundle ls")
			if err != nil {
				return err
			}
			defer b.Close()
			if err := b.Verify(); err != nil {
				return err
			}
			asks, err := asksOf(b)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				e := json.NewEncoder(s.out)
				e.SetIndent("", "  ")
				return e.Encode(struct {
					*bundle.Manifest
					Bots []botAsks `json:"bots"`
				}{b.Manifest, asks})
			}
			return listBundle(s.out, b.Manifest, asks)
		},
	}
}

// openArg opens the bundle that the only argument names, or the program's own.
func (s *streams) openArg(c *cli.Context, what string) (*bundle.Bundle, error) {
	switch {
	case c.Args().Len() > 1:
		return nil, usagef("%s: one file at a time, not %d", what, c.Args().Len())
	case c.Args().Present():
		return openBundle(c.Args().First())
	case s.bundle != nil:
		return openBundle(s.bundle.Path)
	}
	return nil, usagef("%s: which file? As in: simplex-lua %s bot", what, what)
}

func openBundle(path string) (*bundle.Bundle, error) {
	b, err := bundle.OpenProgram(path)
	if err == nil || errors.As(err, new(*bundle.DamagedError)) {
		return b, err
	}
	if errors.Is(err, bundle.ErrNoBundle) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nil, usageError{err}
}

// listBundle writes what is in a bundle, for people.
func listBundle(w io.Writer, m *bundle.Manifest, asks []botAsks) error {
	libs := "not in it: found on the machine, or downloaded"
	if m.HasLibs() {
		libs = "in it"
	}
	program := fmt.Sprintf("%d bytes, SHA-256 %s", m.Runtime.Size, m.Runtime.SHA256)
	if m.Runtime.Size == 0 {
		program = "stands beside it"
	}
	for _, line := range [][2]string{
		{"name", m.Name}, {"simplex-lua", m.Version}, {"target", m.Target}, {"program", program}, {"libsimplex", libs},
	} {
		fmt.Fprintf(w, "%-12s %s\n", line[0], line[1])
	}
	for _, a := range asks {
		fmt.Fprintf(w, "%-12s %s %s\n", "bot", a.Bot, asksFor(a.Asks))
	}
	fmt.Fprintf(w, "\n%12s  %-64s  %s\n", "bytes", "SHA-256", "file")
	var err error
	for _, e := range m.Entries {
		_, err = fmt.Fprintf(w, "%12d  %s  %s\n", e.Size, e.SHA256, e.Name)
	}
	return err
}
