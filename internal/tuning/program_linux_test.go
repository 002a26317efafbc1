package tuning

import (
	"bytes"
	"os"
	"testing"
)

// TestProgramMappings: memory that is dropped comes back as the file has it, so it
// must not differ. With cgo, the linker's addresses do.
func TestProgramMappings(t *testing.T) {
	t.Parallel()
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	list := programMappings()
	if len(list) == 0 {
		t.Error("nothing of the program can be dropped")
	}
	for _, m := range list {
		shown := make([]byte, m.to-m.from)
		if _, err := memory.ReadAt(shown, int64(m.from)); err != nil {
			t.Fatalf("%x-%x: %v", m.from, m.to, err)
		}
		file := program[m.offset:]
		n := min(len(shown), len(file)) // the last page goes beyond the file
		if !bytes.Equal(shown[:n], file[:n]) {
			t.Errorf("%x-%x differs from the file", m.from, m.to)
		}
	}
}
