// Package irc runs bots that use the module irc against a real IRC server and
// against servers that misbehave.
//
//	testdata/*.lua ── bot on a simulated SimpleX network ──▶ irc.client ──▶ ngircd, or fake
//
// The bots print a line for each thing they tried; the tests read them. ngircd
// comes from the system's packages and listens on 127.0.0.1 only.
package irc
