package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestConfigurationIsReadAgain: SIGHUP takes over what the file says now. A file
// with a mistake changes nothing.
func TestConfigurationIsReadAgain(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "", [][3]string{{"stays", squarer, ""}, {"goes", squarer, ""}}, "CORE_ITEMS", "20")
	added := *f.bot
	added.data, added.script = filepath.Join(f.files, "added.data"), filepath.Join(f.files, "added.lua")
	added.save(squarer)
	for _, b := range f.bots {
		b.until("both answer", stubCounters.done)
	}
	say := func(config string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(f.files, "simplex-lua.toml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		f.signal(syscall.SIGHUP)
	}
	const bot = "[[bot]]\nscript = %q\n"
	say("log_format = \"json\"\n" + fmt.Sprintf(bot, "stays.lua") + "graze = \"1s\"\n")
	f.untilLogged("simplex-lua.toml:4: ", 1)
	say("log_format = \"text\"\n" + fmt.Sprintf(bot, "stays.lua") + fmt.Sprintf(bot, "goes.lua"))
	f.untilLogged(`"settings":"log_format"`, 1)
	if c := f.bots["stays"].counters(); c.Starts != 1 {
		t.Errorf("the bot was started %d times though nothing of it has changed", c.Starts)
	}
	say("log_format = \"json\"\n" + fmt.Sprintf(bot, "stays.lua") + "grace = \"5s\"\n" + fmt.Sprintf(bot, "added.lua") + "isolate = true\n")
	added.until("the new one answers", stubCounters.done)
	f.bots["stays"].until("the other is started again", func(c stubCounters) bool { return c.Starts == 2 })
	f.end()
	added.checkOnce()
	for name, want := range map[string]int64{"stays": 2, "goes": 1} {
		b := f.bots[name]
		b.checkOnce()
		if c := b.counters(); c.Starts != want || c.Stops != want || c.Closes != want {
			t.Errorf("%s: %d starts, %d stops and %d closes; want %d of each", name, c.Starts, c.Stops, c.Closes, want)
		}
	}
}
