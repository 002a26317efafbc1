package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// remoteBot is a bot of another process.
type remoteBot struct {
	*control.Client
	status *control.Status
	// others are bots of its process that it answers for.
	others []control.Status
	// name is that of a bot that another one answers for.
	name string
}

// Do asks the bot, as Client.Do does.
func (b *remoteBot) Do(ctx context.Context, req control.Request, print func(line string)) (control.Reply, error) {
	req.Bot = b.name
	return b.Client.Do(ctx, req, print)
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
	found, wrong, err := places(s, c, args, mayRun)
	if err != nil {
		return nil, err
	}
	var bots remoteBots
	var refused []error
	for _, p := range found {
		b, err := connect(ctx, p.data)
		switch {
		case err == nil:
			bots = append(bots, b)
		case !isNotRunning(err):
			refused = append(refused, err)
		}
	}
	bots = bots.withOthers(c.String("data"))
	chosen, missing := bots.named(args)
	switch {
	case missing != "":
		bots.close()
		return nil, errors.Join(append(refused, wrong, &notFoundError{
			fmt.Sprintf("no bot %s runs here%s", missing, bots.others()), "simplex-lua status --help tells where bots are looked for."})...)
	case len(chosen) == 0 && len(refused) > 0: // a bot may well run there
		return nil, errors.Join(append(refused, wrong)...)
	case len(chosen) == 0:
		return nil, errors.Join(append(refused, wrong, &notFoundError{"no bot runs here", "simplex-lua status --help tells where bots are looked for; --data names a folder."})...)
	case len(refused) > 0 && len(args) == 0:
		bots.close()
		return nil, errors.Join(refused...)
	}
	if wrong != nil {
		tellUnusable(s, wrong)
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
		if !slices.ContainsFunc(chosen, func(c *remoteBot) bool { return c.Client == b.Client }) {
			_ = b.Close() // nobody asked for it
		}
	}
	return chosen, ""
}

// withOthers adds the bots that these answer for and whose data is in the folder
// that was asked about.
func (bots remoteBots) withOthers(folder string) remoteBots {
	all := slices.Clone(bots)
	for _, b := range bots {
		for i := range b.others {
			if other := &b.others[i]; !all.has(other) && within(folder, other.Data) {
				all = append(all, &remoteBot{Client: b.Client, status: other, name: other.Bot})
			}
		}
	}
	return all
}

// has tells whether the bot of that name and data folder is there.
func (bots remoteBots) has(st *control.Status) bool {
	return slices.ContainsFunc(bots, func(b *remoteBot) bool { return b.status.Bot == st.Bot && samePath(b.status.Data, st.Data) })
}

// haveName tells whether one of the bots has that one's name. Its data may be
// elsewhere: a service has a $STATE_DIRECTORY that who asks about it has not.
func (bots remoteBots) haveName(st *control.Status) bool {
	return slices.ContainsFunc(bots, func(b *remoteBot) bool { return b.status.Bot == st.Bot })
}

// within tells whether a bot's data folder, which need not be there, is dir or
// in it; "" holds all.
func within(dir, data string) bool {
	return dir == "" || samePath(dir, data) || samePath(dir, filepath.Dir(data))
}

func (b *remoteBot) is(arg string) bool {
	if b.status.Bot == arg {
		return true
	}
	path, err := filepath.Abs(arg)
	return err == nil && (samePath(path, b.status.Data) || samePath(path, b.status.Script) || samePath(host.DataBeside(path), b.status.Data))
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
	b.status, b.others = reply.Status, reply.Others
	return b, nil
}

// running is the bot with that data folder. The error wraps ErrNotRunning also
// where its process still answers for a bot that has ended, or that waits for its
// next start.
func running(ctx context.Context, dir string) (*remoteBot, error) {
	b, err := connect(ctx, dir)
	if err != nil {
		return nil, err
	}
	switch phase := b.status.Phase; phase {
	case control.Waiting, control.Ended, control.Failed:
		_ = b.Close() // nothing is under way
		return nil, &control.SocketError{Path: dir, Problem: "the bot is " + phase, Cause: control.ErrNotRunning}
	}
	return b, nil
}
