package sim_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestArchive: a database and its files go over to another controller; what
// changed since can't be brought back.
func TestArchive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, folder := range []string{"files", "temp", "assets", "files2"} {
		must(t, os.Mkdir(filepath.Join(dir, folder), 0o700))
	}
	must(t, os.WriteFile(filepath.Join(dir, "files", "a.txt"), []byte("hello"), 0o600))
	net := virtual(t, sim.Options{Seed: 1, Dir: dir})
	alice, bob, _ := connected(t, net)
	other, _, err := net.Open("other", "", "yesUp")
	must(t, err)
	second := &sim.Person{Core: other}
	const paths = `/set file paths {"appFilesFolder":"files","appTempFolder":"temp","appAssetsFolder":"assets"}`
	keep(t, net, []rule{
		{alice, paths, "cmdOk", ""},
		{alice, `/_db export {"archivePath":"a.zip"}`, "chatNotStopped", ""},
		{alice, "/_stop", "chatStopped", ""},
		{alice, `/_db export {"archivePath":"a.zip"}`, "assets/wallpapers: getDirectoryContents:openDirStream: does not exist (No such file or directory)", ""},
	})
	must(t, os.Mkdir(filepath.Join(dir, "assets", "wallpapers"), 0o700))
	keep(t, net, []rule{
		{alice, `/_db export {"archivePath":"nosuch/a.zip"}`, "nosuch/a.zip: withBinaryFile: does not exist (No such file or directory)", ""},
		{alice, `/_db export {"archivePath":"a.zip","disableCompression":true}`, "archiveExported", ""},
		{second, `/_db import {"archivePath":"nosuch.zip"}`, "nosuch.zip: withBinaryFile: does not exist (No such file or directory)", ""},
		{second, `/_db import {"archivePath":"files/a.txt"}`, "zip: not a valid zip file", ""},
		{second, `/set file paths {"appFilesFolder":"files2","appTempFolder":"temp","appAssetsFolder":"assets"}`, "cmdOk", ""},
		{second, `/_db import {"archivePath":"a.zip"}`, "archiveImported", ""},
	})
	other.Kill()
	alice.Close()
	if _, err := os.Stat(filepath.Join(dir, "files2", "a.txt")); err != nil {
		t.Error(err)
	}
	other, _, err = net.Open("other", "", "yesUp")
	must(t, err)
	second = &sim.Person{Core: other}
	keep(t, net, []rule{
		{second, "/_start", "chatStarted", ""},
		{second, text("@4", "from the new place"), "newChatItems", ""},
		{second, "/_stop", "chatStopped", ""},
		{second, `/_db import {"archivePath":"a.zip"}`, "not simulated: APIImportArchive of a database that changed since", ""},
		{second, "/db encrypt k", "cmdOk", ""},
		{second, "/db decrypt k", "cmdOk", ""},
		{second, "/_db delete", "cmdOk", ""},
	})
	expect(t, bob, "message", "alice", "from the new place")
	other.Kill()
	other, _, err = net.Open("other", "", "yesUp")
	must(t, err)
	keep(t, net, []rule{{&sim.Person{Core: other}, "/user", "noActiveUser", ""}})
}

// TestSettings: settings of the network and of apps are kept.
func TestSettings(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, _, _ := connected(t, net)
	const config = `{"socksMode":"always","hostMode":"public","requiredHostMode":false,"sessionMode":"session","smpProxyMode":"never",` +
		`"smpProxyFallback":"allow","smpWebPortServers":"preset","tcpConnectTimeout":{},"tcpTimeout":{},"tcpTimeoutPerKb":5000,` +
		`"rcvConcurrency":8,"smpPingInterval":600000000,"smpPingCount":3,"logTLSErrors":true}`
	keep(t, net, []rule{
		{alice, "/network", "networkConfig", `"hostMode":"onionViaSocks"`},
		{alice, "/_network {}", "Failed reading: empty", ""},
		{alice, "/_network " + config, "cmdOk", ""},
		{alice, "/network", "networkConfig", `"hostMode":"public"`},
		{alice, `/_network info {"networkType":"wifi","online":true}`, "cmdOk", ""},
		{alice, `/_network info {"networkType":"tin cans","online":true}`, "Failed reading: empty", ""},
		{alice, "/_get app settings", "appSettings", `"oneHandUI":true`},
		{alice, `/_save app settings {"oneHandUI":false}`, "cmdOk", ""},
		{alice, `/_get app settings {"oneHandUI":true,"uiTheme":"x"}`, "appSettings", `"oneHandUI":false`},
		{alice, "/reconnect", "cmdOk", ""},
		{alice, "/get subs total 1", "agentSubsTotal", `{"ssActive":1,"ssPending":0},"hasSession":true`},
		{alice, "/help files", "chatHelp", `"files"`},
		{alice, "/help nonsense", "Failed reading: empty", ""},
		{alice, "/_call get", "callInvitations", ""},
		{alice, "/_ntf get", "CMD", ""},
		{alice, "/_sync #1 1", "groupNotFound", ""},
	})
}
