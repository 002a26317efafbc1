// Package netmod is the Lua module net: client sockets over TCP and TLS.
//
//	net.connect ─▶ connect.go ─▶ permission.Dialer ─▶ server
//	                   │
//	                 conn.go    one connection: reads one at a time, writes one at a time
//	                   │
//	                stream.go   lines and bytes out of what comes, bounded
//
// A connection belongs to a generation of the script and is closed with it.
// While somebody reads, the handler is at rest (VM.Rest) and others go on.
package netmod
