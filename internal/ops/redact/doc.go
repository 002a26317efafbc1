// Package redact keeps texts of messages, names, links and keys out of what
// operators read: logs above debug, and status.
//
//	error ──▶ Error ─┐  what the error says of itself (Redacted), without the core's words
//	text  ──▶ Text ──┴▶ links, keys and passwords replaced by …
//	log   ──▶ Handler  both, for each record
//
// Errors of scripts know best which of their words come from the script's own
// source; they have a method Redacted. Everything else is searched for what
// looks like a link or a key. Handler is also given the known secrets of the
// process, which it removes at every level, debug too.
package redact
