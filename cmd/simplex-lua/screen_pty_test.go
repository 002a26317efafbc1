//go:build !windows

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

const ptyBot = `bot.configure {
  profile = { display_name = "Parrot" },
  welcome = "Say something.",
  commands = { { keyword = "help", label = "What I do" }, { keyword = "hello", label = "Greets" } },
}
bot.on_message(function(msg)
  if msg.text == "fail" then
    error("broken")
  end
  msg:reply("VERSION " .. msg.text)
end)
`

// terminal is the program in a pseudo-terminal.
type terminal struct {
	t    *testing.T
	dir  string
	cmd  *exec.Cmd
	file *os.File // the side that a person sits at

	mu   sync.Mutex // guards the fields below
	more *sync.Cond
	seen string // what came and no expect has passed over
	over bool   // nothing comes any more

	done chan struct{} // closed when all is read
}

// startTerminal starts dev with the script above, in a folder of its own.
func startTerminal(t *testing.T, env []string, args ...string) *terminal {
	t.Helper()
	term := newTerminal(t)
	term.save("one")
	term.start(60, env, append([]string{"dev", "bot.lua"}, args...)...)
	return term
}

// newTerminal makes a terminal in a folder of its own, with nothing in it.
func newTerminal(t *testing.T) *terminal {
	term := &terminal{t: t, dir: t.TempDir(), done: make(chan struct{})}
	term.more = sync.NewCond(&term.mu)
	return term
}

// start runs the program in the folder, on a terminal of so many columns.
func (term *terminal) start(columns uint16, env []string, args ...string) {
	t := term.t
	t.Helper()
	term.cmd = process(t, args...)
	term.cmd.Dir = term.dir
	term.cmd.Env = append(os.Environ(), append([]string{"TERM=xterm-256color", "NO_COLOR="}, env...)...)
	var err error
	if term.file, err = pty.StartWithSize(term.cmd, &pty.Winsize{Rows: 24, Cols: columns}); err != nil {
		t.Fatal(err)
	}
	go term.read() // ends with the program
	t.Cleanup(func() {
		_ = term.cmd.Process.Kill() // where a test has failed; it has ended otherwise
		<-term.done
		term.file.Close()
	})
}

func (term *terminal) read() {
	defer close(term.done)
	buf := make([]byte, 4096)
	for {
		n, err := term.file.Read(buf)
		term.mu.Lock()
		term.seen += string(buf[:n])
		term.over = err != nil
		term.more.Broadcast()
		term.mu.Unlock()
		if err != nil {
			return // reading the terminal of a program that has ended is an error
		}
	}
}

// save writes the script; what it answers begins with the version.
func (term *terminal) save(version string) {
	term.t.Helper()
	text := strings.Replace(ptyBot, "VERSION", version, 1)
	if err := os.WriteFile(filepath.Join(term.dir, "bot.lua"), []byte(text), 0o600); err != nil {
		term.t.Fatal(err)
	}
}

func (term *terminal) typeIn(keys string) {
	term.t.Helper()
	if _, err := term.file.WriteString(keys); err != nil {
		term.t.Fatal(err)
	}
}

// patience ends a test whose program hangs.
const patience = 30 * time.Second

// expect waits until something matches, passes over it, and returns it.
func (term *terminal) expect(pattern string) string {
	term.t.Helper()
	re := regexp.MustCompile(pattern)
	late := time.AfterFunc(patience, func() {
		term.mu.Lock()
		defer term.mu.Unlock()
		term.over = true
		term.more.Broadcast()
	})
	defer late.Stop()
	term.mu.Lock()
	defer term.mu.Unlock()
	for {
		if at := re.FindStringIndex(term.seen); at != nil {
			found := term.seen[at[0]:at[1]]
			term.seen = term.seen[at[1]:]
			return found
		}
		if term.over {
			term.t.Fatalf("no %q in %q", pattern, term.seen)
		}
		term.more.Wait()
	}
}

// ends waits for the end of the program, which must be a good one, and returns
// what no expect has passed over.
func (term *terminal) ends() (rest string) {
	term.t.Helper()
	<-term.done
	if err := term.cmd.Wait(); err != nil {
		term.t.Errorf("exit: %v", err)
	}
	return term.seen
}

// plain takes the colours away, so that patterns match what people see.
var plain = []string{"NO_COLOR=1"}

func TestTerminalChat(t *testing.T) {
	t.Parallel()
	term := startTerminal(t, plain)
	term.expect(`Parrot \(bot\.lua\) on a simulated network`)
	term.expect(`You write as "you"`)
	term.expect(`\d\d:\d\d:\d\d Parrot: Say something\.`)
	term.expect(`Its menu: /help  /hello`)
	term.expect(`you> `)

	term.typeIn("7\r")
	term.expect(`\d\d:\d\d:\d\d you: 7\r\n`)
	term.expect(`\d\d:\d\d:\d\d Parrot: one 7\r\n`)

	term.typeIn("/\t\t")
	term.expect(`/help  /hello\r\n`)
	term.typeIn("lo\r")
	term.expect(`Parrot: one /hello\r\n`)

	term.typeIn(":as bob\r")
	term.expect(`Parrot: Say something\.`)
	term.expect(`bob> `)
	term.typeIn(":as y\t\r:reply 日本👩‍💻\x7f!\r")
	term.expect(`you: 日本!\r\n`)
	term.expect(`Parrot: one 日本!\r\n`)
	term.typeIn(":react 👍\r:nonsense\r:reply\r")
	term.expect(`you reacted: 👍`)
	term.expect(`there is no :nonsense; :help lists`)
	term.expect(`:reply needs a text`)

	term.typeIn("x\x1b[A\x1b[A") // the arrow shows older lines
	term.expect(`> :nonsense`)
	term.typeIn("\x1b[B\x1b[B")
	term.expect(`> x`)
	term.typeIn("\x03")
	term.typeIn("fail\r")
	term.expect(`bot\.lua:8: broken\r\n  8 \| error\("broken"\)`)
	term.typeIn("\x04")
	term.ends()
}

// TestTerminalReload saves the script while somebody types.
func TestTerminalReload(t *testing.T) {
	t.Parallel()
	term := startTerminal(t, plain)
	term.expect(`you> `)
	term.typeIn("half a li")
	term.expect(`you> half a li\x1b`)
	term.save("two")
	term.expect(`reloaded: version 2 of the script\r\n`)
	term.expect(`you> half a li\x1b`)
	term.typeIn("ne\r")
	term.expect(`Parrot: two half a line`)
	if err := os.WriteFile(filepath.Join(term.dir, "bot.lua"), []byte("bot.on_message(function(\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	term.expect(`not reloaded, version 2 goes on:\r\n`)
	term.expect(`bot\.lua:\d: `)
	term.typeIn("still\r")
	term.expect(`Parrot: two still`)
	term.typeIn(":quit\r")
	term.ends()
}

// TestTerminalResize makes the window smaller: long texts are broken for it, and
// the line that is typed stays on one row.
func TestTerminalResize(t *testing.T) {
	t.Parallel()
	term := startTerminal(t, plain)
	term.expect(`you> `)
	text := strings.TrimSpace(strings.Repeat("word ", 12))
	term.typeIn(text)
	term.expect(`you> …[^\x1b]*word\x1b`) // 59 characters do not fit beside the prompt
	if err := pty.Setsize(term.file, &pty.Winsize{Rows: 24, Cols: 30}); err != nil {
		t.Fatal(err)
	}
	row := term.expect(`you> …[^\x1b]*word\x1b`)
	if n := len([]rune(row)) - 1; n > 29 {
		t.Errorf("the row has %d columns of 30: %q", n, row)
	}
	term.typeIn("\r")
	term.expect(`you: word word word\r\n         word word word word\r\n         word word word word`)
	term.typeIn("\x03")
	term.ends()
}

// TestTerminalHostile shows a text that would take the terminal over.
func TestTerminalHostile(t *testing.T) {
	t.Parallel()
	term := startTerminal(t, plain)
	term.expect(`you> `)
	term.typeIn(":lines a\\nb\r")
	term.expect(`Parrot: one a\r\n         b\r\n`)
	term.typeIn("\x1b[200~\x1b]0;title\x07\x1b[201~\r")
	term.expect(`Parrot: one ␛\]0;title␇\r\n`)
	term.typeIn("\x04")
	term.ends()
}

// TestTerminalColours has colours unless they are unwanted, and leaves the
// terminal as it was after a signal, too.
func TestTerminalColours(t *testing.T) {
	t.Parallel()
	term := startTerminal(t, nil)
	term.expect(fmt.Sprintf(`\x1b\[%sm\d\d:\d\d:\d\d\x1b\[0m \x1b\[%smParrot:\x1b\[0m Say`, gray, green))
	term.expect(`you> `)
	if err := term.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	term.ends()

	bare := startTerminal(t, []string{"TERM=dumb"})
	bare.expect(`Parrot: Say something\.`)
	bare.typeIn("7\n")
	bare.expect(`Parrot: one 7`)
	bare.typeIn("\x04")
	if rest := bare.ends(); strings.Contains(rest, "\x1b") {
		t.Errorf("a dumb terminal got %q", rest)
	}
}

// TestTerminalRecord records what is typed on a terminal and tests it.
func TestTerminalRecord(t *testing.T) {
	t.Parallel()
	term := startTerminal(t, plain, "--record", "bot_test.lua", "--as", "ann")
	term.expect(`ann> `)
	term.typeIn("7\r")
	term.expect(`Parrot: one 7`)
	term.typeIn("fail\r")
	term.expect(`broken`)
	term.typeIn("\x04")
	term.expect(`recorded; try it: simplex-lua test bot_test\.lua`)
	term.ends()
	cmd := process(t, "test")
	cmd.Dir = term.dir
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "1 passed, 0 failed") {
		recorded, _ := os.ReadFile(filepath.Join(term.dir, "bot_test.lua"))
		t.Errorf("%v\n%s\n%s", err, out, recorded)
	}
}
