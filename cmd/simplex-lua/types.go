package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/stdlib"
)

// typesDir is where the type files go unless told otherwise.
const typesDir = ".simplex-lua/types"

func typesCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "types",
		Usage:     "write type files for editors",
		ArgsUsage: "[DIR]",
		Description: "Writes what lua-language-server needs to complete and check scripts into a folder\n" +
			"(" + typesDir + " unless given), and points .luarc.json in the current folder at it. Other\n" +
			"settings in .luarc.json stay. Run it again after an update of simplex-lua.\n\n" +
			"   simplex-lua types",
		Action: func(c *cli.Context) error {
			dir := c.Args().First()
			switch {
			case c.Args().Len() > 1:
				return usagef("types: give one folder, or none")
			case dir == "":
				dir = filepath.FromSlash(typesDir)
			}
			n, err := writeTypes(dir)
			if err != nil {
				return fmt.Errorf("types: %w", err)
			}
			if err := pointEditors(".luarc.json", dir); err != nil {
				return fmt.Errorf("types: %w", err)
			}
			fmt.Fprintf(s.out, "wrote %d type files to %s; .luarc.json points editors there\n", n, dir)
			return nil
		},
	}
}

// writeTypes writes the standard library and its type files into dir and
// returns how many files there are.
func writeTypes(dir string) (n int, err error) {
	err = fs.WalkDir(stdlib.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".lua") {
			return err
		}
		text, err := fs.ReadFile(stdlib.FS, p)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		n++
		return os.WriteFile(to, text, 0o644)
	})
	return n, err
}

// pointEditors adds the folder to the libraries of a .luarc.json, which is made
// where there is none. Everything else in it stays, in its order.
func pointEditors(file, dir string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = []byte("{}"), nil
	}
	if err != nil {
		return err
	}
	dir = filepath.ToSlash(dir)
	keys, values, err := orderedObject(text)
	if err != nil {
		return fmt.Errorf("%s is not plain JSON (%w); add %q to its workspace.library yourself", file, err, dir)
	}
	set := func(key string, value any) error {
		b, err := json.Marshal(value)
		if _, ok := values[key]; !ok {
			keys = append(keys, key)
		}
		values[key] = b
		return err
	}
	if _, ok := values["runtime.version"]; !ok {
		if err := set("runtime.version", "Lua 5.1"); err != nil {
			return err
		}
	}
	var libraries []string
	if raw, ok := values["workspace.library"]; ok {
		if err := json.Unmarshal(raw, &libraries); err != nil {
			return fmt.Errorf("%s: workspace.library is no list of folders; add %q to it yourself", file, dir)
		}
	}
	if !slices.Contains(libraries, dir) {
		if err := set("workspace.library", append(libraries, dir)); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	out.WriteString("{")
	for i, key := range keys {
		name, err := json.Marshal(key)
		if err != nil {
			return err
		}
		if i > 0 {
			out.WriteString(",")
		}
		out.Write(name)
		out.WriteString(":")
		out.Write(values[key])
	}
	out.WriteString("}")
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, out.Bytes(), "", "  "); err != nil {
		return err
	}
	return os.WriteFile(file, append(pretty.Bytes(), '\n'), 0o644)
}

// orderedObject reads a JSON object and keeps the order of its keys.
func orderedObject(text []byte) (keys []string, values map[string]json.RawMessage, err error) {
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, nil, err
	}
	if values == nil {
		return nil, nil, errors.New("it is null")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return nil, nil, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, nil, err
		}
		if !slices.Contains(keys, key.(string)) {
			keys = append(keys, key.(string))
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, nil, err
		}
	}
	return keys, values, nil
}
