package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

const (
	smpHere   = "smp://c2ltdWxhdGVkLW1lc3NhZ2Utc2VydmVyLWtleS0wMDA=@127.0.0.1:5223"
	xftpHere  = "xftp://c2ltdWxhdGVkLW1lc3NhZ2Utc2VydmVyLWtleS0wMDA=@127.0.0.1:5443"
	elsewhere = "smp://b3RoZXI=@example.org"
)

// TestServers: lists of servers are kept and checked, and decide what works.
func TestServers(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice := person(t, net, "alice")
	group := func(smp, xftp string) string {
		return `[{"smpServers":[` + smp + `],"xftpServers":[` + xftp + `],"chatRelays":[]}]`
	}
	server := func(id, address, state string) string {
		return `{` + id + `"server":"` + address + `","preset":false,` + state + `}`
	}
	const on, off, gone = `"enabled":true,"deleted":false`, `"enabled":false,"deleted":false`, `"enabled":true,"deleted":true`
	keep(t, net, []rule{
		{alice, "/_servers 1", "userServers", `"smpServers":[{"serverId":1,"server":"` + smpHere + `","preset":false,"enabled":true,"deleted":false}]`},
		{alice, "/_server test 1 " + smpHere, "serverTestResult", `"testServer":"` + smpHere + `"}`},
		{alice, "/_server test 1 smp://d3Jvbmc=@127.0.0.1:5223", "serverTestResult", `"unknownCAError"`},
		{alice, "/_server test 1 " + elsewhere, "serverTestResult", `"testStep":"connect"`},
		{alice, "/_server test 1 nonsense", "Failed reading: empty", ""},
		{alice, "/_validate_servers 1 []", "userServersValidation", `[{"type":"noServers","protocol":"smp"},{"type":"noServers","protocol":"xftp"}]`},
		{alice, "/_servers 1 " + group(server(`"serverId":1,`, smpHere, off), server(`"serverId":2,`, xftpHere, on)), `user servers validation error(s): [{"type":"noServers","protocol":"smp"}]`, ""},
		{alice, "/_servers 1 " + group(server(`"serverId":1,`, smpHere, off)+","+server("", elsewhere, on), server(`"serverId":2,`, xftpHere, on)), "cmdOk", ""},
		{alice, "/smp", "userServers", `"serverId":3,"server":"` + elsewhere},
		{alice, "/_address 1", "BROKER", elsewhere},
		{alice, "/_servers 1 " + group(server(`"serverId":1,`, smpHere, on)+","+server(`"serverId":3,`, elsewhere, gone), server(`"serverId":2,`, xftpHere, on)), "cmdOk", ""},
		{alice, "/_address 1", "userContactLinkCreated", ""},
		{alice, "/smp " + elsewhere, "cmdOk", ""},
		{alice, "/smp", "userServers", `"smpServers":[{"serverId":3,"server":"` + elsewhere},
		{alice, "/xftp", "userServers", `"xftpServers":[{"serverId":2`},
	})
	if _, all := answer(t, alice, "/xftp"); strings.Contains(all, elsewhere) {
		t.Errorf("servers of another kind are listed: %s", all)
	}
}

// TestOperators: conditions are to be reviewed until they are accepted.
func TestOperators(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice := person(t, net, "alice")
	keep(t, net, []rule{
		{alice, "/_operators", "serverOperatorConditions", `"showNotice":true`},
		{alice, "/_conditions_notified 2", "cmdOk", ""},
		{alice, "/_conditions", "usageConditions", `"notifiedAt"`},
		{alice, "/_operators", "serverOperatorConditions", `"showNotice":false`},
		{alice, "/_accept_conditions 1 1", "usageConditionsNotFound", ""},
		{alice, "/_accept_conditions 2 7", "operatorNotFound", ""},
		{alice, "/_accept_conditions 2 1", "serverOperatorConditions", `"conditionsAction":{"type":"review","operators":[{"operatorId":2`},
		{alice, `/_operators [{"operatorId":2,"enabled":false}]`, "serverOperatorConditions", `"conditionsAction":{"type":"accepted"`},
		{alice, `/_operators [{"operatorId":2}]`, "Failed reading: empty", ""},
	})
}
