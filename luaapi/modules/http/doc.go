// Package httpmod is the Lua module http: a client, and webhooks answered by the
// script.
//
//	http.get … request ─▶ request.go ─▶ web.Transport ─▶ permission.Dialer ─▶ server
//	                                        │
//	response.go ◀── status, headers, body ◀─┘      body, stream or file, all bounded
//
//	client ─▶ host's listener ─▶ serve.go: rate, size, time ─▶ signature.go ─▶ route.go ─▶ VM.Call ─▶ Lua
//
// The client belongs to a generation of the script. The address that a server
// listens on belongs to the host (module.Listeners), and a generation that takes
// over answers in the place of the older one. A request that came too late for
// the older one is passed on to the newer.
package httpmod
