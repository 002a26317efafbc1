package chat

// Bounded is a Core that does only so many commands side by side; more wait for
// their turn.
type Bounded interface {
	Core

	// SideBySide is how many, at least 1. It is always the same.
	SideBySide() int
}
