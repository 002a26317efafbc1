package luadoc

import (
	"slices"
	"strings"
)

// Lookup returns what a name may stand for: the entry itself, a function by its
// last part (send_text_message, reply), a command (APISendMessages), an event or
// answer by its tag (newChatItems). The letters' case counts only where an
// exact match is there.
func (d *Doc) Lookup(name string) []*Entry {
	name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(name), "api_"), "()")
	if e := d.Find(name); e != nil {
		return []*Entry{e}
	}
	match := func(same func(a, b string) bool) []*Entry {
		var out []*Entry
		for _, e := range d.Entries {
			if same(e.Name, name) || same(e.Name, name+"Params") || same(lastPart(e.Name), name) || same(strings.ReplaceAll(e.Name, ":", "."), name) {
				out = append(out, e)
			}
		}
		return out
	}
	if out := match(func(a, b string) bool { return a == b }); len(out) > 0 {
		return out
	}
	if strings.HasPrefix(name, "msg") {
		if out := d.Lookup("Message" + name[3:]); len(out) > 0 {
			return out
		}
	}
	return match(strings.EqualFold)
}

// lastPart is what follows the last dot or colon.
func lastPart(name string) string { return name[strings.LastIndexAny(name, ".:")+1:] }

// Names are all names that Lookup knows: those of the entries and their last
// parts.
func (d *Doc) Names() []string {
	var names []string
	for _, e := range d.Entries {
		names = append(names, strings.TrimSuffix(e.Name, "Params"), lastPart(e.Name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Group is a part of the documentation.
type Group struct {
	Title   string
	Entries []*Entry
}

// Groups sorts the entries by what they are for.
func (d *Doc) Groups() []Group {
	groups := []Group{
		{Title: "Functions"}, {Title: "Methods of objects"}, {Title: "Objects and options"}, {Title: "bot.api"},
		{Title: "Chat commands"}, {Title: "Events"}, {Title: "Answers"}, {Title: "Types"},
	}
	for _, e := range d.Entries {
		g := 2
		wire := strings.HasSuffix(e.File, ".gen.lua")
		switch {
		case e.Method():
			g = 1
		case strings.HasPrefix(e.Name, "bot.api."):
			g = 3
		case e.Kind == Func || e.Kind == Value:
			g = 0
		case strings.HasPrefix(e.Name, "Event.") || e.Name == "Event":
			g = 5
		case strings.HasPrefix(e.Name, "Response.") || e.Name == "Response":
			g = 6
		case wire && strings.HasSuffix(e.Name, "Params"):
			g = 4
		case wire && !strings.HasPrefix(e.Name, "Message.") && !strings.HasPrefix(e.Name, "Filter."):
			g = 7
		case wire:
			continue // narrows a type that is listed
		}
		groups[g].Entries = append(groups[g].Entries, e)
	}
	return slices.DeleteFunc(groups, func(g Group) bool { return len(g.Entries) == 0 })
}

// Title is the name under which an entry is explained.
func (e *Entry) Title() string {
	switch {
	case e.Kind == Func:
		return e.Signature()
	case strings.HasSuffix(e.File, ".gen.lua") && strings.HasSuffix(e.Name, "Params"):
		return strings.TrimSuffix(e.Name, "Params")
	}
	return e.Name
}

// Summary is the first sentence of the description.
func (e *Entry) Summary() string {
	text := e.Text
	if end := slices.IndexFunc(text, func(line string) bool { return line == "" || strings.HasPrefix(line, "```") }); end >= 0 {
		text = text[:end]
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.Join(text, " "), "Not documented by SimpleX: "), ". ")
	return strings.TrimSuffix(first, ".")
}
