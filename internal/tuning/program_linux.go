package tuning

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// DropProgram gives back the memory that shows the program's file. Setting up
// the packages touches much of it once, and the system maps sixteen pages for
// each one that is touched; what is needed again is mapped again, out of the
// system's cache. An idle bot is 5 MB smaller for it.
func DropProgram() {
	for _, m := range programMappings() {
		// What cannot be dropped stays: there is nothing to do about it.
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, m.from, m.to-m.from, unix.MADV_DONTNEED)
	}
}

// mapping is a part of the process's memory, from and to are addresses.
type mapping struct {
	from, to uintptr
	offset   int64 // of its first byte in the file
}

// programMappings returns where the program's file can be read in memory just as
// it is on the disk. Parts that were written to are left out also where they are
// read-only by now, as the addresses that the dynamic linker has filled in.
func programMappings() (list []mapping) {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil
	}
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return nil
	}
	var m mapping
	ours := false
	for line := range strings.Lines(string(smaps)) {
		var from, to uintptr
		var mode string
		var offset int64
		if n, _ := fmt.Sscanf(line, "%x-%x %s %x", &from, &to, &mode, &offset); n == 4 {
			m = mapping{from, to, offset}
			ours = strings.HasPrefix(mode, "r-") && strings.HasSuffix(strings.TrimSpace(line), " "+exe)
			continue
		}
		// The pages of a file's mapping that are the process's own.
		if own, ok := strings.CutPrefix(line, "Anonymous:"); ok && ours && strings.TrimSpace(own) == "0 kB" {
			list = append(list, m)
		}
	}
	return list
}
