package metrics

import (
	"maps"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// gauge is a value that is read from a bot's status when somebody asks.
type gauge struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(s *control.Status) float64
}

func read(name, help string, kind prometheus.ValueType, value func(s *control.Status) float64) gauge {
	return gauge{prometheus.NewDesc(prefix+name, help, []string{"bot"}, nil), kind, value}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

const (
	level = prometheus.GaugeValue
	total = prometheus.CounterValue
)

var gauges = []gauge{
	read("up", "1 while the bot runs.", level, func(s *control.Status) float64 {
		return flag(s.Phase == control.Running || s.Phase == control.CatchingUp)
	}),
	read("catching_up", "1 while what came when the bot was off is still being read.", level, func(s *control.Status) float64 { return flag(s.Phase == control.CatchingUp) }),
	read("generation", "How often the script was loaded since the bot started.", level, func(s *control.Status) float64 { return float64(s.Generation) }),
	read("restarts_total", "How often the bot was started again.", total, func(s *control.Status) float64 { return float64(s.Restarts) }),
	read("queue_events", "Events that wait in memory.", level, func(s *control.Status) float64 { return float64(s.Queue.Waiting) }),
	read("queue_bytes", "Bytes of the events that wait in memory.", level, func(s *control.Status) float64 { return float64(s.Queue.WaitingBytes) }),
	read("lanes", "Chats with something to do.", level, func(s *control.Status) float64 { return float64(s.Queue.Chats) }),
	read("busy_handlers", "Handlers and tasks under way, those in ask not counted.", level, func(s *control.Status) float64 { return float64(s.Queue.Busy) }),
	read("unmarked_messages", "Messages that are handled and not yet marked as read.", level, func(s *control.Status) float64 { return float64(s.Queue.Unmarked) }),
	read("events_handled_total", "Events whose turn is over.", total, func(s *control.Status) float64 { return float64(s.Queue.Handled) }),
	read("events_unwanted_total", "Events that no handler is registered for.", total, func(s *control.Status) float64 { return float64(s.Queue.Unwanted) }),
	read("events_unreadable_total", "Events of the core that could not be read.", total, func(s *control.Status) float64 { return float64(s.Queue.Unreadable) }),
	read("events_dropped_total", "Events lost for lack of memory.", total, func(s *control.Status) float64 { return float64(s.Queue.Dropped) }),
	read("messages_spilled_total", "Messages kept in the database until their turn, for lack of memory.", total, func(s *control.Status) float64 { return float64(s.Queue.Spilled) }),
	read("messages_set_aside_total", "Messages marked and not handled: the process died at them, or their sender's handlers were cut.", total, func(s *control.Status) float64 { return float64(s.Queue.SetAside) }),
	read("messages_skipped_total", "Messages of the time before the start that were not handled.", total, func(s *control.Status) float64 { return float64(s.Queue.Skipped) }),
	read("core_receiving", "1 while the core gives events, not errors.", level, func(s *control.Status) float64 { return flag(s.Network.Receiving) }),
	read("network_online", "0 while all message servers are lost.", level, func(s *control.Status) float64 { return flag(!s.Network.Offline) }),
}

// servers counts connections by protocol: names of servers would be too many labels.
var servers = prometheus.NewDesc(prefix+"servers", "Servers by protocol and whether they are connected.", []string{"bot", "protocol", "state"}, nil)

// Watch lets the registry ask for a bot's status whenever somebody asks for its
// metrics, in place of what it asked before.
func (r *Registry) Watch(bot string, status func() control.Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statuses[bot] = status
}

// watcher reads the statuses of all bots.
type watcher struct{ *Registry }

// Describe sends nothing: which bots there are changes.
func (w watcher) Describe(chan<- *prometheus.Desc) {}

// Collect sends one value of each for each bot.
func (w watcher) Collect(out chan<- prometheus.Metric) {
	w.mu.Lock()
	statuses := maps.Clone(w.statuses)
	w.mu.Unlock()
	var all sync.WaitGroup
	for bot, status := range statuses {
		all.Go(func() { collect(out, bot, status()) }) // one in another process may take its time
	}
	all.Wait()
}

func collect(out chan<- prometheus.Metric, bot string, s control.Status) {
	for _, g := range gauges {
		out <- prometheus.MustNewConstMetric(g.desc, g.kind, g.value(&s), bot)
	}
	type key struct {
		protocol  string
		connected bool
	}
	count := map[key]int{{"smp", true}: 0, {"smp", false}: 0}
	for _, one := range s.Network.Servers {
		count[key{known(one.Protocol), one.Connected}]++
	}
	for k, n := range count {
		state := "lost"
		if k.connected {
			state = "connected"
		}
		out <- prometheus.MustNewConstMetric(servers, level, float64(n), bot, k.protocol, state)
	}
}

// known keeps the label to the protocols there are.
func known(protocol string) string {
	switch protocol {
	case "smp", "xftp", "ntf":
		return protocol
	}
	return others
}
