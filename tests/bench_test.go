package tests

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"
)

// The benchmarks run the whole program on the stub core, in a process of its
// own. Processor time is that of the whole process, the stub included.

// benchWarmup is how many events each process handles before it is measured.
const benchWarmup = 500

func BenchmarkFlood(b *testing.B) {
	for _, kind := range []string{"direct", "group"} {
		b.Run(kind, func(b *testing.B) {
			n := b.N + benchWarmup
			p := newBot(b, squarer, "CORE_ITEMS", strconv.Itoa(n), "CORE_WARMUP", strconv.Itoa(benchWarmup), "CORE_KIND", kind)
			p.start("--no-watch")
			p.until("all are answered and marked", stubCounters.done)
			p.stop()
			c := p.counters()
			b.ReportMetric(float64(b.N)/(float64(c.ToNS-c.FromNS)/1e9), "events/s")
			b.ReportMetric(float64(c.ToCPU-c.FromCPU)/1e3/float64(b.N), "cpu-µs/event")
		})
	}
}

// BenchmarkPing sends one message at a time, each a millisecond after the answer
// to the one before.
func BenchmarkPing(b *testing.B) {
	n := b.N + benchWarmup
	p := newBot(b, squarer, "CORE_ITEMS", strconv.Itoa(n), "CORE_PING_US", "1000")
	p.start("--no-watch")
	p.until("all are answered and marked", stubCounters.done)
	p.stop()
	var all []time.Duration
	for _, it := range p.items()[benchWarmup:] {
		all = append(all, it.latency())
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkStart measures the time from the start of the process to /_start on a
// database that is there, and the memory of an idle bot.
func BenchmarkStart(b *testing.B) {
	p := newBot(b, squarer)
	p.start("--no-watch")
	p.stop()
	var starts, memory []float64
	for b.Loop() {
		began := time.Now()
		p.start("--no-watch")
		p.untilLogged("the bot's address", len(starts)+2)
		memory = append(memory, resident(b, p.cmd.Process.Pid))
		p.stop()
		starts = append(starts, float64(p.counters().Started-began.UnixNano())/1e6)
	}
	slices.Sort(starts)
	slices.Sort(memory)
	b.ReportMetric(starts[len(starts)/2], "start-ms")
	b.ReportMetric(memory[len(memory)/2], "idle-MiB")
}

var vmRSS = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// resident returns the memory of a process in MiB.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	kb, err := strconv.ParseFloat(string(vmRSS.FindSubmatch(text)[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}
