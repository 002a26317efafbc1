package main

import "context"

// onHangup never gets a value: Windows has no SIGHUP.
func onHangup(context.Context) <-chan struct{} { return nil }
