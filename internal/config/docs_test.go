package config

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/configuration.md")

const docsFile = "../../docs/configuration.md"

// TestDocs holds the tables in docs/configuration.md to those of the keys.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for _, table := range []struct {
		name  string
		takes func(*Key) bool
	}{
		{"process", func(k *Key) bool { return k.Scope == Process }},
		{"bots", func(k *Key) bool { return k.Scope != Process }},
	} {
		begin := "<!-- keys: " + table.name + " -->\n"
		before, rest, ok := strings.Cut(want, begin)
		_, after, ended := strings.Cut(rest, "<!-- end -->")
		if !ok || !ended {
			t.Fatalf("%s has no %s", docsFile, begin)
		}
		want = before + begin + tableOf(table.takes) + "<!-- end -->" + after
	}
	switch {
	case *update:
		err = os.WriteFile(docsFile, []byte(want), 0o644)
	case want != string(text):
		t.Errorf("%s is not up to date: go test ./internal/config -run TestDocs -update", docsFile)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func tableOf(takes func(*Key) bool) string {
	var b strings.Builder
	b.WriteString("| key | type | default | variable | flag | what it is |\n|---|---|---|---|---|---|\n")
	for _, k := range keys {
		if takes(k) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", docName(k), docType(k), code(k.Default), code(k.Env), docFlag(k), docUsage(k))
		}
	}
	return b.String()
}

func docName(k *Key) string {
	switch {
	case k.NoFile:
		return "(" + code(k.Name) + ", not in the file)"
	case k.Scope == OneBot:
		return code(k.Name) + " *"
	}
	return code(k.Name)
}

func docType(k *Key) string {
	if len(k.Choices) > 0 {
		return "`" + strings.Join(k.Choices, "`, `") + "`"
	}
	return k.Type()
}

func docFlag(k *Key) string {
	switch {
	case k.Flag == "":
		return ""
	case k.Type() == "boolean":
		return code("--" + k.Flag)
	}
	_, rest, _ := strings.Cut(k.Usage, "`")
	placeholder, _, _ := strings.Cut(rest, "`")
	return code("--" + k.Flag + " " + placeholder)
}

func docUsage(k *Key) string {
	return strings.ReplaceAll(strings.ReplaceAll(k.Usage, "`", ""), "|", `\|`)
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
