// Package url is the Lua module url: taking addresses apart, putting them
// together, and the escapes in between, on net/url.
//
//	url.parse  text ──▶ { scheme, host, port, path, query, … } ──▶ url.build  text
package url
