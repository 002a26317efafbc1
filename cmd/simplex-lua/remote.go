package main

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/remote"
)

// remoteOpener returns what opens the chat program that the bot is to use in the
// place of a database of its own. Mistakes in the address are told now.
func remoteOpener(b *config.Bot, log *slog.Logger) (func(context.Context, host.Database) (chat.Core, error), error) {
	o := remote.Options{
		URL: b.Core.URL, Insecure: b.Core.Insecure, Token: b.Core.Token,
		Log: log.With("bot", cmp.Or(b.LogName, b.Name)),
	}
	if err := o.Check(); err != nil {
		return nil, b.Mistake("core", err)
	}
	return func(ctx context.Context, _ host.Database) (chat.Core, error) {
		c, err := remote.Open(ctx, o)
		if err != nil {
			return nil, err // not a nil *remote.Core inside an interface
		}
		return c, nil
	}, nil
}

// tellShared warns about bots that use the same chat program: it gives its events
// to one of them only.
func tellShared(bots []*config.Bot, log *slog.Logger) {
	for i, b := range bots {
		first := slices.IndexFunc(bots, func(other *config.Bot) bool { return other.Core.URL == b.Core.URL })
		if b.Core.URL != "" && first < i {
			log.Warn("two bots use the same chat program; it gives all messages to the one that connects first", "bot", b.Name, "other", bots[first].Name)
		}
	}
}
