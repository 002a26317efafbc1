// Package listen keeps the addresses open that a bot answers HTTP on, over all
// reloads of its script.
//
//	socket ─▶ http.Server ─▶ endpoint.ServeHTTP ─▶ handler of the newest generation
//
// Each address has one socket and one server for all generations, and a
// generation that takes over only changes who answers: no connection notices a
// reload. What is answered, and whether a script may listen at all, is known
// elsewhere (luaapi/modules/http).
//
// Addresses.mu and endpoint.mu are never held together.
package listen
