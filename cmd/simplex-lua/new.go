package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

//go:embed templates
var templates embed.FS

// templateNames are the bots that `new` knows, the simplest first.
var templateNames = []string{"echo", "support", "alerts", "assistant", "moderation"}

func newCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "new",
		Usage:     "make a bot to begin with",
		ArgsUsage: "NAME",
		Description: "Makes a folder with a script, its tests, settings, and files for editors. Templates:\n\n" +
			"   echo        repeats what it is told\n" +
			"   support     tickets of people, answered by a team\n" +
			"   alerts      sends what programs post to who subscribed\n" +
			"   assistant   answers with a language model\n" +
			"   moderation  keeps a group tidy\n\n" +
			"   simplex-lua new mybot\n" +
			"   simplex-lua new --template support helpdesk",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "template", Aliases: []string{"t"}, Value: templateNames[0], Usage: "`NAME`: " + strings.Join(templateNames, ", ")},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usagef("new: give one name, as in: simplex-lua new mybot")
			}
			return newBot(s, c.Args().First(), c.String("template"))
		},
	}
}

// botName is what a file, a Lua string and a TOML string can all have.
var botName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,40}$`)

// newBot makes the folder dir of a bot with its name.
func newBot(s *streams, dir, template string) (err error) {
	name := filepath.Base(filepath.Clean(dir))
	switch {
	case !slices.Contains(templateNames, template):
		return usagef("new: there is no template %s; there are %s", template, strings.Join(templateNames, ", "))
	case !botName.MatchString(name), strings.HasSuffix(name, "_test"):
		return usagef("new: %q is no name for a bot: want a letter, and then letters, digits, - and _", name)
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(dir)), 0o755); err != nil {
		return fmt.Errorf("new: %w", err)
	}
	if err := os.Mkdir(dir, 0o755); errors.Is(err, fs.ErrExist) {
		return usagef("new: %s is there already; nothing was changed", dir)
	} else if err != nil {
		return fmt.Errorf("new: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir) // it was made above
		}
	}()
	for _, f := range templateFiles(name, template) {
		if err := os.WriteFile(filepath.Join(dir, f.name), []byte(strings.ReplaceAll(f.text, "BOTNAME", name)), 0o644); err != nil {
			return fmt.Errorf("new: %w", err)
		}
	}
	if _, err := writeTypes(filepath.Join(dir, filepath.FromSlash(typesDir))); err != nil {
		return fmt.Errorf("new: %w", err)
	}
	if err := pointEditors(filepath.Join(dir, ".luarc.json"), typesDir); err != nil {
		return fmt.Errorf("new: %w", err)
	}
	cd := dir
	if strings.Contains(dir, " ") {
		cd = `"` + dir + `"`
	}
	fmt.Fprintf(s.out, "%s is made. Next:\n\n   cd %s\n   simplex-lua dev     chat with it here\n   simplex-lua test    run its tests\n   simplex-lua run     put it on the network\n", dir, cd)
	return nil
}

type templateFile struct{ name, text string }

// templateFiles are the files of a new bot. What a template says besides comes
// after what is the same for all.
func templateFiles(name, template string) []templateFile {
	return []templateFile{
		{name + ".lua", templateText(template + "/bot.lua")},
		{name + "_test.lua", templateText(template + "/bot_test.lua")},
		{"README.md", templateText("README.md") + templateText(template+"/README.md")},
		{"simplex-lua.toml", templateText("simplex-lua.toml") + templateText(template+"/bot.toml")},
		{".gitignore", "*.data/\n.simplex-lua/\n*.key\n*.backup\nsecret\n"},
	}
}

// templateText is a file of the templates, "" where there is none.
func templateText(name string) string {
	text, err := templates.ReadFile(path.Join("templates", name))
	if err != nil {
		return ""
	}
	return string(text)
}
