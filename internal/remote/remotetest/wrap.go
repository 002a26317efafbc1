package remotetest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Program is a Core behind a server, as simplex-chat is: it has started the chat
// and made its user, if there was none, before anybody connects.
type Program struct {
	*Server
	t    testing.TB
	open func() chat.Core

	mu   sync.Mutex // guards what follows
	core chat.Core
	pump sync.WaitGroup
	quit chan struct{}
}

// Wrap runs a program on the Core that open makes; each new start after Kill
// makes one again. The test's end kills it.
func Wrap(t testing.TB, open func() chat.Core) *Program {
	t.Helper()
	p := &Program{t: t, open: open}
	p.begin()
	p.Server = New(t, p.do)
	t.Cleanup(p.Kill)
	p.feed()
	return p
}

const newUser = `/_create user {"profile":{"displayName":"program","fullName":""},"pastTimestamp":false,"userChatRelay":false}`

// begin opens the core and starts the chat.
func (p *Program) begin() {
	core := p.open()
	for _, cmd := range []string{"/user", "/_start"} {
		reply, err := core.Send(context.Background(), cmd)
		if err == nil && cmd == "/user" && isError(reply) {
			_, err = core.Send(context.Background(), newUser)
		}
		if err != nil {
			p.t.Fatalf("%s: %v", cmd, err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.core, p.quit = core, make(chan struct{})
}

// feed hands the core's events to the server.
func (p *Program) feed() {
	p.mu.Lock()
	core, quit := p.core, p.quit
	p.mu.Unlock()
	p.pump.Go(func() {
		for {
			event, err := core.Receive(time.Minute)
			if err != nil {
				return
			}
			if event == nil {
				continue
			}
			select {
			case <-quit: // taken, and lost with the program
				return
			default:
				p.Event(replyObject(event, "chatError"))
			}
		}
	})
}

// Kill ends the program at once: what it had not handed out is lost as an event.
func (p *Program) Kill() {
	p.mu.Lock()
	core := p.core
	if core != nil {
		close(p.quit)
		p.core = nil
	}
	p.mu.Unlock()
	if core == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := core.Close(ctx); err != nil {
		p.t.Errorf("close the program's core: %v", err)
	}
	p.Server.Stop()
	p.pump.Wait()
}

// Return starts the program again after Kill.
func (p *Program) Return() {
	p.begin()
	p.Server.Start()
	p.feed()
}

// Core is the program's own, nil while it does not run.
func (p *Program) Core() chat.Core {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.core
}

func (p *Program) do(cmd string) []byte {
	core := p.Core()
	if core == nil {
		return nil
	}
	reply, err := core.Send(context.Background(), cmd)
	if err != nil {
		return nil // it was killed meanwhile
	}
	return replyObject(reply, "chatCmdError")
}

// replyObject is what stands under "resp" for a reply or event of the library.
func replyObject(reply []byte, failure string) []byte {
	var in struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	if json.Unmarshal(reply, &in) != nil {
		return nil
	}
	if in.Error != nil {
		return []byte(`{"type":"` + failure + `","chatError":` + string(in.Error) + `}`)
	}
	return in.Result
}

func isError(reply []byte) bool {
	var in struct {
		Error json.RawMessage `json:"error"`
	}
	return json.Unmarshal(reply, &in) == nil && in.Error != nil
}
