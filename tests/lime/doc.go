// Package lime runs bots that use the module lime against a small LIME server,
// which routes envelopes between its clients, and against servers that lie.
//
//	script ── bot on a simulated SimpleX network ──▶ lime.client ──▶ WebSocket, TCP, TLS ──▶ hub, or liar
//
// The bots print a line for each thing they tried; the tests read them. Names
// are resolved by a name server of ours; everything listens on 127.0.0.1.
package lime
