package host_test

import (
	"context"
	"fmt"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// A program embeds a bot: it says where the script and the controller come
// from, and runs until the context ends or the script calls bot.stop. Here the
// controller is one on a simulated network; package native opens real ones.
func ExampleHost() {
	network := sim.New(sim.Options{})
	defer network.Close()

	bot, err := host.New(host.Options{
		Name: "greeter",
		Source: []byte(`
			bot.on_start(function(reason)
				print("hello from a bot, " .. reason)
				bot.stop("that was all")
			end)`),
		Ephemeral: true,
		Print:     lineWriter{},
		OpenCore: func(_ context.Context, db host.Database) (chat.Core, error) {
			core, _, err := network.Open(db.Prefix, db.Key, db.Confirm)
			return core, err
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("ended:", bot.Run(context.Background()))
	// Output:
	// hello from a bot, start
	// ended: <nil>
}

// lineWriter prints to the example's output.
type lineWriter struct{}

func (lineWriter) Write(p []byte) (int, error) { return fmt.Print(string(p)) }
