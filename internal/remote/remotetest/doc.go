// Package remotetest is a stand-in for simplex-chat -p in tests: a WebSocket
// server that behaves as the recorded program does.
//
//	client ──▶ reader ──1 waits──▶ worker ──Answer──▶ reply   one of each per connection
//	Event ──▶ queue ──▶ the client that is connected longest
//
// What it answers comes from a function: Wrap makes one of a chat.Core, as of the
// simulated network, and tests make others of recordings or of nonsense.
package remotetest
