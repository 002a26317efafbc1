// Package tests holds what concerns the program as a whole: the README's
// commands, the import graph, and the real program on a core of our own.
//
//	cli/      scripts of the command line, run by cmd/simplex-lua's tests
//	stub/     a stand-in for libsimplex in C: floods, faults, deaths
//	soak/     people, groups, kills and reloads on the simulated network
//
// The tests here build the program once, run it on the stub, kill it, and read
// from the stub's store what became of each message.
package tests
