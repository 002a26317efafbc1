// Package metrics counts what bots do, for Prometheus.
//
//	Registry ── Bot("squarer") ── Event, Handled, Handler, Command, …   counted as it happens
//	   │   └─── Watch("squarer", status)                                read when somebody asks
//	   └─ Handler() ──▶ GET /metrics
//
// Everything that a message passes is found before: Event and the others touch
// one counter each and look no label up. Labels are few: the bot, the class of
// an event, how a thing ended, and the handler's name, of which a bot has at
// most 100; the rest count as "other". No label holds a chat, a person or a
// server's name.
//
// The registry is our own: nothing that a library registers by itself appears.
package metrics
