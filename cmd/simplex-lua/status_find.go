package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// systemState is where the service of docs/operating.md keeps its data.
const systemState = "/var/lib/simplex-lua"

// remoteBot is a bot of another process.
type remoteBot struct {
	*control.Client
	status *control.Status
}

// do asks the bot, within the patience for simple questions.
func (b *remoteBot) do(ctx context.Context, req control.Request) (control.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, remotePatience)
	defer cancel()
	return b.Do(ctx, req, nil)
}

type remoteBots []*remoteBot

func (bots remoteBots) close() {
	for _, b := range bots {
		_ = b.Close() // nothing is under way
	}
}

// notFoundError tells that a command found no bot to talk to.
type notFoundError struct{ problem, hint string }

func (e *notFoundError) Error() string { return e.problem }
func (e *notFoundError) Hint() string  { return e.hint }
func (e *notFoundError) Unwrap() error { return control.ErrNotRunning }

// findBots connects to the bots that args name, or to all that are found.
func findBots(ctx context.Context, s *streams, c *cli.Context, args []string) (remoteBots, error) {
	folders, err := dataFolders(s, c, args)
	if err != nil {
		return nil, err
	}
	var bots remoteBots
	var refused []error
	for _, dir := range folders {
		b, err := connect(ctx, dir)
		switch {
		case err == nil:
			bots = append(bots, b)
		case !isNotRunning(err):
			refused = append(refused, err)
		}
	}
	chosen, missing := bots.named(args)
	switch {
	case missing != "":
		bots.close()
		return nil, errors.Join(append(refused, &notFoundError{
			fmt.Sprintf("no bot %s runs here%s", missing, bots.others()), "simplex-lua status --help tells where bots are looked for."})...)
	case len(chosen) == 0:
		return nil, errors.Join(append(refused, &notFoundError{"no bot runs here", "simplex-lua status --help tells where bots are looked for; --data names a folder."})...)
	case len(refused) > 0 && len(args) == 0:
		bots.close()
		return nil, errors.Join(refused...)
	}
	return chosen, nil
}

// named picks the bots of these names, scripts or folders, all without any, and
// closes the rest. missing is the first that is not there.
func (bots remoteBots) named(args []string) (chosen remoteBots, missing string) {
	if len(args) == 0 {
		return bots, ""
	}
	for _, arg := range args {
		i := slices.IndexFunc(bots, func(b *remoteBot) bool { return b.is(arg) })
		if i < 0 {
			return nil, arg
		}
		if !slices.Contains(chosen, bots[i]) {
			chosen = append(chosen, bots[i])
		}
	}
	for _, b := range bots {
		if !slices.Contains(chosen, b) {
			_ = b.Close() // nobody asked for it
		}
	}
	return chosen, ""
}

func (b *remoteBot) is(arg string) bool {
	if b.status.Bot == arg {
		return true
	}
	path, err := filepath.Abs(arg)
	return err == nil && (samePath(path, b.status.Data) || samePath(path, b.status.Script) || samePath(dataBeside(path), b.status.Data))
}

func samePath(a, b string) bool {
	if a == b {
		return true
	}
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func (bots remoteBots) others() string {
	var names []string
	for _, b := range bots {
		names = append(names, b.status.Bot)
	}
	if len(names) == 0 {
		return ""
	}
	return ", only " + strings.Join(names, ", ")
}

func connect(ctx context.Context, dir string) (*remoteBot, error) {
	client, err := control.Dial(dir)
	if err != nil {
		return nil, err
	}
	b := &remoteBot{Client: client}
	reply, err := b.do(ctx, control.Request{Op: control.OpStatus})
	if err == nil && reply.Status == nil {
		err = errors.New("its answer has no status")
	}
	if err != nil {
		_ = client.Close() // told below
		return nil, fmt.Errorf("the bot of %s: %w", dir, err)
	}
	b.status = reply.Status
	return b, nil
}

// dataFolders returns the folders in which bots may be, each once.
func dataFolders(s *streams, c *cli.Context, args []string) ([]string, error) {
	var found []string
	add := func(dirs ...string) {
		for _, dir := range dirs {
			if abs, err := filepath.Abs(dir); err == nil && !slices.Contains(found, abs) {
				found = append(found, abs)
			}
		}
	}
	if data := c.String("data"); data != "" {
		if _, err := os.Stat(data); err != nil {
			return nil, &host.DataError{Path: data, Problem: "it cannot be looked into", Cause: err, Hint: "Name the folder that the bot was started with."}
		}
		add(withSockets(data)...)
		return found, nil
	}
	in, err := s.input(c, nil)
	if err != nil {
		return nil, err
	}
	in.File, in.Getenv = c.String("config"), lookupEnv
	cfg, err := config.Resolve(in)
	switch {
	case err == nil:
		dirs, err := foldersOf(cfg)
		if err != nil {
			return nil, err
		}
		add(dirs...)
	case !errors.Is(err, config.ErrNoBots):
		return nil, err
	}
	for _, arg := range args {
		if st, err := os.Stat(arg); err != nil || st.IsDir() {
			add(arg)
		}
		add(dataBeside(arg))
	}
	if state, _ := lookupEnv("STATE_DIRECTORY"); state != "" {
		first, _, _ := strings.Cut(state, ":")
		add(withSockets(first)...)
	}
	beside, _ := filepath.Glob("*.data")
	add(beside...)
	add(withSockets(systemState)...)
	return found, nil
}

// dataBeside is where a script's data is by default.
func dataBeside(script string) string {
	return strings.TrimSuffix(script, filepath.Ext(script)) + ".data"
}

// withSockets are dir and the folders in it that have a control socket.
func withSockets(dir string) []string {
	dirs := []string{}
	below, _ := filepath.Glob(filepath.Join(escaped(dir), "*", control.SocketName))
	for _, socket := range append([]string{filepath.Join(dir, control.SocketName)}, below...) {
		if _, err := os.Lstat(socket); !errors.Is(err, fs.ErrNotExist) {
			dirs = append(dirs, filepath.Dir(socket))
		}
	}
	return dirs
}

// escaped makes a path a pattern that only matches itself.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
