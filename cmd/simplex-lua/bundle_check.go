package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/check"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// required are the script, what it requires, and its tests. What cannot be known
// is told.
func (j *bundleJob) required(s *streams) ([]string, error) {
	folder := os.DirFS(j.dir)
	needs, err := check.Files(folder, j.script, checkOptions())
	if err != nil {
		return nil, err
	}
	for _, f := range needs.Computed {
		fmt.Fprintf(s.err, "%s; bundle the folder if it is a file there\n", f)
	}
	names := needs.Files
	if len(names) == 0 { // it does not compile, which is told later
		names = []string{j.script}
	}
	tests := strings.TrimSuffix(j.script, ".lua") + "_test.lua"
	if _, err := fs.Stat(folder, tests); err == nil {
		more, err := check.Files(folder, tests, checkOptions())
		if err != nil {
			return nil, err
		}
		names = append(names, more.Files...)
	}
	return names, nil
}

func checkOptions() check.Options {
	return check.Options{Stdlib: stdlib.FS, Modules: luaapi.ModuleNames()}
}

// resolveBundle is the configuration of a bundle without an operator's.
func resolveBundle(b *bundle.Bundle) (*config.Config, error) {
	return config.Resolve(config.Input{Bundle: b.Files(), Name: b.Manifest.Name, Allow: b.Manifest.Allow,
		Getenv: func(string) (string, bool) { return "", false }})
}

// botAsks are the permissions that the author asks for, for one bot.
type botAsks struct {
	Bot  string   `json:"bot"`
	Asks []string `json:"asks"`
}

// asksOf tells it of all bots: what bundle was given, and what its
// simplex-lua.toml says.
func asksOf(b *bundle.Bundle) (list []botAsks, err error) {
	cfg, err := resolveBundle(b)
	if err != nil {
		return nil, err
	}
	for _, bot := range cfg.Bots {
		list = append(list, botAsks{bot.Name, append([]string{}, bot.Asked...)})
	}
	return list, nil
}

// checkBundle looks at what was made as its operator will: at the configuration,
// and whether the scripts and what they require compile.
func checkBundle(s *streams, b *bundle.Bundle) error {
	cfg, err := resolveBundle(b)
	if err != nil {
		return err
	}
	count := 0
	for _, bot := range cfg.Bots {
		folder, err := fs.Sub(b.Files(), path.Dir(bot.Script))
		if err != nil {
			return err
		}
		needs, err := check.Files(folder, path.Base(bot.Script), checkOptions())
		if err != nil {
			return usagef("bundle: the script %s: %w", bot.Script, err)
		}
		for _, f := range needs.Mistakes {
			f.File = path.Join(path.Dir(bot.Script), f.File)
			fmt.Fprintln(s.out, f)
		}
		count += len(needs.Mistakes)
		if len(needs.Mistakes) > 0 {
			continue
		}
		if err := tellNotAsked(s, bot, folder); err != nil {
			return err
		}
	}
	return found(count)
}

// tellNotAsked tells what a bot's scripts use and its author does not ask for:
// its operator would have to find that out. It is no mistake, for they may do
// without.
func tellNotAsked(s *streams, bot *config.Bot, folder fs.FS) error {
	uses, _, err := check.Permissions(folder, path.Base(bot.Script), checkOptions())
	if err != nil {
		return err
	}
	asked := func(u check.Use) bool {
		if u.Permission == "env" && u.Value != "" {
			given := slices.Contains(bot.Asked, "env="+u.Value) || u.Value == folderVar
			for _, table := range []map[string]string{bot.Env, bot.EnvFiles, bot.EnvCredentials} {
				_, has := table[u.Value]
				given = given || has
			}
			return given
		}
		return slices.ContainsFunc(bot.Asked, func(entry string) bool {
			kind, _, _ := strings.Cut(entry, "=")
			return kind == u.Permission
		})
	}
	var not []string
	for _, u := range uses {
		if entry := u.Permission + "=" + cmp.Or(u.Value, "?"); !asked(u) && !slices.Contains(not, entry) {
			not = append(not, entry)
		}
	}
	if len(not) > 0 {
		fmt.Fprintf(s.err, "%s uses what it does not ask for: %s\nAsk with --allow; simplex-lua check --permissions %s shows where each is used.\n",
			bot.Name, strings.Join(not, ", "), bot.Script)
	}
	return nil
}
