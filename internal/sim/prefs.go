package sim

import "encoding/json"

// pref is what is allowed of one feature in direct chats.
type pref struct {
	Allow string `json:"allow"`
	TTL   *int64 `json:"ttl,omitempty"`
}

// prefs are preferences for direct chats, each may be missing.
type prefs struct {
	TimedMessages *pref            `json:"timedMessages,omitempty"`
	FullDelete    *pref            `json:"fullDelete,omitempty"`
	Reactions     *pref            `json:"reactions,omitempty"`
	Voice         *pref            `json:"voice,omitempty"`
	Files         *pref            `json:"files,omitempty"`
	Calls         *pref            `json:"calls,omitempty"`
	Sessions      *pref            `json:"sessions,omitempty"`
	Commands      *json.RawMessage `json:"commands,omitempty"`
}

var noCommands = json.RawMessage("[]")

// defaultPrefs are what a user allows who says nothing. What it points to is
// shared: a preference is replaced, never changed.
func defaultPrefs() *prefs {
	p := unsaid
	return &p
}

var unsaid = prefs{
	TimedMessages: &pref{Allow: "yes"}, FullDelete: &pref{Allow: "no"}, Reactions: &pref{Allow: "yes"},
	Voice: &pref{Allow: "yes"}, Files: &pref{Allow: "always"}, Calls: &pref{Allow: "yes"},
	Sessions: &pref{Allow: "no"}, Commands: &noCommands,
}

// get returns the preference of a feature.
func (p *prefs) get(feature string) **pref {
	switch feature {
	case "timedMessages":
		return &p.TimedMessages
	case "fullDelete":
		return &p.FullDelete
	case "reactions":
		return &p.Reactions
	case "voice":
		return &p.Voice
	case "files":
		return &p.Files
	case "calls":
		return &p.Calls
	case "sessions":
		return &p.Sessions
	}
	panic("no feature " + feature)
}

// features are those that have a preference, chatFeatures those of them that
// get an item in the chat.
var (
	features     = []string{"timedMessages", "fullDelete", "reactions", "voice", "files", "calls", "sessions"}
	chatFeatures = []string{"timedMessages", "fullDelete", "reactions", "voice", "calls"}
	featureNames = map[string]string{
		"timedMessages": "Disappearing messages", "fullDelete": "Full deletion", "reactions": "Message reactions",
		"voice": "Voice messages", "files": "Files and media", "calls": "Audio/video calls", "sessions": "Chat sessions",
	}
)

// full fills in what the preferences leave out from other.
func (p *prefs) full(other *prefs) *prefs {
	f := *other
	if p == nil {
		return &f
	}
	for _, name := range features {
		if v := *p.get(name); v != nil {
			*f.get(name) = v
		}
	}
	if p.Commands != nil {
		f.Commands = p.Commands
	}
	return &f
}

// valid tells whether all values are known to the core.
func (p *prefs) valid() bool {
	if p == nil {
		return true
	}
	for _, name := range features {
		if v := *p.get(name); v != nil && v.Allow != "no" && v.Allow != "yes" && v.Allow != "always" {
			return false
		}
	}
	return true
}

type enabled struct {
	ForUser    bool `json:"forUser"`
	ForContact bool `json:"forContact"`
}

type userPref struct {
	Type       string `json:"type"` // "contact" where it is set for this contact, else "user"
	Preference *pref  `json:"preference"`
}

type mergedPref struct {
	Enabled           enabled  `json:"enabled"`
	UserPreference    userPref `json:"userPreference"`
	ContactPreference *pref    `json:"contactPreference"`
}

// mergedPrefs are the preferences of both sides of a chat.
type mergedPrefs struct {
	TimedMessages mergedPref      `json:"timedMessages"`
	FullDelete    mergedPref      `json:"fullDelete"`
	Reactions     mergedPref      `json:"reactions"`
	Voice         mergedPref      `json:"voice"`
	Files         mergedPref      `json:"files"`
	Calls         mergedPref      `json:"calls"`
	Sessions      mergedPref      `json:"sessions"`
	Commands      json.RawMessage `json:"commands,omitempty"`
}

func (m *mergedPrefs) get(feature string) *mergedPref {
	switch feature {
	case "timedMessages":
		return &m.TimedMessages
	case "fullDelete":
		return &m.FullDelete
	case "reactions":
		return &m.Reactions
	case "voice":
		return &m.Voice
	case "files":
		return &m.Files
	case "calls":
		return &m.Calls
	case "sessions":
		return &m.Sessions
	}
	panic("no feature " + feature)
}

// merge computes the preferences of a chat from what the user allows in
// general and for this contact, and from what the contact allows.
func merge(userFull *prefs, forContact prefs, contact *prefs, incognito bool) mergedPrefs {
	if incognito {
		userFull = forContact.full(defaultPrefs())
	}
	theirs := contact.full(defaultPrefs())
	var m mergedPrefs
	for _, f := range features {
		ours := userPref{"user", *userFull.get(f)}
		if p := *forContact.get(f); p != nil {
			ours = userPref{"contact", p}
		}
		if incognito {
			ours.Type = "contact"
		}
		their := *theirs.get(f)
		*m.get(f) = mergedPref{enable(f, ours.Preference.Allow, their.Allow), ours, their}
	}
	if contact != nil && contact.Commands != nil {
		m.Commands = *contact.Commands
	}
	return m
}

func enable(feature, ours, theirs string) enabled {
	asymmetric := feature != "timedMessages"
	switch {
	case ours == "always" && theirs == "no":
		return enabled{ForContact: asymmetric}
	case ours == "no" && theirs == "always":
		return enabled{ForUser: asymmetric}
	case ours == "no" || theirs == "no":
		return enabled{}
	default:
		return enabled{true, true}
	}
}

// state is the text of an item about a feature, and its parameter.
func (m *mergedPrefs) state(feature string) (text string, param *int64) {
	p := m.get(feature)
	texts := featureStates[feature]
	switch e := p.Enabled; {
	case e.ForUser && e.ForContact:
		if feature == "timedMessages" {
			param = timedTTL(p)
			if param == nil {
				return texts["allowed"], nil
			}
			return featureNames[feature] + ": enabled (" + ttlText(*param) + ")", param
		}
		return texts["enabled"], nil
	case e.ForUser:
		return texts["enabled for you"], nil
	case e.ForContact:
		return texts["enabled for contact"], nil
	default:
		return texts["off"], nil
	}
}

// featureStates are the texts of items about features, which are many: they
// are kept once.
var featureStates = func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for feature, name := range featureNames {
		all[feature] = map[string]string{}
		for _, state := range []string{"allowed", "enabled", "enabled for you", "enabled for contact", "off"} {
			all[feature][state] = name + ": " + state
		}
	}
	return all
}()

// timedTTL is after how many seconds messages disappear: what the contact
// wants, else what the user wants.
func timedTTL(p *mergedPref) *int64 {
	if !p.Enabled.ForUser || !p.Enabled.ForContact {
		return nil
	}
	if p.ContactPreference.TTL != nil {
		return p.ContactPreference.TTL
	}
	return p.UserPreference.Preference.TTL
}
