// Package permission holds the walls around a script: what the operator allows
// it beyond its own files folder and the documented chat commands.
//
//	--allow, config ──▶ Parse ──▶ Set ──▶ Command   what a script sends to the core
//	                                  ──▶ Path      files that it reads and writes
//	                                  ──▶ Host      hosts that it names to the core
//	                                  ──▶ Dialer    where it connects to
//	                                  ──▶ ListenAt  where it listens
//	                                  ──▶ Env       what os.getenv answers
//	                                  ──▶ Programs  what exec.run starts
//
// A Set is plain data and never changes, so it is safe for use by several
// goroutines. It decides and does nothing itself; only a Dialer, which has to see
// the very address that is dialled, connects.
package permission
