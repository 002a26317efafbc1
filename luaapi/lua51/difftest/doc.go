// Package difftest compares lua51 with the reference interpreter lua5.1. It has
// the generators of programs, patterns and formats, the runner that feeds many
// programs to one lua5.1 process, and the minimiser. Only tests use it.
//
//	seed ─ generator ─→ programs ┬─ lua51.State (one each) ─→ output ┐
//	                             └─ lua5.1 driver.lua (batch) ─→ output ┴─ equal? else minimise
//
// What a program prints is compared literally, messages of errors with their
// lines and names of variables included. Programs print no addresses and do not
// depend on the order of keys.
package difftest
