package main

// onResize does nothing: there is no signal for it, and the line takes its new
// width when it is drawn the next time.
func onResize(func()) (stop func()) { return func() {} }
