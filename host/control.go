package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// control sends the host's own commands. It is safe for use by several
// goroutines once userID is set.
type control struct {
	core   chat.Core
	log    *slog.Logger
	userID int64
}

// send hands one command to the core and reads the reply.
func (c *control) send(ctx context.Context, cmd string) (chat.Response, error) {
	reply, err := c.core.Send(ctx, cmd)
	if err != nil {
		return chat.Response{}, fmt.Errorf("%s: %w", chat.CommandName(cmd), err)
	}
	return chat.ParseReply(cmd, reply)
}

// isTag tells whether the core refused with that tag.
func isTag(err error, tag string) bool {
	refused := (*chat.CommandError)(nil)
	return errors.As(err, &refused) && refused.IsTag(tag)
}

// isNetwork tells whether the core refused since a server could not be reached,
// so that the same command may do later.
func isNetwork(err error) bool {
	refused := (*chat.CommandError)(nil)
	return errors.As(err, &refused) && refused.Type == "errorAgent" && refused.Tag == "BROKER"
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// compact writes v as commands take it. Only our own plain types come here.
func compact(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("host: a command's parameter cannot be JSON: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}
