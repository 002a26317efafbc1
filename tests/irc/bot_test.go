package irc

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// patience bounds a whole test; a machine can be slow.
const patience = testkit.Patience

// start runs the script in a file as a bot on the network. env is what
// os.getenv answers.
func start(t *testing.T, net *sim.Network, script string, env map[string]string) simbot.Bot {
	t.Helper()
	return startWith(t, net, script, env, true)
}

// startWith is start for a bot that may reach the network, or not.
func startWith(t *testing.T, net *sim.Network, script string, env map[string]string, allowed bool) simbot.Bot {
	t.Helper()
	name := strings.TrimSuffix(filepath.Base(script), ".lua")
	return simbot.Start(t, net, name, simbot.Read(t, script), simbot.Options{Env: env, Denied: !allowed})
}

// run runs a script of testdata until it stops, and returns what it printed.
func run(t *testing.T, name string, env map[string]string) *simbot.Lines {
	t.Helper()
	b := start(t, sim.New(sim.Options{}), filepath.Join("testdata", name+".lua"), env)
	<-b.Done()
	return b.Out
}
