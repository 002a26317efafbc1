//go:build !windows

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// onResize calls f whenever the terminal's window has changed, until stop.
func onResize(f func()) (stop func()) {
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGWINCH)
	go func() { // ends when stop closes the channel
		for range changed {
			f()
		}
	}()
	return func() {
		signal.Stop(changed)
		close(changed)
	}
}
