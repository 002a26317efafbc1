package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestRunOnAProgram runs the whole command on a chat program of the simulated
// network, and then where none is left.
func TestRunOnAProgram(t *testing.T) {
	t.Parallel()
	network := sim.New(sim.Options{})
	defer network.Close()
	program := remotetest.Wrap(t, func() chat.Core {
		c, _, err := network.Open("db/program", "", "yesUp")
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
	script := filepath.Join(t.TempDir(), "bot.lua")
	if err := os.WriteFile(script, []byte(`bot.on_message(function() bot.stop() end)`), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"simplex-lua", "run", "--core", program.URL(), "--no-watch", script}
	var told bytes.Buffer
	ended := make(chan int, 1)
	go func() { ended <- run(args, strings.NewReader(""), &told, &told) }()
	alice, err := network.Person("alice")
	if err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the bot's profile, the last thing that a start sets", func() bool {
		reply, err := program.Core().Send(t.Context(), "/user")
		return err == nil && strings.Contains(string(reply), `"displayName":"bot"`)
	})
	if err := alice.Connect(addressOf(t, program.Core())); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "a message", func() bool {
		bot, err := alice.Chat("bot")
		if err == nil {
			_, err = alice.SendText(bot, "stop")
		}
		return err == nil
	})
	if code := <-ended; code != exitOK {
		t.Errorf("got exit code %d, want %d\n%s", code, exitOK, &told)
	}
	program.Kill()
	told.Reset()
	if code := run(args, strings.NewReader(""), &told, &told); code != exitCore || !strings.Contains(told.String(), "no connection to the chat program") {
		t.Errorf("without a program: got exit code %d, want %d and why\n%s", code, exitCore, &told)
	}
}

// addressOf asks a core for the link of its user.
func addressOf(t *testing.T, core chat.Core) string {
	t.Helper()
	reply, err := core.Send(t.Context(), "/_show_address 1")
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Result struct {
			Link struct {
				Links struct {
					Short string `json:"connShortLink"`
				} `json:"connLinkContact"`
			} `json:"contactLink"`
		} `json:"result"`
	}
	if err := json.Unmarshal(reply, &in); err != nil {
		t.Fatal(err)
	}
	return in.Result.Link.Links.Short
}
