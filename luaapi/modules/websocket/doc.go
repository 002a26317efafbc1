// Package websocketmod is the Lua module websocket: a client, on
// github.com/coder/websocket.
//
//	websocket.connect ─▶ web.Transport ─▶ permission.Dialer ─▶ server
//	        │
//	     socket ──send, ping, close──▶ connection
//	        ▲                              │ one goroutine reads, so that pings are
//	        └── receive ◀── messages ◀─────┘ answered and a time-out ends nothing
//
// A socket belongs to a generation of the script and is closed with it.
package websocketmod
