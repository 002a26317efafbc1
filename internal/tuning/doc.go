// Package tuning sets what Go's runtime and the system would leave at values
// that do not suit a bot: a small heap, a flood of short events, long idling.
//
//	commands to the core ──▶ Processors      one processor in a flood, else all
//	end of a collection  ──▶ FollowHeap      how far a heap may grow to the next one
//	start                ──▶ DropProgram     the program's pages that are not needed again
//
// What the environment sets (GOMAXPROCS, GOGC) stays as it is. It is for main
// packages: what it sets belongs to the whole process.
package tuning
