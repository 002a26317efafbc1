package native

import (
	"golang.org/x/sys/windows"
)

// libraryFile is the library's file name on this system.
const libraryFile = "libsimplex.dll"

// runtimeOptions are the options of the core's runtime; -xn is not for Windows.
var runtimeOptions = []string{"-A64m", "-H64m", "--install-signal-handlers=no"}

// openImage loads the library at path for ever. The libraries it needs are
// looked for in its folder, then where the system keeps them.
func openImage(path string) (*image, error) {
	handle, err := windows.LoadLibraryEx(path, 0,
		windows.LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR|windows.LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
	return &image{path: path, handle: uintptr(handle)}, err
}

// lookup finds a function in a library.
func lookup(handle uintptr, name string) (uintptr, error) {
	return windows.GetProcAddress(windows.Handle(handle), name)
}

// lookupC finds a function of the C library that the core allocates with. A
// library does not hand out the functions of others here, so it is named.
func lookupC(_ uintptr, name string) (uintptr, error) {
	crt, err := windows.LoadLibraryEx("msvcrt.dll", 0, windows.LOAD_LIBRARY_SEARCH_SYSTEM32)
	if err != nil {
		return 0, err
	}
	return windows.GetProcAddress(crt, name)
}

// savedSignals is empty: there are no signal dispositions to keep.
type savedSignals struct{}

func saveSignals(uintptr) (savedSignals, error) { return savedSignals{}, nil }

func (savedSignals) restore() error { return nil }
