package sim

import (
	"encoding/json"
	"maps"
	"slices"
)

// networkCommands are settings of the network and of apps: they are kept and
// shown. Nothing here is slow or behind a proxy, so they change nothing else.
var networkCommands = table{
	"APIGetNetworkConfig":       {run: getNetwork, early: true},
	"APISetNetworkConfig":       {run: setNetwork, early: true},
	"APISetNetworkInfo":         {run: setNetworkInfo, early: true, anonymous: true},
	"ReconnectAllServers":       {run: reconnect, early: true},
	"ReconnectServer":           forUser(reconnect),
	"ResubscribeAllConnections": {run: func(*call) (raw, error) { return result("cmdOk"), nil }, early: true, anonymous: true},
	"APIGetAppSettings":         {run: getAppSettings, early: true, anonymous: true},
	"APISaveAppSettings":        {run: saveAppSettings, early: true, anonymous: true},
}

// settings are values by name, as JSON.
type settings map[string]json.RawMessage

// settingsOf makes settings of values.
func settingsOf(values map[string]any) settings {
	s := settings{}
	for name, v := range values {
		s[name] = json.RawMessage(encode(v))
	}
	return s
}

// json writes the settings in the order of the names.
func (s settings) json() raw {
	var pairs []any
	for _, name := range slices.Sorted(maps.Keys(s)) {
		pairs = append(pairs, name, s[name])
	}
	return object(pairs...)
}

// seconds are a time-out as the core has them: in the background, and when
// somebody waits.
func seconds(background, interactive int) map[string]int {
	const micro = 1_000_000
	return map[string]int{"backgroundTimeout": background * micro, "interactiveTimeout": interactive * micro}
}

// netDefaults is what the core begins with.
func netDefaults() settings {
	return settingsOf(map[string]any{
		"socksMode": "always", "hostMode": "onionViaSocks", "requiredHostMode": false, "sessionMode": "session",
		"smpProxyMode": "never", "smpProxyFallback": "allow", "smpWebPortServers": "preset",
		"tcpConnectTimeout": seconds(45, 15), "tcpTimeout": seconds(30, 10), "tcpTimeoutPerKb": 5000, "rcvConcurrency": 8,
		"tcpKeepAlive":    map[string]int{"keepIdle": 30, "keepIntvl": 15, "keepCnt": 4},
		"smpPingInterval": 600_000_000, "smpPingCount": 3, "logTLSErrors": false,
	})
}

// netOptional are the settings that may be left out.
var netOptional = map[string]bool{"socksProxy": true, "tcpKeepAlive": true}

func (d *database) networkConfig() settings {
	if d.netConfig == nil {
		d.netConfig = netDefaults()
	}
	return d.netConfig
}

func getNetwork(c *call) (raw, error) {
	return result("networkConfig", "networkConfig", c.db.networkConfig().json()), nil
}

func setNetwork(c *call) (raw, error) {
	var s settings
	if err := c.decode("config", &s); err != nil {
		return nil, err
	}
	known := netDefaults()
	known["socksProxy"] = json.RawMessage(`""`)
	kept := settings{}
	for name, example := range known {
		v, ok := s[name]
		switch {
		case ok && string(v) != "null" && sameKind(v, example):
			kept[name] = v
		case ok && string(v) != "null" || !netOptional[name]:
			return nil, errSyntax
		}
	}
	c.db.netConfig = kept
	return result("cmdOk"), nil
}

// sameKind tells whether two values are of the same kind of JSON.
func sameKind(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	switch x.(type) {
	case string:
		_, ok := y.(string)
		return ok
	case bool:
		_, ok := y.(bool)
		return ok
	case float64:
		_, ok := y.(float64)
		return ok
	case map[string]any:
		_, ok := y.(map[string]any)
		return ok
	}
	return false
}

func setNetworkInfo(c *call) (raw, error) {
	var info struct {
		NetworkType *string `json:"networkType"`
		Online      *bool   `json:"online"`
	}
	if err := c.decode("info", &info); err != nil {
		return nil, err
	}
	if info.NetworkType == nil || info.Online == nil || !slices.Contains([]string{"none", "cellular", "wifi", "ethernet", "other"}, *info.NetworkType) {
		return nil, errSyntax
	}
	return result("cmdOk"), nil
}

// reconnect drops the connections to the message server and makes them anew.
func reconnect(c *call) (raw, error) {
	d := c.db
	for _, u := range d.usersByID() {
		if !u.online {
			continue
		}
		ids := d.connIDs(u)
		u.online = false
		d.event(result("hostDisconnected", "protocol", "smp", "transportHost", serverHost))
		d.subscription("pending", ids)
		d.connected(u)
		d.subscription("active", ids)
	}
	return result("cmdOk"), nil
}

// appDefaults is what apps get that saved nothing; the network's settings are
// added.
func appDefaults() settings {
	s := settings{}
	for _, on := range []string{
		"privacyEncryptLocalFiles", "privacyAskToApproveRelays", "privacyAcceptImages", "privacyLinkPreviews", "privacyShowChatPreviews",
		"privacySaveLastDraft", "webrtcPolicyRelay", "connectRemoteViaMulticast", "connectRemoteViaMulticastAuto", "iosCallKitEnabled",
		"uiChatItemTail", "oneHandUI", "chatBottomBar",
	} {
		s[on] = json.RawMessage("true")
	}
	for _, off := range []string{"privacyProtectScreen", "confirmRemoteSessions", "developerTools", "confirmDBUpgrades", "iosCallKitCallsInRecents"} {
		s[off] = json.RawMessage("false")
	}
	maps.Copy(s, settingsOf(map[string]any{
		"privacyMediaBlurRadius": 0, "notificationMode": "instant", "notificationPreviewMode": "message", "webrtcICEServers": []string{},
		"androidCallOnLockScreen": "show", "uiProfileImageCornerRadius": 22.5, "uiChatItemRoundness": 0.75,
		"uiColorScheme": "SYSTEM", "uiDarkColorScheme": "SIMPLEX",
	}))
	return s
}

// getAppSettings answers with what was saved, else with what the app would have,
// else with the defaults.
func getAppSettings(c *call) (raw, error) {
	s := appDefaults()
	s["networkConfig"] = json.RawMessage(c.db.networkConfig().json())
	if c.db.v7 {
		s["privacySanitizeLinks"] = json.RawMessage("false")
	}
	if c.cmd.Has("settings") {
		var platform settings
		if err := c.decode("settings", &platform); err != nil {
			return nil, err
		}
		maps.Copy(s, platform)
	}
	maps.Copy(s, c.db.appSettings)
	return result("appSettings", "appSettings", s.json()), nil
}

func saveAppSettings(c *call) (raw, error) {
	var s settings
	if err := c.decode("settings", &s); err != nil {
		return nil, err
	}
	c.db.appSettings = s
	return result("cmdOk"), nil
}
