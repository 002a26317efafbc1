//go:build !linux

package tuning

// DropProgram does nothing on this system.
func DropProgram() {}
