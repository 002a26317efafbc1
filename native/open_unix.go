//go:build linux || darwin

package native

import (
	"github.com/ebitengine/purego"
)

// runtimeOptions are the options of the core's runtime: a large allocation area
// (fewer collections), no copying of old data, and our signal handlers kept.
var runtimeOptions = []string{"-A64m", "-H64m", "-xn", "--install-signal-handlers=no"}

// openImage loads the library at path for ever, its siblings first. The
// siblings' symbols must be visible to it, hence RTLD_GLOBAL.
func openImage(path string) (*image, error) {
	img := &image{path: path}
	for _, sibling := range siblings(path) {
		handle, err := purego.Dlopen(sibling, purego.RTLD_NOW|purego.RTLD_GLOBAL)
		if err != nil {
			return nil, err
		}
		img.siblings = append(img.siblings, handle)
	}
	var err error
	img.handle, err = purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	return img, err
}

// lookup finds a function in a library or in one that it needs.
func lookup(handle uintptr, name string) (uintptr, error) {
	return purego.Dlsym(handle, name)
}

// lookupC finds a function of the C library that the core uses.
func lookupC(handle uintptr, name string) (uintptr, error) {
	return purego.Dlsym(handle, name)
}
