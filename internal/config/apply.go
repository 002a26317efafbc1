package config

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// apply sets the values in entries, weakest layer first. Keys of the process are
// set in c, those of a bot in b; the others are passed over: c or b is nil.
func apply(c *Config, b *Bot, entries []entry, wrong *mistakes) {
	for _, e := range entries {
		if (e.key.process != nil) != (b == nil) {
			continue
		}
		if problem := assign(c, b, e); problem != "" {
			wrong.add(e.source, "%s%s", e.subject(), problem)
		}
	}
}

// subject begins the message about a wrong value.
func (e entry) subject() string {
	text, _ := e.value.(string)
	if e.key.Secret || e.key.url {
		text = "(hidden)"
	}
	if e.item != "" {
		text = e.item + "=" + text
	}
	switch e.source.Kind {
	case FromFlag:
		if e.key.Type() == "list" {
			return "--" + e.source.Name + " "
		}
		return "--" + e.source.Name + " " + text + ": "
	case FromEnv:
		if e.key.Type() == "list" {
			return "$" + e.source.Name + ": "
		}
		return "$" + e.source.Name + "=" + text + ": "
	}
	name := e.key.Name
	if e.item != "" {
		name += "." + e.item
	}
	return name + ": "
}

// assign sets one value; a problem is said in words.
func assign(c *Config, b *Bot, e entry) (problem string) {
	gs := &c.given
	if b != nil {
		gs = &b.given
	}
	g := given{name: e.key.Name, source: e.source}
	switch into := e.key.field(c, b).(type) {
	case *bool:
		v, ok := e.value.(bool)
		if !ok {
			var err error
			if v, err = strconv.ParseBool(e.value.(string)); err != nil {
				return "want true or false"
			}
		}
		*into, g.text = v, strconv.FormatBool(v)
	case *time.Duration:
		d, err := time.ParseDuration(e.value.(string))
		if err != nil || d < 0 {
			return `want a duration, as 10s or 1m30s`
		}
		if d == 0 && e.key.setting != nil {
			return "want a duration above 0"
		}
		*into, g.text = d, e.value.(string)
	case *int:
		n, err := strconv.Atoi(e.value.(string))
		if err != nil || n < 0 {
			return "want a whole number from 0"
		}
		*into, g.text = n, strconv.Itoa(n)
	case *[]string:
		return assignList(into, gs, e)
	case *map[string]string:
		text := e.value.(string)
		if p := checkItem(e.key, e.item, text); p != "" {
			return p
		}
		if *into == nil {
			*into = map[string]string{}
		}
		(*into)[e.item] = text
		g.name, g.text = e.key.Name+"."+e.item, text
	case *string:
		text := e.value.(string)
		if p := e.key.check(text, e.source); p != "" {
			return p
		}
		if p := clearGroup(b, gs, e); p != "" {
			return p
		}
		*into, g.text = text, text
		if e.key.url {
			g.text = withoutPassword(text)
		}
	}
	gs.put(g)
	return ""
}

// assignList joins a list to what is there.
func assignList(into *[]string, gs *givens, e entry) (problem string) {
	for i, text := range e.value.([]string) {
		if p := e.key.checkGrant(text); p != "" {
			return p
		}
		*into = append(*into, text)
		source := e.source
		if i < len(e.sources) {
			source = e.sources[i]
		}
		*gs = append(*gs, given{name: e.key.Name, text: text, source: source})
	}
	if !gs.has(e.key.Name) { // an empty list is one too
		*gs = append(*gs, given{name: e.key.Name, source: e.source})
	}
	return ""
}

// check is about a string's value.
func (k *Key) check(text string, source Source) (problem string) {
	if len(k.Choices) > 0 && !slices.Contains(k.Choices, text) {
		last := len(k.Choices) - 1
		return "want " + strings.Join(k.Choices[:last], ", ") + " or " + k.Choices[last]
	}
	switch {
	case k.Scope == OneBot && text == "":
		return "want a name"
	case k.Name == "libs_sha256" && text != "" && !ValidSHA256(text):
		return "want the 64 hexadecimal digits of a SHA-256 hash"
	case k.Name == "metrics" && text != "":
		if _, err := ParseAddress(text); err != nil {
			return err.Error()
		}
	case k.Name == "store":
		return checkStore(text, source)
	case k.Name == "name" && !validName(text):
		return "want letters, digits, dots, dashes and underscores, and first a letter or a digit"
	}
	return ""
}

// ValidSHA256 tells whether text is a SHA-256 hash in hexadecimal digits.
func ValidSHA256(text string) bool {
	hash, err := hex.DecodeString(text)
	return err == nil && len(hash) == sha256.Size
}

// validName tells whether a bot can have that name: it becomes part of paths.
func validName(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r >= 0x80
		if !letter && (i == 0 || !strings.ContainsRune("._-", r)) {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// checkItem is about an entry of a table.
func checkItem(k *Key, item, text string) (problem string) {
	switch {
	case k.Name == "limits":
		if _, err := luaapi.ParseLimits([]string{item + "=" + text}); err != nil {
			_, problem, _ = strings.Cut(err.Error(), ": ")
			return problem
		}
	case item == "" || strings.ContainsAny(item, "=\x00"):
		return "a variable has a name without ="
	}
	return ""
}

// clearGroup drops the weaker values of the key's group. Two in one layer are a
// mistake.
func clearGroup(b *Bot, gs *givens, e entry) (problem string) {
	if e.key.group == "" {
		return ""
	}
	for _, k := range keys {
		if k == e.key || k.group != e.key.group {
			continue
		}
		if g, ok := gs.find(k.Name); ok {
			if g.source.rank() == e.source.rank() {
				return "there is " + k.Name + " from " + g.source.String() + " too; only one of them can be"
			}
			*k.bot(b).(*string) = ""
			gs.drop(k.Name)
		}
	}
	return ""
}
