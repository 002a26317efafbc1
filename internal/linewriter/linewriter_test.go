package linewriter

import (
	"io"
	"slices"
	"testing"
)

func TestWriter(t *testing.T) {
	t.Parallel()
	var got []string
	w := New(func(s string) { got = append(got, s) })
	for _, part := range []string{"a", "b\nc\n", "", "\nd"} {
		if n, err := io.WriteString(w, part); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	w.Flush()
	if want := []string{"ab", "c", "", "d"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
