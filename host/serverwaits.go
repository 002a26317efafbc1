package host

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// roomyCore keeps commands that wait for message servers from taking all places of
// a core: a server that drops packets holds each of them for a network time-out,
// and the replies and marks of all other chats would wait behind them. They get
// three quarters of the places, at least one.
type roomyCore struct {
	chat.Core
	places chan struct{} // holds a token for each of them under way
	closed chan struct{}
	close  sync.Once
}

// roomy returns the core itself where it does any number of commands, or has one
// place only.
func roomy(c chat.Core) chat.Core {
	bounded, ok := c.(chat.Bounded)
	if !ok || bounded.SideBySide() < 2 {
		return c
	}
	return &roomyCore{Core: c, places: make(chan struct{}, max(bounded.SideBySide()*3/4, 1)), closed: make(chan struct{})}
}

func (c *roomyCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	if !waitsForServers(cmd) {
		return c.Core.Send(ctx, cmd)
	}
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.closed:
		return nil, fmt.Errorf("the core: %w", fs.ErrClosed)
	}
	return c.Core.Send(ctx, cmd)
}

func (c *roomyCore) Close(ctx context.Context) error {
	c.close.Do(func() { close(c.closed) })
	return c.Core.Close(ctx)
}

// waitsForServers tells that a command is answered only when a server has answered:
// those that the core's documentation calls interactive, and their short forms.
func waitsForServers(cmd string) bool {
	word, rest, _ := strings.Cut(cmd, " ")
	switch word {
	case "/_connect", "/connect", "/c", "/_accept", "/accept", "/ac", "/_join", "/join", "/j",
		"/_add", "/add", "/a", "/_address", "/address", "/ad", "/_address_settings", "/_profile_address",
		"/profile_address", "/pa", "/_public", "/_server":
		return true
	case "/_create", "/create":
		return strings.HasPrefix(rest, "link ")
	}
	return false
}
