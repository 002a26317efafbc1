package soak

import (
	"fmt"
	"strings"
	"sync"
)

// ledger notes what was sent to the bot and what it handled in which life.
type ledger struct {
	mu      sync.Mutex       // guards what follows
	sent    map[string]bool  // texts that the bot's database gets
	handled map[string][]int // by text: the lives that handled it, in order
	killed  map[int]bool     // lives that were killed; the others stopped in order
}

func newLedger() *ledger {
	return &ledger{sent: map[string]bool{}, handled: map[string][]int{}, killed: map[int]bool{}}
}

func (l *ledger) noteSent(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[text] = true
}

func (l *ledger) noteKilled(life int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.killed[life] = true
}

// allHandled tells whether every text that was sent has been handled.
func (l *ledger) allHandled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for text := range l.sent {
		if len(l.handled[text]) == 0 {
			return false
		}
	}
	return true
}

// check returns what is wrong, at most some lines, and a summary.
func (l *ledger) check() (problems []string, summary string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	twice := 0
	for text := range l.sent {
		lives := l.handled[text]
		if len(lives) == 0 {
			problems = append(problems, fmt.Sprintf("%q was never handled", text))
			continue
		}
		for i, life := range lives[1:] {
			twice++
			if before := lives[i]; life == before {
				problems = append(problems, fmt.Sprintf("%q was handled twice in life %d", text, life))
			} else if !l.killed[before] {
				problems = append(problems, fmt.Sprintf("%q was handled in life %d, which was not killed, and again in life %d", text, before, life))
			}
		}
	}
	n := len(problems)
	if n > 20 {
		problems = append(problems[:20], fmt.Sprintf("… and %d more", n-20))
	}
	return problems, fmt.Sprintf("%d texts, %d handled once more after a kill, %d kills", len(l.sent), twice, len(l.killed))
}

// printed is where the scripts of one life print the texts that they handle.
type printed struct {
	*ledger
	life int
}

func (p printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for text := range strings.Lines(string(b)) {
		text = strings.TrimSpace(text)
		p.handled[text] = append(p.handled[text], p.life)
	}
	return len(b), nil
}
