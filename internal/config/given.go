package config

import (
	"path/filepath"
	"strconv"
	"strings"
)

// fromFlags are the values of flags, as the command line gives them.
func fromFlags(flags map[string][]string) (list []entry) {
	for _, k := range keys {
		if values, ok := flags[k.Flag]; ok && k.Flag != "" {
			list = append(list, fromTexts(k, values, Source{Kind: FromFlag, Name: k.Flag})...)
		}
	}
	return list
}

// fromEnvironment are the values of $SIMPLEX_LUA_…; an empty variable is none.
func fromEnvironment(getenv func(string) (string, bool)) (list []entry) {
	for _, k := range keys {
		if k.Env == "" {
			continue
		}
		text, _ := getenv(k.Env)
		if text == "" {
			continue
		}
		texts := []string{text}
		if t := k.Type(); t == "list" || t == "table" {
			texts = strings.Split(text, ",")
		}
		list = append(list, fromTexts(k, texts, Source{Kind: FromEnv, Name: k.Env})...)
	}
	return list
}

// fromTexts are the entries of one key. Those of a table are NAME=VALUE.
func fromTexts(k *Key, texts []string, source Source) (list []entry) {
	switch k.Type() {
	case "list":
		return []entry{{key: k, value: texts, source: source}}
	case "table":
		for _, t := range texts {
			name, value, _ := strings.Cut(t, "=")
			list = append(list, entry{key: k, item: name, value: value, source: source})
		}
		return list
	}
	value := any(texts[len(texts)-1])
	if k.off && source.Kind == FromFlag {
		value = strconv.FormatBool(value != "true")
	}
	return []entry{{key: k, value: value, source: source}}
}

// fixPath makes a relative path of a file absolute, or relative to the working
// directory as the file's own path is.
func (f *layers) fixPath(path string) string {
	if f.dir == "" || path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.dir, path)
}

// fixGrant does it for the path of an entry of allow.
func (f *layers) fixGrant(grant string) string {
	kind, value, ok := strings.Cut(grant, "=")
	if !ok || kind != "read" && kind != "write" {
		return grant
	}
	return kind + "=" + f.fixPath(value)
}
