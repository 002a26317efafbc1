package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Method is a function of bot.api that sends one command and returns a part of
// its answer. Names, arguments and results are those of SimpleX's own libraries.
type Method struct {
	Name, Command string
	Args          []Arg
	fixed         string
	answers       []answer
	nilOn         string
}

// Arg is an argument of a method.
type Arg struct {
	Name string
	// Type is in the notation of the tables; beside it there are "Chat", whatever
	// names a chat, and "string|MsgContent".
	Type string
	// Optional arguments may be left out; Default is then taken, as JSON.
	Optional bool
	Default  string
	to       []string // paths in the command's parameters
}

// Result says what of an answer a method returns: Const, or the values at
// Paths, with First only the first of them that is there and not empty.
type Result struct {
	Const string
	Paths []string
	First bool
}

type answer struct {
	tag    string
	when   map[string]string // an argument's value with which the answer is good
	result Result
}

// Methods are all methods, in the order of their documentation.
var Methods = sync.OnceValue(func() []*Method {
	out := make([]*Method, len(methodRows))
	for i, row := range methodRows {
		m := &Method{Name: row.name, Command: row.command, fixed: row.fixed, nilOn: row.nilOn}
		for _, a := range row.args {
			m.Args = append(m.Args, parseArg(a))
		}
		for _, r := range row.returns {
			m.answers = append(m.answers, parseAnswer(r))
		}
		out[i] = m
	}
	return out
})

// OtherMethods are those of SimpleX's own libraries that scripts do not have:
// the life of the controller and the reading of events.
func OtherMethods() []string { return slices.Clone(otherMethods) }

// parseArg reads "chat_id int64 chatRef.chatId", "search? string search",
// `mode={"type":"full"} ChatDeleteMode mode`.
func parseArg(s string) Arg {
	words := strings.Fields(s)
	var a Arg
	a.Type, a.to = words[len(words)-2], strings.FieldsFunc(words[len(words)-1], func(r rune) bool { return r == '+' || r == '|' })
	name := strings.Join(words[:len(words)-2], " ")
	name, a.Default, _ = strings.Cut(name, "=")
	a.Name, a.Optional = strings.CutSuffix(name, "?")
	a.Optional = a.Optional || a.Default != ""
	return a
}

// parseAnswer reads "tag: path", "tag: =text", "tag: a|b", "tag: a, b" and
// "tag(argument=value):".
func parseAnswer(s string) answer {
	tag, text, _ := strings.Cut(s, ":")
	text = strings.TrimSpace(text)
	var a answer
	tag, cond, ok := strings.Cut(tag, "(")
	a.tag = tag
	if ok {
		name, value, _ := strings.Cut(strings.TrimSuffix(cond, ")"), "=")
		a.when = map[string]string{name: value}
	}
	switch {
	case strings.HasPrefix(text, "="):
		a.result.Const = text[1:]
	case strings.Contains(text, "|"):
		a.result.Paths, a.result.First = strings.Split(text, "|"), true
	case text != "":
		a.result.Paths = strings.Split(text, ", ")
	}
	return a
}

// Encode writes the method's command. The values are as in Params, one for each
// argument, nil for one left out. The error is a *ParamError, whose paths begin
// with the argument's name, or an *UnknownCommandError.
func (m *Method) Encode(f *Facts, values []any) (string, error) {
	params := Params{}
	if m.fixed != "" {
		if err := json.Unmarshal([]byte(m.fixed), &params); err != nil {
			return "", err
		}
	}
	for i, a := range m.Args {
		v := values[i]
		if v == nil && a.Default != "" {
			if err := json.Unmarshal([]byte(a.Default), &v); err != nil {
				return "", err
			}
		}
		if v == nil {
			if !a.Optional {
				return "", &ParamError{Command: m.Name, Path: a.Name, Reason: "is missing"}
			}
			continue
		}
		if v == "" && !a.Optional && m.leftOut(f, a) {
			return "", &ParamError{Command: m.Name, Path: a.Name, Reason: "must not be empty"}
		}
		if err := a.put(params, v); err != nil {
			return "", &ParamError{Command: m.Name, Path: a.Name, Reason: err.Error()}
		}
	}
	cmd, err := f.Encode(m.Command, params)
	var bad *ParamError
	if errors.As(err, &bad) {
		return "", &ParamError{Command: m.Name, Path: m.argPath(bad.Path), Reason: bad.Reason}
	}
	return cmd, err
}

// leftOut tells whether the command leaves an empty text out of its string,
// where the method must have one: /connect without a link makes a new one.
func (m *Method) leftOut(f *Facts, a Arg) bool {
	c := f.commands[m.Command]
	return c != nil && c.params.byName[a.to[0]] != nil && c.params.byName[a.to[0]].optional
}

// put stores an argument's value where it belongs.
func (a *Arg) put(params Params, v any) error {
	switch a.Type {
	case "Chat":
		ref, err := chatRef(v)
		if err != nil {
			return err
		}
		v = ref
	case "AChatItem":
		ref, id, err := itemRef(v)
		if err != nil {
			return err
		}
		set(params, a.to[0], ref)
		set(params, a.to[1], id)
		return nil
	case "string|MsgContent":
		if _, isText := v.(string); !isText {
			set(params, a.to[1], v)
			return nil
		}
	}
	set(params, a.to[0], v)
	return nil
}

// argPath gives a path in the command's parameters the name of the argument
// that it came from.
func (m *Method) argPath(path string) string {
	best, name := "", ""
	for _, a := range m.Args {
		for _, to := range a.to {
			to = fromOne(to)
			rest, ok := strings.CutPrefix(path, to)
			if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') && len(to) > len(best) {
				best, name = to, a.Name+rest
			}
		}
	}
	if best == "" {
		return path
	}
	return name
}

// fromOne writes a path of the tables, which counts from 0, as ParamError does.
func fromOne(path string) string {
	before, after, ok := strings.Cut(path, "[")
	if !ok {
		return path
	}
	digits, rest, _ := strings.Cut(after, "]")
	n, _ := strconv.Atoi(digits)
	return fmt.Sprintf("%s[%d]%s", before, n+1, rest)
}

// set stores a value at a path as "a.b" or "a[0].b"; what is missing on the way
// is made.
func set(params map[string]any, path string, v any) {
	name, rest, deeper := strings.Cut(path, ".")
	name, index, inList := strings.Cut(name, "[")
	if inList {
		i, _ := strconv.Atoi(strings.TrimSuffix(index, "]"))
		list, _ := params[name].([]any)
		for len(list) <= i {
			list = append(list, map[string]any{})
		}
		params[name] = list
		set(list[i].(map[string]any), rest, v)
		return
	}
	if !deeper {
		params[name] = v
		return
	}
	inner, ok := params[name].(map[string]any)
	if !ok {
		inner = map[string]any{}
		params[name] = inner
	}
	set(inner, rest, v)
}

// Answer says what the method returns for an answer of the core. It returns
// false for one that the method does not count as success. values are those
// that Encode got.
func (m *Method) Answer(tag string, values []any) (Result, bool) {
	for _, a := range m.answers {
		if a.tag != tag {
			continue
		}
		for i, arg := range m.Args {
			if want, ok := a.when[arg.Name]; ok && values[i] != want {
				return Result{}, false
			}
		}
		return a.result, true
	}
	return Result{}, false
}

// NilOn tells whether the method returns nil for an error of the core, given
// by its tags: ("errorStore", "userContactLinkNotFound").
func (m *Method) NilOn(outer, inner string) bool { return m.nilOn != "" && m.nilOn == outer+"/"+inner }
