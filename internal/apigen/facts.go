package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// facts is one release's documentation as data.
type facts struct {
	Schema       int            `json:"schema"`
	Version      string         `json:"version"`
	Counts       map[string]int `json:"counts,omitempty"`
	Primitives   []string       `json:"primitives,omitempty"`
	Commands     []command      `json:"commands"`
	Responses    []tagged       `json:"responses"`
	Events       []tagged       `json:"events"`
	Types        []typeDef      `json:"types"`
	Undocumented struct {
		Responses []string `json:"responses,omitempty"`
		Events    []string `json:"events,omitempty"`
		Commands  []string `json:"commands,omitempty"`
		Errors    []string `json:"errors,omitempty"`
	} `json:"undocumented"`
}

type command struct {
	Name      string   `json:"name"`
	Category  string   `json:"category"`
	Network   string   `json:"network_usage"`
	Params    []field  `json:"params"`
	Syntax    string   `json:"syntax"`
	AST       []node   `json:"syntax_ast"`
	Responses []string `json:"responses"`
	Errors    []string `json:"errors"`
	Hidden    []string `json:"hidden_params"`
}

// field is a field of a record, or a parameter of a command; InSyntax,
// Required and Default belong to parameters.
type field struct {
	Name     string   `json:"name"`
	Type     typeExpr `json:"type"`
	Optional bool     `json:"optional"`
	InSyntax *bool    `json:"in_syntax,omitempty"`
	Required *bool    `json:"required,omitempty"`
	Default  any      `json:"default,omitempty"`
}

// typeExpr is exactly one of its members.
type typeExpr struct {
	Prim     string     `json:"prim,omitempty"`
	Ref      string     `json:"ref,omitempty"`
	Array    *typeExpr  `json:"array,omitempty"`
	NonEmpty bool       `json:"non_empty,omitempty"`
	Map      []typeExpr `json:"map,omitempty"`

	literal string // of a field that is a tag, while reading documentation
}

// tagged is a response or an event.
type tagged struct {
	Tag      string   `json:"tag"`
	Category string   `json:"category,omitempty"`
	Group    *string  `json:"group,omitempty"`
	Fields   []field  `json:"fields"`
	Commands []string `json:"commands,omitempty"`
}

type typeDef struct {
	Name     string      `json:"name"`
	Kind     string      `json:"kind"`
	UsedIn   []string    `json:"used_in,omitempty"`
	Fields   []field     `json:"fields,omitempty"`
	TagField string      `json:"tag_field,omitempty"`
	Members  []tagged    `json:"members,omitempty"`
	Values   []string    `json:"values,omitempty"`
	Open     bool        `json:"open,omitempty"`
	Syntax   *typeSyntax `json:"syntax,omitempty"`

	UndocumentedTags   []string `json:"undocumented_tags,omitempty"`
	UndocumentedValues []string `json:"undocumented_values,omitempty"`

	script string // the syntax in JavaScript, while reading documentation
}

// typeSyntax is how a type is written inside a command.
type typeSyntax struct {
	EBNF    string `json:"ebnf,omitempty"`
	AST     []node `json:"ast"`
	Derived bool   `json:"derived,omitempty"` // an enum: its value
}

// node is a piece of a command's syntax; see the README of the facts.
type node struct {
	Lit    string       `json:"lit,omitempty"`
	Param  string       `json:"param,omitempty"`
	As     string       `json:"as,omitempty"`
	Type   string       `json:"type,omitempty"`
	Sep    string       `json:"sep,omitempty"`
	Item   *typeExpr    `json:"item,omitempty"`
	Opt    string       `json:"opt,omitempty"`
	When   any          `json:"when,omitempty"`
	Parts  []node       `json:"parts,omitempty"`
	Choice string       `json:"choice,omitempty"`
	Cases  []choiceCase `json:"cases,omitempty"`
	Else   []node       `json:"else,omitempty"`
}

type choiceCase struct {
	Is    string `json:"is"`
	Parts []node `json:"parts"`
}

// methods is the table of the official libraries' methods.
type methods struct {
	Methods []method `json:"methods"`
}

type method struct {
	Name    string          `json:"method"`
	Kind    string          `json:"kind"`
	Command string          `json:"command"`
	Params  []methodParam   `json:"params"`
	Fixed   json.RawMessage `json:"fixed_params"`
	OK      []string        `json:"ok_responses"`
	OKWhen  map[string]any  `json:"ok_when"`
	Returns any             `json:"returns"`
	NullOn  json.RawMessage `json:"null_on_error"`
}

type methodParam struct {
	Name     string          `json:"name"`
	Type     json.RawMessage `json:"type"`
	To       string          `json:"to"`
	ToV6     string          `json:"to_v6"`
	Optional bool            `json:"optional"`
	Default  json.RawMessage `json:"default"`
}

func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
