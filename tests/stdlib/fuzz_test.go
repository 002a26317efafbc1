package stdlib

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// patience is how long the bot may take to answer; a machine can be slow.
const patience = 3 * time.Minute

// texts are what people write where something else is asked for.
var texts = []string{
	"", " ", "5", "-5", "5.5", "5,5", "1e400", "-1e400", "nan", "inf", "0x10", "1e-400", "99999999999999999999", "yes", "NO", "oui", "\"", "\"\"",
	"\"a b\" c", "a \"b c\"", "\"a\\\"", "a\tb\nc", "\u00a0", "\u200b5", "٣", "%d", "%", "(", "[[", "\x00", "\xff", "a@b.c", "@@.", "1. red", "Red", "2",
	"2026-12-24", "2026-02-30", "0000-00-00", "999999-01-01", "24.12.2026", "5m", "1h30m", "-5m", "1e300h", "9999999999h", "5m5m5m", "now",
	"/help", "/rest x", "/fill_text", "cancel", "-", strings.Repeat("x", 2000), strings.Repeat("\"", 99), strings.Repeat("1", 400),
}

// FuzzMenu: whatever follows a command, its handler gets values of the types
// that its table names, or is not called.
func FuzzMenu(f *testing.F) {
	for _, text := range texts {
		for _, keyword := range []string{"rest", "word", "number", "integer", "boolean", "duration"} {
			f.Add(keyword, text)
		}
	}
	p := startPartner(f)
	f.Fuzz(func(t *testing.T, keyword, text string) {
		p.write(t, "/"+keyword+" "+text)
		p.settle(t)
	})
}

// FuzzForm: whatever is answered to a question, it is kept as a value of the
// question's type, or asked for again; and who cancels or confirms is done.
func FuzzForm(f *testing.F) {
	for _, text := range texts {
		for _, kind := range []string{"text", "number", "integer", "boolean", "date", "duration", "email", "choices"} {
			f.Add(kind, text)
		}
	}
	p := startPartner(f)
	f.Fuzz(func(t *testing.T, kind, text string) {
		p.write(t, "/fill_"+kind)
		p.write(t, text)
		p.write(t, "yes") // where it was an answer, the form is done
		p.write(t, "cancel")
		p.settle(t)
	})
}

// partner is who writes to the bot.
type partner struct {
	*sim.Person
	chat sim.Chat
	bot  simbot.Bot
	sent int
	read int // bytes of what the bot has printed
}

func startPartner(f *testing.F) *partner {
	f.Helper()
	net := sim.New(sim.Options{})
	p := &partner{bot: simbot.Start(f, net, "fuzzed", simbot.Read(f, "fuzzed"), simbot.Options{Denied: true})}
	status, _ := p.bot.Status()
	var err error
	if p.Person, err = net.Person("mallory"); err == nil {
		err = p.Connect(status.Address)
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(p.Close)
	for deadline := time.Now().Add(patience); p.chat.Ref == ""; time.Sleep(5 * time.Millisecond) {
		if p.chat, err = p.Chat("fuzzed"); err != nil && time.Now().After(deadline) {
			f.Fatal(err)
		}
	}
	return p
}

// write sends a text; one that cannot be sent, as an empty one, is not.
func (p *partner) write(t *testing.T, text string) {
	t.Helper()
	if _, err := p.SendText(p.chat, text); err != nil {
		t.Logf("%q is not sent: %v", text, err)
	}
}

// settle waits until the bot has handled all that was written, and looks at what
// it reports.
func (p *partner) settle(t *testing.T) {
	t.Helper()
	p.sent++
	pong := fmt.Sprintf("pong %d.", p.sent)
	p.write(t, fmt.Sprintf("/ping %d.", p.sent))
	for deadline := time.Now().Add(patience); ; {
		event, err := p.Core.Receive(100 * time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(event), pong) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("no answer; the bot printed\n%s", p.bot.Out)
		}
	}
	printed := p.bot.Out.String()
	if reported := printed[p.read:]; reported != "" {
		p.read = len(printed)
		t.Errorf("the bot printed\n%s", reported)
	}
}
