package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/config"
)

// whatNext tells who calls the program without a command what to do in this
// folder.
func whatNext(w io.Writer) {
	type step struct{ command, what string }
	var steps []step
	files, _ := filepath.Glob("*.lua")
	bots := slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, "_test.lua") })
	_, err := os.Stat(config.FileName)
	switch {
	case len(bots) > 0:
		steps = []step{{"dev " + bots[0], "chat with the bot here, on a simulated network"}, {"test", "run its tests"}, {"run " + bots[0], "put it on the SimpleX network"}}
		if err == nil {
			steps[2].command = "run"
		}
		if err == nil && len(bots) == 1 {
			steps[0].command = "dev"
		}
	case err == nil:
		steps = []step{{"config show", "the settings of " + config.FileName}, {"run", "run its bots"}, {"status", "look at them"}}
	default:
		steps = []step{{"new mybot", "make a bot to begin with"}, {"dev mybot", "chat with it here, on a simulated network"}, {"run mybot", "put it on the SimpleX network"}}
	}
	fmt.Fprintln(w, "simplex-lua runs SimpleX Chat bots written in Lua. Next:")
	fmt.Fprintln(w)
	for _, s := range append(steps, step{"--help", "all commands"}) {
		fmt.Fprintf(w, "   simplex-lua %-22s %s\n", s.command, s.what)
	}
}
