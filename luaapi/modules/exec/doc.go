// Package exec is the module exec: it runs programs that the operator allows.
//
//	exec.run({program, arg…}) ─▶ permission.Programs.Find ─▶ os/exec, a process group of its own
//	                                                            │ output, bounded
//	{ status, output, error_output } ◀──────────────────────────┘
//
// There is no shell: arguments reach the program as they are. The group ends
// with the program, at the time-out, when there is too much output, and when the
// handler is cut. The ways to end a group are in group_unix.go and
// group_windows.go.
package exec
