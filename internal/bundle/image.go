package bundle

import (
	"debug/buildinfo"
	"debug/elf"
	"debug/pe"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// programPath is how Go names the program in an executable.
const programPath = "/cmd/simplex-lua"

// imageEnd is where an executable of Linux or Windows ends as the system sees
// it: what is behind it was appended. It may be behind the end of a file that
// was cut off.
func imageEnd(r io.ReaderAt) (int64, error) {
	end, ok := elfEnd(r)
	if f, err := pe.NewFile(r); !ok && err == nil {
		for _, s := range f.Sections {
			end = max(end, uint64(s.Offset)+uint64(s.Size))
		}
	}
	if end == 0 || int64(end) < 0 {
		return 0, errors.New("it is no executable of Linux or Windows")
	}
	return int64(end), nil
}

// elfEnd reads the tables of a Linux program. debug/elf would not take one whose
// sections are cut off. What cannot be read of the tables does not count.
func elfEnd(r io.ReaderAt) (end uint64, ok bool) {
	var head elf.Header64
	if !readAt(r, 0, &head) || string(head.Ident[:5]) != elf.ELFMAG+string(rune(elf.ELFCLASS64)) {
		return 0, false
	}
	end = head.Shoff + uint64(head.Shnum)*uint64(head.Shentsize)
	for i := range uint64(head.Shnum) {
		var s elf.Section64
		if readAt(r, head.Shoff+i*uint64(head.Shentsize), &s) && elf.SectionType(s.Type) != elf.SHT_NOBITS {
			end = max(end, s.Off+s.Size)
		}
	}
	for i := range uint64(head.Phnum) {
		var p elf.Prog64
		if readAt(r, head.Phoff+i*uint64(head.Phentsize), &p) {
			end = max(end, p.Off+p.Filesz)
		}
	}
	return end, true
}

// readAt reads a structure of a little-endian program.
func readAt(r io.ReaderAt, at uint64, into any) bool {
	return int64(at) >= 0 && binary.Read(io.NewSectionReader(r, int64(at), int64(binary.Size(into))), binary.LittleEndian, into) == nil
}

// Target is the system that an executable is for.
type Target struct{ OS, Arch string }

func (t Target) String() string { return t.OS + "/" + t.Arch }

// ParseTarget reads "linux/arm64".
func ParseTarget(text string) (Target, error) {
	os, arch, ok := strings.Cut(text, "/")
	if !ok || os == "" || arch == "" || strings.Contains(arch, "/") {
		return Target{}, fmt.Errorf("%q is no target; write it as linux/arm64, darwin/arm64 or windows/amd64", text)
	}
	return Target{os, arch}, nil
}

// Beside tells that a program of this system cannot carry the scripts: macOS
// runs none that was changed after it was signed.
func (t Target) Beside() bool { return t.OS == "darwin" }

// TargetOf reads what system a simplex-lua is for. A file that is none is an
// error.
func TargetOf(r io.ReaderAt) (Target, error) {
	info, err := buildinfo.Read(r)
	if err != nil {
		return Target{}, errors.New("it is no simplex-lua: it is not a Go program")
	}
	// Tests of the program are the program too.
	if !strings.HasSuffix(strings.TrimSuffix(info.Path, ".test"), programPath) {
		return Target{}, fmt.Errorf("it is no simplex-lua, but %s", info.Path)
	}
	var t Target
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS":
			t.OS = s.Value
		case "GOARCH":
			t.Arch = s.Value
		}
	}
	if t.OS == "" || t.Arch == "" {
		return Target{}, errors.New("it does not tell which system it is for")
	}
	return t, nil
}

// RuntimeSize is how many bytes of a simplex-lua are the program itself: all,
// or those before the scripts where it is a bundle. A program that can't carry
// anything is an error.
func RuntimeSize(r io.ReaderAt, size int64, target Target) (int64, error) {
	b, err := Open(r, size)
	switch {
	case err == nil && b.layout.runtime == 0:
		return 0, errors.New("it holds scripts, but no program")
	case err == nil:
		return b.layout.runtime, b.Verify()
	case !errors.Is(err, ErrNoBundle):
		return 0, err
	case target.Beside():
		return size, nil
	}
	end, err := imageEnd(r)
	if err != nil {
		return 0, err
	}
	if end != size {
		return 0, fmt.Errorf("its %d bytes do not end where its image does, at %d: it is packed, signed or cut off; take the one that was released", size, end)
	}
	return size, nil
}
