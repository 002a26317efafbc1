// Package host is the running process: it keeps a script and a chat controller
// together. Programs that embed a bot use it as cmd/simplex-lua does.
package host
