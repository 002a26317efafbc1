package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// remoteFlags say where the bots are that a command is about.
func remoteFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "data", Usage: "`FOLDER` of one bot's data, or one with several of them in it", EnvVars: []string{"SIMPLEX_LUA_DATA"}},
		&cli.StringFlag{Name: "config", Usage: "`FILE` of settings and bots"},
	}
}

const remoteHelp = "BOT is the bot's name, its script, or its data folder. Without --data the bots are\n" +
	"looked for in the configuration, in $STATE_DIRECTORY, in *.data of this folder, and\n" +
	"in /var/lib/simplex-lua. Only the user that a bot runs as, and root, may ask it.\n\n"

func statusCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "status",
		Usage:     "show running bots: network, queues, last error, address",
		ArgsUsage: "[BOT…]",
		Description: remoteHelp +
			"Without BOT also those of the configuration are shown that do not run. With --check\n" +
			"nothing is shown; the exit code is 0 where every bot runs and its core answers, 1\n" +
			"where not, and 7 where none runs.\n\n" +
			"   simplex-lua status\n" +
			"   simplex-lua status squaring.lua\n" +
			"   simplex-lua status --data /var/lib/simplex-lua --json\n" +
			"   simplex-lua status --check",
		Flags: append(remoteFlags(),
			&cli.BoolFlag{Name: "json", Usage: "write a JSON object a line for each bot"},
			&cli.BoolFlag{Name: "check", Usage: "only check whether the bots are healthy"}),
		Action: func(c *cli.Context) error { return status(c.Context, s, c) },
	}
}

// remotePatience is how long a bot may take to answer a simple question.
const remotePatience = 10 * time.Second

func status(ctx context.Context, s *streams, c *cli.Context) error {
	bots, err := findBots(ctx, s, c, c.Args().Slice())
	if err != nil {
		return err
	}
	defer bots.close()
	var absent []*control.Status
	if !c.Args().Present() && c.String("data") == "" {
		known, _ := configured(s, c) // what is wrong with it is told
		for _, p := range known {
			absent = append(absent, &control.Status{Bot: p.name, Phase: control.NotRunning, Script: p.bot.Script, Data: p.data})
		}
		absent = slices.DeleteFunc(absent, bots.haveName)
	}
	if c.Bool("check") {
		return bots.check(ctx, absent)
	}
	for i, st := range append(bots.statuses(), absent...) {
		if c.Bool("json") {
			if err := json.NewEncoder(s.out).Encode(st); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			fmt.Fprintln(s.out)
		}
		if err := showStatus(s.out, st, time.Now()); err != nil {
			return err
		}
	}
	return nil
}

func (bots remoteBots) statuses() (list []*control.Status) {
	for _, b := range bots {
		list = append(list, b.status)
	}
	return list
}

// check fails with the first bot that is not healthy, or is absent.
func (bots remoteBots) check(ctx context.Context, absent []*control.Status) error {
	for _, b := range bots {
		switch b.status.Phase {
		case control.Running, control.CatchingUp:
		case control.Ended:
			continue // as asked
		default:
			return unhealthyError{b.status.Bot, problemOf(b.status)}
		}
		if _, err := b.do(ctx, control.Request{Op: control.OpCheck}); err != nil {
			return unhealthyError{b.status.Bot, err.Error()}
		}
	}
	if len(absent) > 0 {
		return unhealthyError{absent[0].Bot, problemOf(absent[0])}
	}
	return nil
}

// problemOf says how a bot is that does not run, and why.
func problemOf(st *control.Status) string {
	if st.LastError == nil {
		return "it is " + st.Phase
	}
	return fmt.Sprintf("it is %s: %s", st.Phase, joined(st.LastError.Text))
}

// joined is a text without line breaks.
func joined(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// unhealthyError tells why --check fails.
type unhealthyError struct{ bot, problem string }

func (e unhealthyError) Error() string { return fmt.Sprintf("%s: %s", e.bot, e.problem) }

// showStatus writes the status of one bot for people.
func showStatus(w io.Writer, st *control.Status, now time.Time) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "  %s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(t, "%s: %s", st.Bot, st.Phase)
	if st.Started != nil {
		fmt.Fprintf(t, " for %s", ago(now, *st.Started))
	}
	fmt.Fprintln(t)
	if st.Retry != nil {
		row("next start", "in %s", ago(*st.Retry, now))
	}
	if st.Address != "" {
		row("address", "%s", st.Address)
	}
	row("script", "%s", st.Script)
	if st.Loaded != nil {
		row("generation", "%d, loaded %s ago", st.Generation, ago(now, *st.Loaded))
		row("network", "%s", networkLine(st.Network))
		row("queue", "%s", queueLine(st.Queue))
	}
	if st.Restarts > 0 {
		row("restarts", "%d", st.Restarts)
	}
	if e := st.LastError; e != nil {
		row("last error", "%s ago: %s", ago(now, e.At), joined(e.Text))
	}
	row("data", "%s", st.Data)
	if st.PID != 0 {
		row("process", "%d, %s", st.PID, versions(st))
	}
	return t.Flush()
}

func versions(st *control.Status) string {
	if st.CoreVersion == "" {
		return "simplex-lua " + st.Version
	}
	return fmt.Sprintf("simplex-lua %s, core %s", st.Version, st.CoreVersion)
}

func networkLine(n control.Network) string {
	line := fmt.Sprintf("%d of %d servers connected", n.Connected(), len(n.Servers))
	if n.Offline {
		line = "offline: " + line
	}
	if !n.Receiving {
		line += ", the core gives errors instead of events"
	}
	if n.WantsRestart {
		line += ", the core asks for a restart after a critical error"
	}
	return line
}

func queueLine(q control.Queue) string {
	line := fmt.Sprintf("%d waiting in %s, %s busy, %d handled", q.Waiting, counted(q.Chats, "chat"), counted(q.Busy, "handler"), q.Handled)
	for _, more := range []struct {
		n    uint64
		what string
	}{{q.Spilled, "kept in the database"}, {q.Dropped, "dropped"}, {q.Unreadable, "unreadable"}, {q.SetAside, "set aside"}, {q.Skipped, "skipped at the start"}} {
		if more.n > 0 {
			line += fmt.Sprintf(", %d %s", more.n, more.what)
		}
	}
	return line
}

// ago is the time between two moments as people say it.
func ago(later, earlier time.Time) string {
	d := max(later.Sub(earlier), 0)
	switch {
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd", int(d.Hours())/24)
}

// isNotRunning tells that there is no bot to talk to.
func isNotRunning(err error) bool { return errors.Is(err, control.ErrNotRunning) }

// isControl tells that a bot's socket was the problem.
func isControl(err error) bool {
	socket := (*control.SocketError)(nil)
	return isNotRunning(err) || errors.Is(err, control.ErrGone) || errors.As(err, &socket)
}

// isRefused tells that a bot was asked and said no.
func isRefused(err error) bool {
	var (
		refused   refusedError
		raised    evalError
		unhealthy unhealthyError
	)
	return errors.As(err, &refused) || errors.As(err, &raised) || errors.As(err, &unhealthy)
}
