package native

import (
	"testing"
	"time"
)

func BenchmarkSend(b *testing.B) {
	for name, cmd := range map[string]string{"small": "/echo x", "4kB": "/big 4096"} {
		b.Run(name, func(b *testing.B) {
			c := openTest(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Send(b.Context(), cmd); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReceive sends each event to itself, so it includes a Send.
func BenchmarkReceive(b *testing.B) {
	c := openTest(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Send(b.Context(), "/emit event"); err != nil {
			b.Fatal(err)
		}
		if _, err := c.Receive(time.Second); err != nil {
			b.Fatal(err)
		}
	}
}
