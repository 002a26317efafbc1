package sim

import "encoding/json"

// groupPref is what is allowed of one feature in a group.
type groupPref struct {
	Enable string `json:"enable"`
	Role   string `json:"role,omitempty"`
	TTL    *int64 `json:"ttl,omitempty"`
}

// groupPrefs are preferences of a group, each may be missing.
type groupPrefs struct {
	TimedMessages  *groupPref       `json:"timedMessages,omitempty"`
	DirectMessages *groupPref       `json:"directMessages,omitempty"`
	FullDelete     *groupPref       `json:"fullDelete,omitempty"`
	Reactions      *groupPref       `json:"reactions,omitempty"`
	Voice          *groupPref       `json:"voice,omitempty"`
	Files          *groupPref       `json:"files,omitempty"`
	SimplexLinks   *groupPref       `json:"simplexLinks,omitempty"`
	Reports        *groupPref       `json:"reports,omitempty"`
	History        *groupPref       `json:"history,omitempty"`
	Support        *groupPref       `json:"support,omitempty"`
	Sessions       *groupPref       `json:"sessions,omitempty"`
	Comments       *groupPref       `json:"comments,omitempty"`
	Commands       *json.RawMessage `json:"commands,omitempty"`
}

// groupFeature is a feature of groups: its name, its text, and what it is where
// a group does not say.
type groupFeature struct {
	name, text, unset string
}

// groupFeatures are those that get an item in the chat, then the others.
var groupFeatures = []groupFeature{
	{"timedMessages", "Disappearing messages", "off"}, {"directMessages", "Direct messages", "off"},
	{"fullDelete", "Full deletion", "off"}, {"reactions", "Message reactions", "on"}, {"voice", "Voice messages", "on"},
	{"files", "Files and media", "on"}, {"simplexLinks", "SimpleX links", "on"}, {"reports", "Member reports", "on"},
	{"history", "Recent history", "off"}, {"support", "Chat with admins", "on"},
	{"sessions", "", "off"}, {"comments", "", "off"},
}

func (p *groupPrefs) get(feature string) **groupPref {
	switch feature {
	case "timedMessages":
		return &p.TimedMessages
	case "directMessages":
		return &p.DirectMessages
	case "fullDelete":
		return &p.FullDelete
	case "reactions":
		return &p.Reactions
	case "voice":
		return &p.Voice
	case "files":
		return &p.Files
	case "simplexLinks":
		return &p.SimplexLinks
	case "reports":
		return &p.Reports
	case "history":
		return &p.History
	case "support":
		return &p.Support
	case "sessions":
		return &p.Sessions
	case "comments":
		return &p.Comments
	}
	panic("no feature " + feature)
}

const groupTTL = 86400 // of disappearing messages, where a group does not say

// full fills in what the preferences leave out.
func (p *groupPrefs) full() groupPrefs {
	var f groupPrefs
	for _, feature := range groupFeatures {
		v := &groupPref{Enable: feature.unset}
		switch {
		case p != nil && *p.get(feature.name) != nil:
			c := **p.get(feature.name)
			v = &c
		case feature.name == "timedMessages":
			ttl := int64(groupTTL)
			v.TTL = &ttl
		}
		*f.get(feature.name) = v
	}
	commands := noCommands
	if p != nil && p.Commands != nil {
		commands = *p.Commands
	}
	f.Commands = &commands
	return f
}

// allows tells whether a member may use a feature.
func (g *group) allows(feature string, m *member) bool {
	p := *g.FullGroupPreferences.get(feature)
	return p.Enable == "on" && (p.Role == "" || roleRank[m.MemberRole] >= roleRank[p.Role])
}

// state is what counts of a preference: of one that is off, nothing else.
func (p *groupPref) state() groupPref {
	if p.Enable != "on" {
		return groupPref{Enable: p.Enable}
	}
	return *p
}

// groupFeatureItem adds the item about one feature.
func (d *database) groupFeatureItem(ch *chat, dir direction, f groupFeature) *item {
	p := (*ch.group.FullGroupPreferences.get(f.name)).state()
	param, role := p.TTL, p.Role
	p.TTL, p.Role = nil, ""
	text := f.text + ": " + p.Enable
	if param != nil {
		text += " (" + ttlText(*param) + ")"
	}
	if role != "" {
		text += " for " + role + "s"
	}
	kind := "rcvGroupFeature"
	if dir.Type == "groupSnd" {
		kind = "sndGroupFeature"
	}
	return d.groupItem(ch, dir, content{Type: kind, Feature: f.name, Detail: encode(p), Param: param, Role: role}, text)
}

// featureItemsOf adds the items about all features.
func (d *database) featureItemsOf(ch *chat, dir direction) []*item {
	var items []*item
	for _, f := range groupFeatures {
		if f.text != "" {
			items = append(items, d.groupFeatureItem(ch, dir, f))
		}
	}
	return items
}
