package config

import (
	"slices"
	"strings"
	"testing"
)

// TestKeys holds the table of keys to its own rules.
func TestKeys(t *testing.T) {
	t.Parallel()
	names, flags, variables := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, k := range Keys() {
		if names[k.Name] || k.Flag != "" && flags[k.Flag] || k.Env != "" && variables[k.Env] {
			t.Errorf("%s: its name, flag or variable is another key's too", k.Name)
		}
		names[k.Name], flags[k.Flag], variables[k.Env] = true, true, true
		places := 0
		for _, has := range []bool{k.process != nil, k.bot != nil, k.setting != nil} {
			if has {
				places++
			}
		}
		if places != 1 || (k.Scope == Process) != (k.process != nil) {
			t.Errorf("%s: it must be the process's, a bot's or a script's, as its scope says", k.Name)
		}
		if k.Secret && k.Flag != "" {
			t.Errorf("%s: a secret has no flag, for everybody can read the arguments of a process", k.Name)
		}
		if k.Env != "" && !strings.HasPrefix(k.Env, "SIMPLEX_LUA_") {
			t.Errorf("%s: the variable is %s", k.Name, k.Env)
		}
		if k.Default != "" && len(k.Choices) > 0 && !slices.Contains(k.Choices, k.Default) {
			t.Errorf("%s: the default %s is none of its choices", k.Name, k.Default)
		}
		if k.Type() != "boolean" && strings.Count(k.Usage, "`") != 2 {
			t.Errorf("%s: its usage has no placeholder in backquotes", k.Name)
		}
	}
	var wrong mistakes
	apply(&Config{}, nil, defaults(true), &wrong)
	apply(&Config{}, &Bot{}, defaults(true), &wrong)
	if err := wrong.err(); err != nil {
		t.Errorf("defaults: %v", err)
	}
}
