// Package store is the Lua module store: what a script keeps beyond its
// process, by key.
//
//	script ──▶ space ──▶ database ──▶ engine ┬ sqlite    DATA/store.db, or memory where there is no folder
//	 (Lua)     (names,    (statements         └ postgres  store.open { url = … }, or where
//	            values)    of both)                       the operator says: module.VM.StoreURL
//
// The embedded store is SQLite, which the module sql needs anyway: write-ahead
// log and synchronous=FULL, so that what was acknowledged survives kill -9 and
// power cuts. Each file is open once per process, shared by the generations of
// a script and closed with the last one; statements go through one connection,
// one after another, and wait for other processes.
//
// Each operation is one statement and thereby atomic on both engines. update
// and incr read, compute and write only if the value is still the one that was
// read; else they begin again. So neither handlers nor processes lose one.
//
// Values are stored in a format of our own (encode.go), since JSON has neither
// binary strings nor all numbers.
package store
