package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
)

// RunAll runs several bots side by side until ctx ends or each of them has
// ended. A bot that fails is logged and the others go on; the errors of all are
// joined. Two bots with the same data folder are refused before any starts.
//
// Where $STATE_DIRECTORY is the data folder, each of several bots gets the
// folder of its name in it.
func RunAll(ctx context.Context, bots ...Options) error {
	hosts := make([]*Host, len(bots))
	folders := map[string]string{}
	for i, o := range bots {
		if len(bots) > 1 {
			o = ownFolder(o)
		}
		h, err := New(o)
		if err != nil {
			return err
		}
		hosts[i] = h
		if o.Ephemeral {
			continue
		}
		dir, err := DataFolder(h.opts)
		if err != nil {
			return err
		}
		if other, taken := folders[dir]; taken {
			return &DataError{
				Path: dir, Problem: fmt.Sprintf("%s and %s would share it", other, h.opts.Name),
				Hint: "Give each bot a folder of its own.",
			}
		}
		folders[dir] = h.opts.Name
	}
	return runHosts(ctx, hosts)
}

func ownFolder(o Options) Options {
	if o.Data != "" || o.Getenv == nil || o.Ephemeral {
		return o
	}
	if state, ok := o.Getenv("STATE_DIRECTORY"); ok && state != "" {
		if dir, err := DataFolder(o); err == nil {
			name := o.Name
			if name == "" {
				name = scriptName(o.Script)
			}
			o.Data = filepath.Join(dir, name)
		}
	}
	return o
}

func runHosts(ctx context.Context, hosts []*Host) error {
	errs := make([]error, len(hosts))
	var all sync.WaitGroup
	for i, h := range hosts {
		all.Go(func() {
			err := h.Run(ctx)
			if err == nil {
				return
			}
			errs[i] = err
			if len(hosts) > 1 {
				h.log.Error("the bot has ended; the others go on", "err", err)
				errs[i] = fmt.Errorf("%s: %w", h.opts.Name, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
