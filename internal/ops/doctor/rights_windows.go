package doctor

import "io/fs"

// Windows has other rights, which the folder inherits from that of the user.

func foreignOwner(fs.FileInfo) string { return "" }

func writable(string) bool { return true }

func openFor(fs.FileInfo) string { return "" }
