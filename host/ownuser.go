package host

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// ownUser keeps the bot's user the active one of the database: the core looks for
// chats among those of the active user, so with another one they all seem gone.
//
// After a command that makes another user active, ours is made active again. Where
// somebody else has done so, in the terminal of the program that has the core, the
// first command that is refused for it brings ours back, and is sent again: what
// was refused has changed nothing.
type ownUser struct {
	chat.Core
	log *slog.Logger
	// id is our user's, 0 until it is known.
	id atomic.Int64
	// returns counts how often ours was brought back, by whoever holds the token of
	// returning.
	returns   atomic.Uint64
	returning chan struct{}
}

func newOwnUser(core chat.Core, log *slog.Logger) *ownUser {
	return &ownUser{Core: core, log: log, returning: make(chan struct{}, 1)}
}

func (c *ownUser) Send(ctx context.Context, cmd string) ([]byte, error) {
	before := c.returns.Load()
	reply, err := c.Core.Send(ctx, cmd)
	switch {
	case err != nil || c.id.Load() == 0:
	case c.refused(cmd, reply):
		if c.comeBack(ctx, before) {
			return c.Core.Send(ctx, cmd)
		}
	case c.another(cmd, reply):
		c.comeBack(ctx, c.returns.Load())
	}
	return reply, err
}

// refused tells that a command may have been refused for another user being active.
func (c *ownUser) refused(cmd string, reply []byte) bool {
	if !bytes.HasPrefix(reply, refusalStart) {
		return false
	}
	_, err := chat.ParseReply(cmd, reply)
	refusal := (*chat.CommandError)(nil)
	switch {
	case !errors.As(err, &refusal):
		return false
	case !refusal.IsTag("differentActiveUser"):
		// An address is looked for among those of the user that the command names.
		return gone(err) && !refusal.IsTag("userContactLinkNotFound")
	}
	var of struct {
		ErrorType struct {
			User int64 `json:"commandUserId"`
		} `json:"errorType"`
	}
	return json.Unmarshal(refusal.Raw, &of) == nil && of.ErrorType.User == c.id.Load()
}

// another tells that a command's reply names an active user who is not ours.
func (c *ownUser) another(cmd string, reply []byte) bool {
	switch word, _, _ := strings.Cut(cmd, " "); word {
	case "/_user", "/user", "/u", "/_create", "/create":
	default:
		return false
	}
	r, err := chat.ParseReply(cmd, reply)
	if err != nil || r.Type != "activeUser" {
		return false
	}
	u, err := readUser(r)
	return err == nil && u.User.UserID != c.id.Load()
}

// comeBack makes ours the active user where it is not. It is true where it was
// brought back since before, by whomever.
func (c *ownUser) comeBack(ctx context.Context, before uint64) bool {
	select {
	case c.returning <- struct{}{}:
		defer func() { <-c.returning }()
	case <-ctx.Done():
		return false
	}
	if c.returns.Load() != before {
		return true
	}
	ctl := &control{core: c.Core, log: c.log}
	r, err := ctl.send(ctx, "/user")
	if err != nil {
		return false
	}
	if u, err := readUser(r); err != nil || u.User.UserID == c.id.Load() {
		return false
	}
	if _, err := ctl.send(ctx, "/_user "+id(c.id.Load())); err != nil {
		c.log.Error("another user of the database was made active, and the bot's own cannot be made so again", "user", c.id.Load(), "err", err)
		return false
	}
	c.returns.Add(1)
	c.log.Warn("another user of the database was made active; the bot's own is active again", "user", c.id.Load())
	return true
}
