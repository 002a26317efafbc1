package devchat

import (
	"context"
	"fmt"
	"strings"
)

// command is a line that begins with a colon.
type command struct {
	name string
	// args are the arguments as help shows them; needs are those that must be
	// there, in words, with an example.
	args, needs string
	help        string
	// words completes the argument.
	words func(w *words, arg string) []string
	// quiet commands only look: they are not recorded.
	quiet bool
	run   func(s *Session, ctx context.Context, arg string) error
}

// commands are in the order of the help. It is a function, since help needs it.
func commands() []command {
	return []command{
		{name: "as", args: "NAME", needs: "a name, as in :as bob", help: "write as somebody else; a new person connects to the bot",
			words: func(w *words, _ string) []string { return w.people }, run: (*Session).enter},
		{name: "to", args: "CHAT", needs: "a chat; :chats lists yours", help: "write in another chat: the bot's name, or a group's",
			words: func(w *words, _ string) []string { return w.chats }, run: (*Session).goTo},
		{name: "reply", args: "TEXT", needs: "a text, as in :reply yes", help: "answer the last message, quoting it", run: (*Session).reply},
		{name: "react", args: "EMOJI", needs: "an emoji, as in :react 👍", help: "react to the last message", words: emojis, run: (*Session).react},
		{name: "unreact", args: "EMOJI", needs: "the emoji to take back", help: "take a reaction back", words: emojis, run: (*Session).unreact},
		{name: "edit", args: "TEXT", needs: "the new text", help: "change your last message", run: (*Session).edit},
		{name: "delete", help: "delete your last message", run: (*Session).remove},
		{name: "lines", args: "TEXT", needs: `a text, as in :lines one\ntwo`, help: `send a text with each \n in it as a line break`, run: (*Session).sendLines},
		{name: "file", args: "PATH [TEXT]", needs: `a path, as in :file photo.jpg or :file "my photo.jpg" look`, help: "send a file", words: paths, run: (*Session).sendFile},
		{name: "save", args: "PATH", needs: "a path to save the last file at", help: "take the last file that was sent to you", words: paths, run: (*Session).saveFile},
		{name: "group", args: "NAME", needs: "a name, as in :group team", help: "make a group of everybody here, with the bot as an admin", run: (*Session).makeGroup},
		{name: "role", args: "NAME ROLE", needs: "a member and a role, as in :role bob moderator", help: "give a member of the group a role",
			words: roles, run: (*Session).setRole},
		{name: "remove", args: "NAME", needs: "a member, as in :remove bob", help: "remove a member from the group",
			words: func(w *words, _ string) []string { return w.people }, run: (*Session).removeMember},
		{name: "leave", help: "leave the group", run: (*Session).leave},
		{name: "wait", args: "TIME", needs: "a time, as in :wait 90s or :wait 2h", help: "let time pass at once: timers run, nobody waits", run: (*Session).wait},
		{name: "menu", help: "show the bot's menu", quiet: true, run: (*Session).showMenu},
		{name: "chats", help: "list your chats and who else is here", quiet: true, run: (*Session).showChats},
		{name: "help", help: "this list", quiet: true, run: (*Session).help},
		{name: "quit", help: "end (also Ctrl+D)", quiet: true},
	}
}

// line does what one line of input says.
func (s *Session) line(ctx context.Context, line string) (quit bool, err error) {
	text, isCommand := strings.CutPrefix(line, ":")
	switch {
	case isCommand && strings.HasPrefix(text, ":"):
		line, isCommand = text, false // two colons stand for one
	case isCommand && !startsWithLetter(text):
		isCommand = false // as in :)
	}
	if !isCommand {
		if strings.HasPrefix(line, "/") {
			line = strings.TrimRight(line, " ") // as completion leaves it
		}
		if strings.TrimSpace(line) == "" {
			return false, nil
		}
		return false, s.recorded(typedText(line), func() error { return s.send(line) })
	}
	name, arg, _ := strings.Cut(text, " ")
	arg = strings.TrimSpace(arg)
	c, err := findCommand(name, text)
	if err != nil {
		return false, err
	}
	switch {
	case c.name == "quit":
		return true, nil
	case c.needs != "" && arg == "":
		return false, fmt.Errorf(":%s needs %s", c.name, c.needs)
	case c.quiet:
		return false, c.run(s, ctx, arg)
	}
	return false, s.recorded(":"+strings.TrimSpace(text), func() error { return c.run(s, ctx, arg) })
}

// typedText is how a text is typed so that it is sent; see lines.
func typedText(text string) string {
	if strings.Contains(text, "\n") {
		return ":lines " + strings.NewReplacer("\\", `\\`, "\n", `\n`).Replace(text)
	}
	if strings.HasPrefix(text, ":") && (strings.HasPrefix(text, "::") || startsWithLetter(text[1:])) {
		return ":" + text
	}
	return text
}

// findCommand finds a command by its name, or by a beginning that only it has.
func findCommand(name, text string) (command, error) {
	var found []command
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c, nil
		}
		if strings.HasPrefix(c.name, name) {
			found, names = append(found, c), append(names, ":"+c.name)
		}
	}
	switch len(found) {
	case 0:
		return command{}, fmt.Errorf("there is no :%s; :help lists what there is, and ::%s is sent as a text", name, text)
	case 1:
		return found[0], nil
	}
	return command{}, fmt.Errorf(":%s can be %s", name, strings.Join(names, " or "))
}

func startsWithLetter(s string) bool {
	return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z')
}

// recorded runs what a line says and records it, unless it fails.
func (s *Session) recorded(typed string, run func() error) error {
	undo := s.record.typed(typed)
	err := run()
	if err != nil {
		undo()
	}
	return err
}

func (s *Session) help(context.Context, string) error {
	var b strings.Builder
	b.WriteString("What you type is sent to the chat you are in. Lines that begin with a colon:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-18s %s\n", strings.TrimSpace(":"+c.name+" "+c.args), c.help)
	}
	b.WriteString("A line that begins with two colons is sent with one. TAB completes, the arrow keys bring back older lines.")
	s.screen.Note(b.String())
	return nil
}

func (s *Session) showMenu(context.Context, string) error {
	menu, err := s.current.readMenu()
	if err != nil {
		return err
	}
	if len(menu) == 0 {
		return fmt.Errorf("%s has no menu; commands = { … } in bot.configure makes one", s.name)
	}
	var b strings.Builder
	writeMenu(&b, menu, "  ")
	s.screen.Note(s.name + "'s menu:\n" + strings.TrimSuffix(b.String(), "\n"))
	return nil
}

func writeMenu(b *strings.Builder, menu []menuEntry, indent string) {
	for _, e := range menu {
		if e.Type == "menu" {
			fmt.Fprintf(b, "%s%s:\n", indent, e.Label)
			writeMenu(b, e.Commands, indent+"  ")
			continue
		}
		fmt.Fprintf(b, "%s%-16s %s\n", indent, strings.TrimSpace(e.typed()+" "+e.Params), e.Label)
	}
}

func (s *Session) showChats(context.Context, string) error {
	chats, err := s.current.Chats()
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, c := range chats {
		mark := " "
		if c == s.current.chat {
			mark = "*"
		}
		fmt.Fprintf(&b, "%s %s\n", mark, s.current.chatName(c))
	}
	for _, p := range s.people {
		if p != s.current {
			fmt.Fprintf(&b, "also here: %s\n", p.Name())
		}
	}
	s.screen.Note(strings.TrimSuffix(b.String(), "\n"))
	return nil
}
