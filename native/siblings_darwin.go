package native

// libraryFile is the library's file name on this system.
const libraryFile = "libsimplex.dylib"

// siblings is empty: libraries for macOS name the ones they need relative to
// their own place, and the system's loader finds them there.
func siblings(string) []string { return nil }
