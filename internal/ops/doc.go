// Package ops is what operators see of a process with bots in it.
//
//	           ┌─ control  a socket in each bot's data folder: status, reload, stop, console
//	Bot ── Ops ┼─ metrics  Prometheus; /healthz, /readyz, pprof beside it
//	           ├─ notify   systemd: ready, reloading, stopping, watchdog
//	           └─ redact   what may stand in logs and status
//
// It knows no host and no Lua: a Bot is an interface, and whoever starts the
// bots adds them. Nothing here is on the way of a message, but the counters of
// package metrics.
//
// # Healthy and ready
//
// A process is healthy when the core of each bot that runs answers a cheap
// command in time: /healthz says so, and only then is the watchdog told. A bot
// that failed does not make it unhealthy, for a restart would take the others
// down. It is ready when each bot that was not stopped runs, has caught up, has
// a network, and keeps up with what arrives: /readyz.
package ops
