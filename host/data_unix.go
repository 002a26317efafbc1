//go:build unix

package host

import "syscall"

// errReadOnly is what a file system mounted read-only answers.
var errReadOnly error = syscall.EROFS
