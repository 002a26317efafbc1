package main

import (
	"fmt"
	"os"
	"strings"
)

// block is one block of facts/additions.txt: what it is about, and its lines
// by their first word.
type block struct {
	kind, name string
	lines      map[string][]string
}

// one returns the only line of that name, "" for none.
func (b block) one(name string) string { return strings.Join(b.lines[name], ", ") }

// readAdditions reads the facts that were written by hand.
func readAdditions(path string) ([]block, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	known := map[string]string{
		"command":  "params syntax full answers in wall",
		"type":     "field member syntax optional retype wall",
		"method":   "command to fixed require",
		"response": "fields",
	}
	var blocks []block
	open := false
	for i, line := range strings.Split(string(data), "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case strings.HasPrefix(word, "#"):
		case word == "":
			open = false
		case !open:
			if known[word] == "" || rest == "" {
				return nil, fmt.Errorf("%s:%d: want command, type, method or response and a name, got %q", path, i+1, line)
			}
			blocks, open = append(blocks, block{word, rest, map[string][]string{}}), true
		default:
			b := blocks[len(blocks)-1]
			if !strings.Contains(" "+known[b.kind]+" ", " "+word+" ") {
				return nil, fmt.Errorf("%s:%d: %q is no line of a %s", path, i+1, word, b.kind)
			}
			b.lines[word] = append(b.lines[word], rest)
		}
	}
	return blocks, nil
}

// find returns the block about something, and whether there is one.
func find(blocks []block, kind, name string) (block, bool) {
	for _, b := range blocks {
		if b.kind == kind && b.name == name {
			return b, true
		}
	}
	return block{}, false
}
