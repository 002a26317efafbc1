package native

import (
	"bytes"
	"testing"
)

func TestProgressLines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		total int64
		adds  []int
		want  string
	}{
		{"quarters", 4 << 20, []int{1 << 20, 1 << 19, 1 << 19, 1 << 20, 1 << 20},
			"what\n25 % of 4.0 MiB\n50 % of 4.0 MiB\n75 % of 4.0 MiB\n4.0 MiB received\n"},
		{"at once", 1 << 20, []int{1 << 20}, "what\n1.0 MiB received\n"},
		{"length unknown", -1, []int{1 << 20, 1 << 20}, "what\n2.0 MiB received\n"},
		{"nothing", 0, nil, "what\n0.0 MiB received\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			play(NewProgress(&out, false), tt.total, tt.adds)
			if out.String() != tt.want {
				t.Errorf("got %q, want %q", out.String(), tt.want)
			}
		})
	}
}

func TestProgressBar(t *testing.T) {
	t.Parallel()
	for _, total := range []int64{4 << 20, -1} {
		var out bytes.Buffer
		play(NewProgress(&out, true), total, []int{1 << 20, 3 << 20})
		if !bytes.HasPrefix(out.Bytes(), []byte("what\n")) || !bytes.Contains(out.Bytes(), []byte("\r")) {
			t.Errorf("total %d: got %q, want a line that is redrawn", total, out.String())
		}
	}
}

func play(p Progress, total int64, adds []int) {
	p.Note("what")
	p.Start(total)
	for _, n := range adds {
		p.Add(n)
	}
	p.Done()
}
