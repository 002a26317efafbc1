package native

import "fmt"

// Kinds of LoadError.
const (
	// KindLibsDir: SIMPLEX_LIBS_DIR is set and has no library.
	KindLibsDir Kind = "SIMPLEX_LIBS_DIR has no chat core"
	// KindNotFound: the library is in none of the places searched.
	KindNotFound Kind = "chat core not found"
	// KindNotLoadable: the system's loader refused the library.
	KindNotLoadable Kind = "chat core cannot be loaded"
	// KindMissingFunction: the library lacks a function that we need.
	KindMissingFunction Kind = "chat core lacks a function"
	// KindSecondLibrary: this process has another library or backend loaded.
	KindSecondLibrary Kind = "another chat core is loaded in this process"
	// KindNotStarted: the core's runtime could not be started.
	KindNotStarted Kind = "chat core's runtime did not start"
)

// LoadError says why the library could not be found, loaded or started.
type LoadError struct {
	Kind     Kind
	Path     string // the library, or the folder where it should be
	Function string // the missing function, for KindMissingFunction
	Loaded   string // what the process has loaded, for KindSecondLibrary
	Cause    error  // may be nil
}

// Error describes the problem in one line.
func (e *LoadError) Error() string {
	switch e.Kind {
	case KindMissingFunction:
		return fmt.Sprintf("%s: %s: %s", e.Kind, e.Function, e.Path)
	case KindSecondLibrary:
		return fmt.Sprintf("%s: %s is loaded, %s was asked for", e.Kind, e.Loaded, e.Path)
	}
	return hinted(e.Kind, e.Path, e.Cause)
}

// Unwrap returns the cause.
func (e *LoadError) Unwrap() error { return e.Cause }

// Is tells whether target is the error's Kind.
func (e *LoadError) Is(target error) bool { return target == error(e.Kind) }

// Hint tells what to do next.
func (e *LoadError) Hint() string {
	switch e.Kind {
	case KindLibsDir:
		return "Point SIMPLEX_LIBS_DIR at the folder that holds the library, or unset it to use the cache or a download."
	case KindNotFound:
		return "Run `simplex-lua install`, or set SIMPLEX_LIBS_DIR to the folder that holds the library."
	case KindNotLoadable:
		return "Check that the library is built for this system and processor, and that the libraries it needs lie beside it; " +
			"to fetch it again, remove its folder and run `simplex-lua install`."
	case KindMissingFunction:
		return "The library is not the expected version (" + Version + "): remove its folder and run `simplex-lua install`, or correct SIMPLEX_LIBS_DIR."
	case KindSecondLibrary:
		return "One process runs one library and one database backend: start a second process for the other."
	case KindNotStarted:
		return "Check the runtime options, and that the library is of the version " + Version + "."
	}
	return ""
}
