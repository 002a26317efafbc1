package irc

import (
	"strconv"
	"testing"
)

// env tells a bot where its server is.
func env(s *ngircd) map[string]string { return map[string]string{"PORT": strconv.Itoa(s.port)} }

// bottom: keepalive, connect, disconnect, reconnect; all commands and events of its README (USERMODE, CHANNELMODE,
// CLIENT_CONNECT, …)
func TestCommands(t *testing.T) {
	t.Parallel()
	out := run(t, "commands", env(startNgircd(t, "irc.one.test", "hunter2")))
	out.Check(t, "end")
}
