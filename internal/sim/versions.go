package sim

import (
	"fmt"
	"strings"
)

// CheckVersion is the error of a version that is not simulated.
func CheckVersion(version string) error {
	if version != "6.5.1" && version != "7.0" {
		return fmt.Errorf("version %s: want 6.5.1 or 7.0", version)
	}
	return nil
}

func isSeven(version string) bool { return strings.HasPrefix(version, "7") }

// The versions of the protocol between people that the cores speak.
const (
	sixChat   = 17
	sevenChat = 19
)

func (d *database) chatVersion() int {
	if d.v7 {
		return sevenChat
	}
	return sixChat
}

// versions are those of the protocol that the actor speaks.
func (d *database) versions() versionRange { return versionRange{1, d.chatVersion()} }

// agree notes what the other end of a connection speaks, and what both do.
func (c *conn) agree(with *database) {
	c.ConnChatVersion, c.PeerChatVRange = min(c.db.chatVersion(), with.chatVersion()), with.versions()
}

// hear notes what the other end speaks by now; what both did once stays.
func (c *conn) hear(from *database) {
	if m := c.member; m != nil && m.MemberChatVRange != from.versions() && m.MemberChatVRange != unknownVersions {
		m.MemberChatVRange = from.versions()
		c.db.net.changed()
	}
	both := min(c.db.chatVersion(), from.chatVersion())
	if c.PeerChatVRange == from.versions() && both <= c.ConnChatVersion {
		return
	}
	c.ConnChatVersion, c.PeerChatVRange = max(c.ConnChatVersion, both), from.versions()
	c.db.net.changed()
}

// sevenMigrations are what version 7.0 did to the database.
var sevenMigrations = []string{
	"20260507_relay_inactive_at", "20260514_relay_request_group_link_index", "20260515_public_group_access", "20260516_supporter_badges",
	"20260529_delivery_job_senders", "20260530_client_services", "20260531_member_removed_at", "20260601_relay_sent_web_domain",
	"20260602_group_roster", "20260603_simplex_name", "20260629_roster_catchup",
}

// migrate makes the database one of the other version, or answers why it can't
// be opened: up with yesUp, back with yesUpDown only.
func (d *database) migrate(v7 bool, confirm string) (refused raw) {
	if d.v7 == v7 {
		return nil
	}
	file := d.path + "_chat.db"
	switch {
	case confirm == "console": // asks on the standard input of a program that has none
		return tagged("errorSQL", "dbFile", file, "migrationSQLError", "<stdin>: hGetLine: end of file")
	case !v7 && confirm != "yesUpDown":
		return tagged("errorMigration", "dbFile", file, "migrationError", tagged("downgrade", "downMigrations", sevenMigrations))
	case v7 && confirm == "error":
		var up []raw
		for _, name := range sevenMigrations {
			up = append(up, object("upName", name, "withDown", true))
		}
		return tagged("errorMigration", "dbFile", file, "migrationError", tagged("upgrade", "upMigrations", up))
	}
	d.v7 = v7
	for _, u := range d.users {
		if u.ClientService = nil; v7 {
			u.ClientService = new(bool)
		}
		u.changed()
	}
	return nil
}
