package host_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// BenchmarkReloadPause reloads a script of 300 lines with 5 modules while
// somebody writes, message after answer. It reports how long an answer takes
// (us/answer) and the longest that one took around each reload (us/longest, the
// median of all reloads; us/worst, the longest of all).
func BenchmarkReloadPause(b *testing.B) {
	dir := b.TempDir()
	script := strings.Replace(squaring, "VERSION", "one", 1)
	for n := range 5 {
		script += fmt.Sprintf("require 'module%d'\n", n)
		module := strings.Repeat("local function f(x) return x * 2 end\n", 20) + "return { f = f }\n"
		save(b, filepath.Join(dir, fmt.Sprintf("module%d.lua", n)), module)
	}
	script += "local helpers = {}\n"
	for n := range 300 - strings.Count(script, "\n") {
		script += fmt.Sprintf("function helpers.f%d(x) return { x, %d } end\n", n, n)
	}
	path := filepath.Join(dir, "bot.lua")
	save(b, path, script)
	net := sim.New(sim.Options{Seed: 1})
	defer net.Close()
	bot := run(b, net, path, filepath.Join(dir, "bot.data"))
	status, _ := bot.Status()
	ann := join(b, net, "ann", status.Address)
	ann.expect("Send a number.")

	var usual, longest []time.Duration
	answer := func() time.Duration {
		began := time.Now()
		ann.write("7")
		ann.expect("7 * 7 = 49")
		return time.Since(began)
	}
	for b.Loop() {
		for range 20 {
			usual = append(usual, answer())
		}
		reloaded := make(chan error, 1)
		go func() { reloaded <- bot.Reload(b.Context()) }()
		var most time.Duration
		for over := false; !over; {
			select {
			case err := <-reloaded:
				if err != nil {
					b.Fatal(err)
				}
				over = true
			default:
			}
			most = max(most, answer()) // once more after the reload
		}
		longest = append(longest, most)
	}
	slices.Sort(usual)
	slices.Sort(longest)
	b.ReportMetric(float64(usual[len(usual)/2].Microseconds()), "us/answer")
	b.ReportMetric(float64(longest[len(longest)/2].Microseconds()), "us/longest")
	b.ReportMetric(float64(longest[len(longest)-1].Microseconds()), "us/worst")
}
