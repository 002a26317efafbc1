package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// jobs is a bot with a queue of slow jobs. Each prints its id when it is done.
const jobs = `local queue = require "queue"
	local q = queue.open "q"
	q:work(function(job)
		sleep(0.05)
		print(job.id, job.attempt)
	end)
	bot.on_start(function(reason)
		if reason == "start" then
			for i = 1, 10 do q:push(i, { id = "job " .. i }) end
		end
	end)`

// TestQueueOverReload: at a reload, the jobs of the older generation go on in
// the next one, each done once.
func TestQueueOverReload(t *testing.T) {
	t.Parallel()
	var out testkit.Buffer
	book, dir := luaapi.OpenTimerBook("", nil), t.TempDir()
	load := func(generation int) *luaapi.Runtime {
		rt, err := luaapi.Load(t.Context(), luaapi.Options{
			Name: "test", Path: "bot.lua", Source: []byte(jobs), Stdlib: stdlib.FS, Print: &out, Generation: generation,
		})
		if err != nil {
			t.Fatal(err)
		}
		rt.Attach(luaapi.Session{DataDir: dir, Timers: book})
		return rt
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	first, second := load(1), load(2)
	defer second.Close()
	first.Start(ctx, "start")
	out.Wait(t, "\n", 2)
	if err := first.HandOver(func(json.RawMessage) error { return nil }); err != nil {
		t.Fatal(err)
	}
	second.Start(ctx, "reload")
	if err := first.Drain(ctx); err != nil {
		t.Error(err)
	}
	first.Stop(ctx, "reload")
	// The last job of the one generation and the first of the other run side by side.
	got := strings.Split(strings.TrimSpace(out.Wait(t, "\n", 10)), "\n")
	slices.Sort(got)
	var want []string
	for i := range 10 {
		want = append(want, fmt.Sprintf("job %d\t1", i+1))
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
