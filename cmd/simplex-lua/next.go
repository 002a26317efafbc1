package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/config"
)

// whatNext tells who calls the program without a command what to do in this
// folder.
func whatNext(w io.Writer) {
	type step struct{ command, what string }
	var steps []step
	scripts, _ := filepath.Glob("*.lua")
	_, err := os.Stat(config.FileName)
	switch bot := firstBot(scripts); {
	case bot != "":
		steps = []step{{"dev " + bot, "chat with the bot here, on a simulated network"}, {"test", "run its tests"}, {"run " + bot, "put it on the SimpleX network"}}
		if err == nil {
			steps[2].command = "run"
		}
	case err == nil:
		steps = []step{{"config show", "the settings of " + config.FileName}, {"run", "run its bots"}, {"status", "look at them"}}
	default:
		steps = []step{{"new mybot", "make a bot to begin with"}, {"dev mybot/mybot.lua", "chat with it here, on a simulated network"}, {"run mybot", "put it on the SimpleX network"}}
	}
	fmt.Fprintln(w, "simplex-lua runs SimpleX Chat bots written in Lua. Next:")
	fmt.Fprintln(w)
	for _, s := range append(steps, step{"--help", "all commands"}) {
		fmt.Fprintf(w, "   simplex-lua %-22s %s\n", s.command, s.what)
	}
}

// firstBot is the first script that is not a test.
func firstBot(scripts []string) string {
	for _, s := range scripts {
		if !strings.HasSuffix(s, "_test.lua") {
			return s
		}
	}
	return ""
}
