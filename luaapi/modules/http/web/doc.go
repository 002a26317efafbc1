// Package web is what modules that speak HTTP share: addresses, headers and a
// transport behind the script's walls.
//
//	url ──▶ ParseURL ──▶ Transport ──▶ permission.Dialer ──▶ server
//	headers ──▶ ReadHeaders ──┘
//
// Nothing here locks the Lua state; ReadHeaders and ReadValues read Lua values,
// so their caller holds its lock.
package web
