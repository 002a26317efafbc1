//go:build unix

package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// onHangup returns a channel that gets a value at each SIGHUP, until ctx ends.
// Signals that come faster than they are taken count as one.
func onHangup(ctx context.Context) <-chan struct{} {
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGHUP)
	reloads := make(chan struct{}, 1)
	go func() {
		defer signal.Stop(got)
		for {
			select {
			case <-got:
				select {
				case reloads <- struct{}{}:
				default:
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return reloads
}
