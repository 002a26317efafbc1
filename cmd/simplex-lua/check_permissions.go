package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/check"
)

// listPermissions prints what scripts need permissions for, and the flag that
// gives them. In JSON the last object has the entries of the flag.
func (s *streams) listPermissions(scripts []string, asJSON bool) error {
	var uses []check.Use
	count := 0
	for _, script := range scripts {
		dir, name := check.Folder(script)
		list, mistakes, err := check.Permissions(os.DirFS(dir), name, checkOptions())
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return usagef("check: %s: no such file", script)
		case err != nil:
			return fmt.Errorf("check: %w", err)
		}
		for _, m := range mistakes {
			m.File = filepath.Join(dir, filepath.FromSlash(m.File))
			fmt.Fprintln(s.err, m)
		}
		for i := range list {
			list[i].File = filepath.Join(dir, filepath.FromSlash(list[i].File))
		}
		uses, count = append(uses, list...), count+len(mistakes)
	}
	if asJSON {
		if err := s.usesAsJSON(uses); err != nil {
			return err
		}
	} else {
		s.usesAsText(uses)
	}
	return found(count)
}

func (s *streams) usesAsJSON(uses []check.Use) error {
	out := json.NewEncoder(s.out)
	for _, u := range uses {
		if err := out.Encode(u); err != nil {
			return err
		}
	}
	return out.Encode(map[string][]string{"allow": append([]string{}, check.Allow(uses)...)})
}

func (s *streams) usesAsText(uses []check.Use) {
	if len(uses) == 0 {
		fmt.Fprintln(s.out, "No permissions needed.")
	}
	for _, u := range uses {
		value := u.Value
		if value == "" {
			value = "?"
		}
		fmt.Fprintf(s.out, "%s=%s (%s:%d) %s\n", u.Permission, value, u.File, u.Line, u.Function)
	}
	if allow := check.Allow(uses); len(allow) > 0 {
		fmt.Fprintf(s.out, "\n--allow %s\n", shellWord(strings.Join(allow, ",")))
	}
}

// shellWord is an argument as shells take it.
func shellWord(arg string) string {
	if !strings.ContainsAny(arg, " \t\n'\"\\$`*?#&|;<>()[]{}~!") {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
