package host

import (
	"encoding/json"
	"reflect"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// The order of the fields is the one in which the official bots write them.
type (
	newUser struct {
		PastTimestamp bool    `json:"pastTimestamp"`
		UserChatRelay bool    `json:"userChatRelay"`
		Profile       profile `json:"profile"`
	}
	profile struct {
		DisplayName string       `json:"displayName"`
		FullName    string       `json:"fullName"`
		ShortDescr  string       `json:"shortDescr,omitempty"`
		Image       string       `json:"image,omitempty"`
		Preferences *preferences `json:"preferences,omitempty"`
		PeerType    string       `json:"peerType,omitempty"`
		ContactLink string       `json:"contactLink,omitempty"`
	}
	preferences struct {
		Calls    *allow      `json:"calls,omitempty"`
		Voice    *allow      `json:"voice,omitempty"`
		Files    *allow      `json:"files,omitempty"`
		Commands []menuEntry `json:"commands,omitempty"`
	}
	allow struct {
		Allow string `json:"allow"`
	}
	menuEntry struct {
		Type     string      `json:"type"`
		Keyword  string      `json:"keyword,omitempty"`
		Label    string      `json:"label"`
		Params   string      `json:"params,omitempty"`
		Commands []menuEntry `json:"commands,omitempty"`
	}
	addressSettings struct {
		BusinessAddress bool            `json:"businessAddress"`
		AutoAccept      *autoAccept     `json:"autoAccept,omitempty"`
		AutoReply       json.RawMessage `json:"autoReply,omitempty"`
	}
	autoAccept struct {
		AcceptIncognito bool `json:"acceptIncognito"`
	}
)

// wantedProfile is the profile that the script asks for. link is the bot's
// address, "" for none.
func wantedProfile(s luaapi.Settings, link string) profile {
	p := profile{
		DisplayName: s.Profile.DisplayName, FullName: s.Profile.FullName,
		ShortDescr: s.Profile.ShortDescr, Image: s.Profile.Image, ContactLink: link,
	}
	menu := menuEntries(s.Commands)
	switch {
	case s.UseBotProfile:
		files := "no"
		if s.AllowFiles {
			files = "yes"
		}
		p.PeerType = "bot"
		p.Preferences = &preferences{Calls: &allow{"no"}, Voice: &allow{"no"}, Files: &allow{files}, Commands: menu}
	case len(menu) > 0:
		p.Preferences = &preferences{Commands: menu}
	}
	return p
}

func menuEntries(commands []luaapi.BotCommand) []menuEntry {
	var menu []menuEntry
	for _, c := range commands {
		if c.Commands != nil {
			menu = append(menu, menuEntry{Type: "menu", Label: c.Label, Commands: menuEntries(c.Commands)})
			continue
		}
		menu = append(menu, menuEntry{Type: "command", Keyword: c.Keyword, Label: c.Label, Params: c.Params})
	}
	return menu
}

func wantedAddress(s luaapi.Settings) addressSettings {
	a := addressSettings{BusinessAddress: s.BusinessAddress, AutoReply: s.Welcome}
	if s.AutoAccept {
		a.AutoAccept = &autoAccept{}
	}
	return a
}

// ours are the fields of a profile that the script decides about; the core
// keeps more in it (profileId, localAlias, whatever newer versions add).
var ours = []string{"displayName", "fullName", "shortDescr", "image", "preferences", "peerType", "contactLink"}

// sameProfile compares what is wanted with what the core reports, by meaning:
// order, missing and empty fields make no difference.
func sameProfile(wanted profile, reported json.RawMessage) bool {
	var have map[string]any
	if json.Unmarshal(reported, &have) != nil {
		return false
	}
	kept := map[string]any{}
	for _, name := range ours {
		if v, ok := have[name]; ok {
			kept[name] = v
		}
	}
	return sameJSON(wanted, kept)
}

// sameJSON compares two values by the JSON they write; null, "", [] and {} are
// as good as missing.
func sameJSON(a, b any) bool {
	return reflect.DeepEqual(plain(a), plain(b))
}

func plain(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	var out any
	if json.Unmarshal(raw, &out) != nil {
		return string(raw)
	}
	return trim(out)
}

// trim drops empty fields of objects, at any depth.
func trim(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, field := range v {
			if field = trim(field); field == nil {
				delete(v, name)
			} else {
				v[name] = field
			}
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case []any:
		for i := range v {
			v[i] = trim(v[i])
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case string:
		if v == "" {
			return nil
		}
		return v
	default:
		return v
	}
}
