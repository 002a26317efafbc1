package devchat

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// words are what can be completed. Session.mu guards them, since terminals ask
// from a goroutine of their own.
type words struct {
	people, chats, menu []string
}

// readWords looks what there is to complete now.
func (s *Session) readWords() error {
	var w words
	for _, p := range s.people {
		w.people = append(w.people, p.Name())
	}
	if s.current != nil {
		chats, err := s.current.Chats()
		if err != nil {
			return err
		}
		for _, c := range chats {
			w.chats = append(w.chats, s.current.chatName(c))
		}
		menu, err := s.current.readMenu()
		if err != nil {
			return err
		}
		w.menu = commandsOf(menu)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.words = w
	return nil
}

// Complete returns what stays of the text before the cursor, and the words that
// it may go on with. It is safe for use by several goroutines.
func (s *Session) Complete(before string) (head string, completions []string) {
	s.mu.Lock()
	w := s.words
	s.mu.Unlock()
	name, arg, hasArg := strings.Cut(before, " ")
	switch {
	case strings.HasPrefix(before, "/"):
		return "", startingWith(before, w.menu)
	case strings.HasPrefix(before, "::") || !strings.HasPrefix(before, ":"):
		i := strings.LastIndex(before, " ") + 1
		if !strings.HasPrefix(before[i:], "@") {
			return "", nil
		}
		return before[:i+1], startingWith(before[i+1:], w.people)
	case !hasArg:
		var names []string
		for _, c := range commands() {
			names = append(names, ":"+c.name)
		}
		return "", startingWith(before, names)
	}
	for _, c := range commands() {
		if ":"+c.name == name && c.words != nil {
			arg = strings.TrimLeft(arg, " ")
			return before[:len(before)-len(arg)], startingWith(arg, c.words(&w, arg))
		}
	}
	return "", nil
}

// startingWith leaves out the words that begin otherwise. A quote at the
// beginning of either does not count.
func startingWith(prefix string, words []string) []string {
	prefix = strings.TrimPrefix(prefix, `"`)
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(strings.TrimPrefix(w, `"`), prefix) })
}

// emojis are the reactions that apps offer.
func emojis(*words, string) []string {
	return []string{"👍", "👎", "😀", "😂", "😢", "❤", "🚀", "✅"}
}

// roles completes NAME ROLE.
func roles(w *words, arg string) (list []string) {
	name, _, second := strings.Cut(arg, " ")
	if !second {
		return w.people
	}
	for _, r := range memberRoles {
		list = append(list, name+" "+r)
	}
	return list
}

// pathLimit is how many paths are offered.
const pathLimit = 100

// paths completes a path; a name with spaces gets quotes.
func paths(_ *words, arg string) (list []string) {
	bare, quoted := strings.CutPrefix(arg, `"`)
	dir, start := filepath.Split(bare)
	entries, err := os.ReadDir(filepath.Join(".", dir))
	if filepath.IsAbs(dir) {
		entries, err = os.ReadDir(dir)
	}
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, start) || strings.HasPrefix(name, ".") && start == "" || len(list) == pathLimit {
			continue
		}
		path := dir + name
		switch {
		case e.IsDir():
			path += "/"
			if quoted {
				path = `"` + path
			}
		case quoted || strings.Contains(path, " "):
			path = `"` + path + `"`
		}
		list = append(list, path)
	}
	return list
}
