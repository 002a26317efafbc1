package metrics

import (
	"net/http"
	"runtime/metrics"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// prefix begins all names but those of the Go runtime and the process.
const prefix = "simplex_lua_"

// Options describe the process.
type Options struct {
	// Version is the program's.
	Version string
	// MemoryLimit is what the scripts of the process may take together, in bytes;
	// nil leaves it out.
	MemoryLimit func() int64
}

// Registry holds the metrics of the process. It is safe for use by several
// goroutines.
type Registry struct {
	reg  *prometheus.Registry
	vecs vectors

	mu       sync.Mutex // guards what follows
	bots     map[string]*Bot
	statuses map[string]func() control.Status
}

// vectors are the metrics that are counted as things happen.
type vectors struct {
	events, sends, commands, reloads, handlerErrors *prometheus.CounterVec
	lag, command, handler, reload                   *prometheus.HistogramVec
}

// New returns a registry with the process's own metrics in it.
func New(o Options) *Registry {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, append([]string{"bot"}, labels...))
	}
	seconds := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: buckets}, append([]string{"bot"}, labels...))
	}
	r := &Registry{reg: prometheus.NewRegistry(), bots: map[string]*Bot{}, statuses: map[string]func() control.Status{}}
	r.vecs = vectors{
		events:        counter("events_total", "Events received from the chat core, by class.", "class"),
		sends:         counter("sends_total", "Messages sent: accepted, refused or failed when the core was asked; sent, received or undelivered as it told later.", "result"),
		commands:      counter("commands_total", "Commands to the chat core: done, refused or failed.", "result"),
		reloads:       counter("reloads_total", "Reloads of the script: done or failed.", "result"),
		handlerErrors: counter("handler_errors_total", "Runs of a handler that ended with an error.", "handler"),
		lag:           seconds("event_lag_seconds", "Time from receiving an event until its handlers had ended.", wide),
		command:       seconds("command_seconds", "Time that the chat core took to answer a command.", wide),
		handler:       seconds("handler_seconds", "Time that a handler took, without the time in ask.", wide, "handler"),
		reload:        seconds("reload_seconds", "Time that a reload took.", slow),
	}
	v := r.vecs
	r.reg.MustRegister(watcher{r}, v.events, v.sends, v.commands, v.reloads, v.handlerErrors, v.lag, v.command, v.handler, v.reload,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: prefix + "lua_memory_bytes", Help: "Live heap of the process, which memory_limit bounds."}, heap),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: prefix + "build_info", Help: "1, with the version as a label.", ConstLabels: prometheus.Labels{"version": o.Version}}, func() float64 { return 1 }),
	)
	if o.MemoryLimit != nil {
		r.reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: prefix + "lua_memory_limit_bytes", Help: "What the scripts of the process may take together."},
			func() float64 { return float64(o.MemoryLimit()) }))
	}
	return r
}

// Buckets in seconds.
var (
	wide = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 120}
	slow = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
)

// heap reads what the bound on memory looks at.
func heap() float64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return float64(s[0].Value.Uint64())
}

// Handler answers with all metrics.
func (r *Registry) Handler() http.Handler {
	return promhttp.HandlerFor(r.reg, promhttp.HandlerOpts{})
}

// Bot returns the counters of a bot, the same at each call.
func (r *Registry) Bot(name string) *Bot {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.bots[name]
	if b == nil {
		b = newBot(name, r.vecs)
		r.bots[name] = b
	}
	return b
}

// Forget takes out all that is known of a bot.
func (r *Registry) Forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.bots, name)
	delete(r.statuses, name)
	labels := prometheus.Labels{"bot": name}
	for _, v := range []interface{ DeletePartialMatch(prometheus.Labels) int }{
		r.vecs.events, r.vecs.sends, r.vecs.commands, r.vecs.reloads, r.vecs.handlerErrors, r.vecs.lag, r.vecs.command, r.vecs.handler, r.vecs.reload,
	} {
		v.DeletePartialMatch(labels)
	}
}
