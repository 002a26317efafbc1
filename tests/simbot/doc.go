// Package simbot runs a script as a bot on a simulated network, on the real
// clock, for tests with servers and with several bots.
//
//	Start ──▶ host.Host on sim.Network ──▶ Bot.Out   what the script printed
package simbot
