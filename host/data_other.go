//go:build !unix

package host

import "io/fs"

// errReadOnly has no code of its own here.
var errReadOnly = fs.ErrPermission
