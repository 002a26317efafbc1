//go:build !linux

package keep

func swap(staging, old, aside string) error { return swapByRename(staging, old, aside) }

func isMountRoot(string) bool { return false }
