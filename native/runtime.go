package native

import (
	"runtime"
	"unsafe"
)

// runtimeArgs is the command line handed to the core's runtime. The runtime
// keeps pointers into it and may write to it, so it is pinned and never freed.
// The argv array holds integers, not Go pointers: C writes to it without the
// garbage collector's knowledge.
type runtimeArgs struct {
	pinner runtime.Pinner
	texts  [][]byte // NUL-terminated
	argv   []uintptr
	first  uintptr // &argv[0]
	argc   int32
}

// pinnedArgs keeps what was handed over alive for ever.
var pinnedArgs []*runtimeArgs

func newRuntimeArgs(words []string) *runtimeArgs {
	a := &runtimeArgs{argc: int32(len(words))}
	for _, word := range words {
		text := append([]byte(word), 0)
		a.pinner.Pin(&text[0])
		a.texts = append(a.texts, text)
		a.argv = append(a.argv, uintptr(unsafe.Pointer(&text[0])))
	}
	a.argv = append(a.argv, 0)
	a.pinner.Pin(&a.argv[0])
	a.first = uintptr(unsafe.Pointer(&a.argv[0]))
	a.pinner.Pin(a)
	pinnedArgs = append(pinnedArgs, a)
	return a
}

// startRuntime starts the core's runtime. It can be done once per process; a
// runtime that finds its options wrong ends the process with a message.
func (f *functions) startRuntime(img *image, options []string) error {
	if len(options) == 0 {
		options = runtimeOptions
	}
	signals, err := saveSignals(img.handle)
	if err != nil {
		return err
	}
	args := newRuntimeArgs(append([]string{"simplex", "+RTS"}, options...))
	f.hsInit(unsafe.Pointer(&args.argc), unsafe.Pointer(&args.first))
	return signals.restore()
}
