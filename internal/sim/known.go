package sim

// known are values that many items and contacts of a network have in common:
// equal ones are kept once. Nobody changes them.
type known struct {
	contents map[contentKey]*content
	merged   map[string]*mergedPrefs
}

// mostKnown is how many values of a kind are kept, so that what never comes
// again is not kept for ever.
const mostKnown = 1 << 10

// contentKey tells contents of items apart.
type contentKey struct {
	kind, detail, feature, allowed, role string
	enabled                              enabled
	hasEnabled, hasParam                 bool
	param                                int64
}

// content returns the one content that is equal to c.
func (k *known) content(c content) *content {
	key := contentKey{kind: c.Type, detail: string(c.Detail), feature: c.Feature, allowed: c.Allowed, role: c.Role}
	if c.Enabled != nil {
		key.enabled, key.hasEnabled = *c.Enabled, true
	}
	if c.Param != nil {
		key.param, key.hasParam = *c.Param, true
	}
	if old := k.contents[key]; old != nil {
		return old
	}
	if k.contents == nil || len(k.contents) >= mostKnown {
		k.contents = map[contentKey]*content{}
	}
	k.contents[key] = &c
	return &c
}

// prefs returns the one set of merged preferences that is equal to m.
func (k *known) prefs(m mergedPrefs) *mergedPrefs {
	key := string(encode(m))
	if old := k.merged[key]; old != nil {
		return old
	}
	if k.merged == nil || len(k.merged) >= mostKnown {
		k.merged = map[string]*mergedPrefs{}
	}
	k.merged[key] = &m
	return &m
}
