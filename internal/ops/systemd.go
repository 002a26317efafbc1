package ops

import (
	"context"
	"time"
)

const (
	// startTick is how often the bots are looked at until they have started.
	startTick = 50 * time.Millisecond
	// statusTick is how often the line for the service manager is made anew.
	statusTick = 10 * time.Second
)

// follow tells the service manager how the bots are, until Close. It is ready
// when every bot has started or failed, and at least one has started. The
// watchdog is told only while the process is healthy.
func (o *Ops) follow(stopping context.Context) {
	start := time.NewTicker(startTick)
	defer start.Stop()
	for ready := false; !ready; {
		line, settled := o.summary()
		o.notifier.Status(line)
		if ready = settled; ready {
			o.notifier.Ready()
			break
		}
		select {
		case <-start.C:
		case <-stopping.Done():
			o.notifier.Stopping(o.stopTime())
			return
		case <-o.ctx.Done():
			return
		}
	}
	start.Stop()
	interval := o.notifier.Interval()
	tick := time.NewTicker(tickOf(interval))
	defer tick.Stop()
	for {
		if interval > 0 {
			o.feed()
		}
		select {
		case <-tick.C:
			line, _ := o.summary()
			o.notifier.Status(line)
		case <-stopping.Done():
			o.notifier.Stopping(o.stopTime())
			return
		case <-o.ctx.Done():
			return
		}
	}
}

func tickOf(interval time.Duration) time.Duration {
	if interval > 0 && interval < statusTick {
		return interval
	}
	return statusTick
}

// feed tells the watchdog that the process is healthy, if it is.
func (o *Ops) feed() {
	sick := o.unhealthy(o.ctx)
	for _, p := range sick {
		o.log.Error("the watchdog is not told: a bot is not healthy", "bot", p.bot, "problem", p.text)
	}
	if len(sick) == 0 {
		o.notifier.Alive()
	}
}
