package config

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// hidden stands where a secret is.
const hidden = "(hidden)"

// Note tells Show what holds for a key that the configuration does not set:
// what the script says, or what is so by default. It changes no other value.
func (b *Bot) Note(kind SourceKind, name, text string) {
	k := keyNamed(name)
	if k == nil || text == "" {
		return
	}
	for _, g := range b.given {
		other := keyNamed(g.name)
		same := g.name == name || k.group != "" && other != nil && other.group == k.group
		if same && g.source.Kind >= kind {
			return
		}
	}
	b.given.put(given{name: name, text: text, source: Source{Kind: kind}})
}

// Show writes each effective value with its source behind it, in the form of a
// configuration file. Secrets are hidden.
func (c *Config) Show(w io.Writer) error {
	var lines [][2]string
	add := func(text, source string) { lines = append(lines, [2]string{text, source}) }
	lines = append(lines, c.given.lines(c, nil)...)
	for _, b := range c.Bots {
		add("", "")
		add("[[bot]]", "")
		if !b.given.has("name") {
			add("name = "+quote(b.Name), "default")
		}
		if !b.given.has("script") {
			source := "argument"
			if b.Files != nil {
				source = "the bundle"
			}
			add("script = "+quote(b.Script), source)
		}
		lines = append(lines, b.given.lines(c, b)...)
	}
	width := 0
	for _, l := range lines {
		if l[1] != "" && len([]rune(l[0])) <= 60 {
			width = max(width, len([]rune(l[0])))
		}
	}
	for _, l := range lines {
		text := l[0]
		if l[1] != "" {
			text = fmt.Sprintf("%-*s  # %s", width, l[0], l[1])
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	return nil
}

// lines are the values of c, or of its bot b, in the order of the keys.
func (g givens) lines(c *Config, b *Bot) (lines [][2]string) {
	for _, k := range keys {
		if (k.process != nil) != (b == nil) {
			continue
		}
		var own []given
		for _, v := range g {
			if table, _, _ := strings.Cut(v.name, "."); v.name == k.Name || k.Type() == "table" && table == k.Name {
				own = append(own, v)
			}
		}
		lines = append(lines, k.lines(own)...)
	}
	return lines
}

// lines are those of one key.
func (k *Key) lines(values []given) (lines [][2]string) {
	if k.Type() == "list" {
		if len(values) == 1 && values[0].text == "" {
			return [][2]string{{k.Name + " = []", values[0].source.String()}}
		}
		for i, v := range values {
			if i == 0 {
				lines = append(lines, [2]string{k.Name + " = [", ""})
			}
			if v.text != "" { // an empty list, which another one joined
				lines = append(lines, [2]string{"  " + quote(v.text) + ",", v.source.String()})
			}
			if i == len(values)-1 {
				lines = append(lines, [2]string{"]", ""})
			}
		}
		return lines
	}
	for _, v := range values {
		name, text := k.Name, quote(v.text)
		if k.Type() == "table" {
			name += "." + bareKey(strings.TrimPrefix(v.name, k.Name+"."))
		}
		switch {
		case k.Secret:
			text = quote(hidden)
		case k.Type() == "boolean", k.Type() == "number":
			text = v.text
		}
		lines = append(lines, [2]string{name + " = " + text, v.source.String()})
	}
	return lines
}

// quote writes a string as TOML has it.
func quote(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // strings can always be written
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\x7f", `\u007f`)
}

// bareKey quotes a key where TOML wants it.
func bareKey(name string) string {
	bare := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
	}
	if name != "" && strings.IndexFunc(name, func(r rune) bool { return !bare(r) }) < 0 {
		return name
	}
	return quote(name)
}
