package config

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
)

// Input is what Resolve goes by.
type Input struct {
	// Args are scripts, or one folder; none means the configuration file.
	Args []string
	// File is the configuration file; "" is $SIMPLEX_LUA_CONFIG, or else the
	// simplex-lua.toml of the folder in Args, of the working directory where Args
	// has nothing, or of the scripts' folder where that has a [[bot]] for one.
	File string
	// Flags are the values of the flags that were given, by name.
	Flags map[string][]string
	// Getenv is the environment.
	Getenv func(string) (string, bool)
	// Bundle holds scripts and a simplex-lua.toml that lies below File; nil for
	// what is on disk. Args must be empty then.
	Bundle fs.FS
	// Allow are the permissions that the author of Bundle asks for besides those in
	// its simplex-lua.toml. They hold where the operator has no allow list.
	Allow []string
	// Name is that of the bundle, for a bot whose script is its main.lua.
	Name string
}

// EnvFile is the variable that names the configuration file.
const EnvFile = "SIMPLEX_LUA_CONFIG"

// Resolve finds out which bots are to run and how. Errors are *Error, maybe
// several joined, or wrap ErrNoBots where nothing says what is to run.
func Resolve(in Input) (*Config, error) {
	r := &resolver{in: in, config: &Config{}}
	if err := r.readFiles(); err != nil {
		return nil, err
	}
	drafts, err := r.drafts()
	if err != nil {
		return nil, err
	}
	var wrong mistakes
	r.build(drafts, &wrong)
	if err := wrong.err(); err != nil {
		return nil, err
	}
	return r.config, nil
}

type resolver struct {
	in     Input
	config *Config
	files  []*layers // weakest first
	folder string    // of the arguments, "" for none
}

// draft is a bot that is known, before its values are.
type draft struct {
	script  string
	files   fs.FS
	entries []entry // of its [[bot]] tables
	line    Source  // of its first [[bot]]
	named   bool    // by a [[bot]], and not by the arguments
}

// drafts lists the bots, in order.
func (r *resolver) drafts() ([]*draft, error) {
	if len(r.in.Args) > 0 && r.folder == "" {
		return r.scripts(r.in.Args)
	}
	drafts, err := r.tables()
	if err != nil || len(drafts) > 0 {
		return drafts, err
	}
	return r.fromFolder()
}

// scripts are those of the arguments. A [[bot]] with the same script has its
// values.
func (r *resolver) scripts(args []string) (drafts []*draft, err error) {
	tables, err := r.tables()
	if err != nil {
		return nil, err
	}
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			return nil, &Error{Message: arg + " is a folder; give one folder, or scripts"}
		}
		d := &draft{script: arg}
		for _, t := range tables {
			if !sameFile(t.script, arg) {
				continue
			}
			if d.entries != nil {
				return nil, &Error{Message: arg + " is the script of several [[bot]]; leave it out and name one with --bot"}
			}
			d.entries, d.line = t.entries, t.line
		}
		drafts = append(drafts, d)
	}
	return drafts, nil
}

// tables are the bots of the files. A [[bot]] of the operator's file goes over
// the one of the same name in the bundle's.
func (r *resolver) tables() (drafts []*draft, err error) {
	var wrong mistakes
	byName := map[string]*draft{}
	if d := r.onlyBot(); d != nil {
		byName[r.nameOf(d)], drafts = d, append(drafts, d)
	}
	for _, f := range r.files {
		inFile := map[string]int{}
		for _, t := range f.bots {
			script, _ := t.get("script")
			name, _ := t.get("name")
			if name == "" && script != "" {
				name = nameOf(script)
			}
			line := Source{Kind: FromFile, Name: f.path, Line: t.line, inBot: true}
			if first := inFile[name]; first > 0 && name != "" {
				wrong.add(line, "there is a bot %q in line %d already; give each a name of its own", name, first)
				continue
			}
			inFile[name] = t.line
			d := byName[name]
			if d == nil || name == "" {
				if script == "" {
					wrong.add(line, "the bot has no script: write script = \"bot.lua\"")
					continue
				}
				d = &draft{line: line, named: true}
				byName[name], drafts = d, append(drafts, d)
			}
			if script != "" {
				d.script, d.files = script, nil
				if f.dir == "" {
					d.files = r.in.Bundle
				}
			}
			d.entries = append(d.entries, t.entries...)
		}
	}
	return drafts, wrong.err()
}

// onlyBot is the bot of a bundle without a [[bot]], which one of the operator's
// file may be about; nil elsewhere.
func (r *resolver) onlyBot() *draft {
	for _, f := range r.files {
		if f.dir == "" && len(f.bots) > 0 {
			return nil
		}
	}
	if r.in.Bundle == nil {
		return nil
	}
	drafts, err := r.fromFolder()
	if err != nil {
		return nil // then the operator's file says what runs, or drafts tells
	}
	return drafts[0]
}

// fromFolder is the script that a folder or a bundle has.
func (r *resolver) fromFolder() ([]*draft, error) {
	if r.in.Bundle != nil {
		script, err := findScript(r.in.Bundle, "of the bundle")
		return []*draft{{script: script, files: r.in.Bundle}}, err
	}
	folder := r.folder
	if folder == "" {
		if len(r.files) == 0 {
			return nil, ErrNoBots
		}
		folder = r.files[0].dir
	}
	script, err := findScript(os.DirFS(folder), folder)
	return []*draft{{script: filepath.Join(folder, script)}}, err
}

// build gives the bots their values.
func (r *resolver) build(drafts []*draft, wrong *mistakes) {
	var top []entry
	for _, f := range r.files {
		top = append(top, f.top...)
	}
	outside := append(fromEnvironment(r.in.Getenv), fromFlags(r.in.Flags)...)
	apply(r.config, nil, slices.Concat(defaults(false), top, outside), wrong)
	names := map[string]bool{}
	for _, d := range drafts {
		b := &Bot{Name: r.nameOf(d)}
		entries, asked := giveWay(slices.Concat(defaults(d.named), r.wishes(), top, d.entries, outside))
		apply(r.config, b, entries, wrong)
		b.Asked = asked
		b.takeBack(wrong)
		b.Script, b.Files = d.script, d.files
		b.watchNothing()
		if names[b.Name] && !d.named {
			b.Name = freeName(b.Name, names)
		}
		names[b.Name] = true
		b.check(d.line, len(drafts), wrong)
		r.config.Bots = append(r.config.Bots, b)
	}
}

// watchNothing lets a bot of a bundle be as it is: there is nothing to change.
func (b *Bot) watchNothing() {
	g, _ := b.given.find("watch")
	if b.Files == nil || g.source.Kind != FromDefault {
		return
	}
	b.Watch, g.text = false, "false"
	b.given.put(g)
}

// defaults are the weakest values. A bot that stands in the file is an
// operator's, who wants it to stay up; one of the arguments is an author's, who
// wants to see why it ended.
func defaults(named bool) (list []entry) {
	for _, k := range keys {
		switch {
		case k.Name == "restart" && named:
			list = append(list, entry{key: k, value: "on-failure"})
		case k.Default != "":
			list = append(list, entry{key: k, value: k.Default})
		}
	}
	return list
}

func (r *resolver) nameOf(d *draft) string {
	if d.files != nil && path.Base(d.script) == mainScript && r.in.Name != "" {
		return r.in.Name
	}
	return nameOf(d.script)
}

// freeName is the name with a number behind it.
func freeName(name string, taken map[string]bool) string {
	for n := 2; ; n++ {
		if free := name + "-" + strconv.Itoa(n); !taken[free] {
			return free
		}
	}
}

// sameFile compares paths without following links.
func sameFile(a, b string) bool {
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}
