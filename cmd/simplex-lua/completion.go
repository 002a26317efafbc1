package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

func completionCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a script that completes commands and options in a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "   simplex-lua completion bash > ~/.local/share/bash-completion/completions/simplex-lua\n" +
			"   simplex-lua completion zsh > ~/.zfunc/_simplex-lua     # a folder of $fpath\n" +
			"   simplex-lua completion fish > ~/.config/fish/completions/simplex-lua.fish",
		Action: func(c *cli.Context) error {
			shells := map[string]func(io.Writer, *cli.App) error{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
			print, ok := shells[c.Args().First()]
			if !ok || c.Args().Len() != 1 {
				return usagef("completion: which shell? bash, zsh or fish")
			}
			return print(s.out, c.App)
		},
	}
}

// optionsOf are the options of a command that are shown, with their dashes.
func optionsOf(cmd *cli.Command) []string {
	var options []string
	for _, f := range cmd.Flags {
		if v, ok := f.(cli.VisibleFlag); ok && !v.IsVisible() {
			continue
		}
		for _, name := range f.Names() {
			dashes := "--"
			if len(name) == 1 {
				dashes = "-"
			}
			options = append(options, dashes+name)
		}
	}
	return append(options, "--help")
}

// verbsOf are the words that the first argument of a command may be.
func verbsOf(cmd *cli.Command) []string {
	if len(cmd.Subcommands) > 0 {
		var names []string
		for _, sub := range cmd.Subcommands {
			names = append(names, sub.Name)
		}
		return names
	}
	first, _, _ := strings.Cut(cmd.ArgsUsage, " ")
	if strings.ToLower(first) != first || strings.ContainsAny(first, "[…") {
		return nil
	}
	return slices.DeleteFunc(strings.Split(first, "|"), func(v string) bool { return v == "" })
}

func shown(app *cli.App) []*cli.Command {
	return slices.DeleteFunc(slices.Clone(app.Commands), func(cmd *cli.Command) bool { return cmd.Hidden })
}

func bashCompletion(w io.Writer, app *cli.App) error {
	var names []string
	var cases strings.Builder
	for _, cmd := range shown(app) {
		names = append(names, cmd.Name)
		fmt.Fprintf(&cases, "    %s) options=%q verbs=%q ;;\n", cmd.Name, strings.Join(optionsOf(cmd), " "), strings.Join(verbsOf(cmd), " "))
	}
	_, err := fmt.Fprintf(w, `# Completion of simplex-lua for bash, made by: simplex-lua completion bash
_simplex_lua() {
  local word=${COMP_WORDS[COMP_CWORD]} options="" verbs=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W %q -- "$word"))
    return
  fi
  case ${COMP_WORDS[1]} in
%s  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *)
      [ "$COMP_CWORD" -eq 2 ] && COMPREPLY=($(compgen -W "$verbs" -- "$word"))
      [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$word"))
      ;;
  esac
}
complete -o filenames -F _simplex_lua simplex-lua
`, strings.Join(append(names, "--help"), " "), cases.String())
	return err
}

func zshCompletion(w io.Writer, app *cli.App) error {
	var commands, cases strings.Builder
	for _, cmd := range shown(app) {
		fmt.Fprintf(&commands, "    %s\n", zshQuoted(cmd.Name+":"+strings.ReplaceAll(cmd.Usage, ":", `\:`)))
		fmt.Fprintf(&cases, "    %s) options=(%s) verbs=(%s) ;;\n", cmd.Name, strings.Join(optionsOf(cmd), " "), strings.Join(verbsOf(cmd), " "))
	}
	_, err := fmt.Fprintf(w, `#compdef simplex-lua
# Completion of simplex-lua for zsh, made by: simplex-lua completion zsh
_simplex_lua() {
  local -a commands options verbs
  commands=(
%s  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
%s  esac
  if [[ $PREFIX == -* ]]; then
    compadd -- $options
    return
  fi
  (( CURRENT == 3 )) && compadd -- $verbs
  _files
}
if [ "$funcstack[1]" = _simplex_lua ]; then _simplex_lua "$@"; else compdef _simplex_lua simplex-lua; fi
`, commands.String(), cases.String())
	return err
}

func zshQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func fishCompletion(w io.Writer, app *cli.App) error {
	var b strings.Builder
	b.WriteString("# Completion of simplex-lua for fish, made by: simplex-lua completion fish\n")
	for _, cmd := range shown(app) {
		fmt.Fprintf(&b, "complete -c simplex-lua -n __fish_use_subcommand -f -a %s -d %s\n", cmd.Name, fishQuoted(cmd.Usage))
		on := fmt.Sprintf("-n '__fish_seen_subcommand_from %s'", cmd.Name)
		if verbs := verbsOf(cmd); len(verbs) > 0 {
			fmt.Fprintf(&b, "complete -c simplex-lua %s -a %s\n", on, fishQuoted(strings.Join(verbs, " ")))
		}
		for _, option := range optionsOf(cmd) {
			name := strings.TrimLeft(option, "-")
			kind := "-l"
			if len(name) == 1 {
				kind = "-s"
			}
			fmt.Fprintf(&b, "complete -c simplex-lua %s %s %s\n", on, kind, name)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func fishQuoted(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
