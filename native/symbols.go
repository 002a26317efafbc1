package native

import (
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"
)

// functions are the C functions we call. Texts go in as Go strings, which
// purego copies with a NUL behind them. Results are pointers that functions.take
// copies and frees; none is declared as a Go string, for purego would copy it
// and leave the core's buffer behind. A controller is a small integer, never a
// pointer: as a pointer it would stop the garbage collector.
//
// What every message needs is an address with a method in calls.go: the Go
// functions that purego makes work by reflection, about 1 µs a call.
type functions struct {
	hsInit      func(argc, argv unsafe.Pointer)
	migrateInit func(path, key, confirm string, controller *uintptr) unsafe.Pointer
	closeStore  func(controller uintptr) unsafe.Pointer
	sendAddr    uintptr
	recvAddr    uintptr
	writeFile   func(controller uintptr, path string, data unsafe.Pointer, length int32) unsafe.Pointer
	readFile    func(path, key, nonce string) unsafe.Pointer
	encryptFile func(controller uintptr, from, to string) unsafe.Pointer
	decryptFile func(from, key, nonce, to string) unsafe.Pointer
	freeAddr    uintptr
}

// symbol is a row of the table: a function's name, where it (or its address) is
// put, its C signature, and where it is defined.
type symbol struct {
	name      string
	target    any
	signature string
	source    source
}

// source tells where a function is defined.
type source int

const (
	inCore    source = iota // in the library itself
	inRuntime               // in the library or in a sibling (libHSrts)
	inC                     // in the C library that the core allocates with
)

func (f *functions) table() []symbol {
	return []symbol{
		{"hs_init_with_rtsopts", &f.hsInit, "void (int *argc, char ***argv)", inRuntime},
		{"chat_migrate_init", &f.migrateInit, "char *(char *path, char *key, char *confirm, chat_ctrl *ctrl)", inCore},
		{"chat_close_store", &f.closeStore, "char *(chat_ctrl)", inCore},
		{"chat_send_cmd", &f.sendAddr, "char *(chat_ctrl, char *cmd)", inCore},
		{"chat_recv_msg_wait", &f.recvAddr, "char *(chat_ctrl, int microseconds)", inCore},
		{"chat_write_file", &f.writeFile, "char *(chat_ctrl, char *path, char *data, int length)", inCore},
		{"chat_read_file", &f.readFile, "char *(char *path, char *key, char *nonce)", inCore},
		{"chat_encrypt_file", &f.encryptFile, "char *(chat_ctrl, char *from, char *to)", inCore},
		{"chat_decrypt_file", &f.decryptFile, "char *(char *from, char *key, char *nonce, char *to)", inCore},
		{"free", &f.freeAddr, "void (void *)", inC},
	}
}

// image is the opened library and the siblings from the same folder that were
// opened before it. The system's part is in open_unix.go and open_windows.go.
type image struct {
	path     string
	handle   uintptr
	siblings []uintptr
}

// bind fills in the functions. A missing one is a LoadError that names it.
func (f *functions) bind(img *image) error {
	for _, s := range f.table() {
		address, err := img.find(s)
		if err != nil {
			return &LoadError{Kind: KindMissingFunction, Path: img.path, Function: s.name, Cause: err}
		}
		if target, ok := s.target.(*uintptr); ok {
			*target = address
			continue
		}
		purego.RegisterFunc(s.target, address)
	}
	return nil
}

// find returns the address of a function.
func (img *image) find(s symbol) (uintptr, error) {
	if s.source == inC {
		return lookupC(img.handle, s.name)
	}
	address, err := lookup(img.handle, s.name)
	if err == nil || s.source == inCore {
		return address, err
	}
	for _, sibling := range img.siblings {
		if address, err := lookup(sibling, s.name); err == nil {
			return address, nil
		}
	}
	return 0, fmt.Errorf("%w, nor is it in the libraries beside it", err)
}
