package sim_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// driver speaks to ServeLines as another program would.
type driver struct {
	t      *testing.T
	in     *json.Encoder
	out    *bufio.Scanner
	events map[string][][]byte
	opts   sim.Options
}

func newDriver(t *testing.T, opts sim.Options) *driver {
	t.Helper()
	inR, inW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		done <- sim.ServeLines(context.Background(), inR, outW, opts)
		outW.Close()
	}()
	t.Cleanup(func() {
		inW.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		inR.Close()
		outR.Close()
	})
	d := &driver{t: t, in: json.NewEncoder(inW), out: bufio.NewScanner(outR), events: map[string][][]byte{}, opts: opts}
	d.out.Buffer(nil, 64<<20)
	return d
}

// send sends one line and returns the reply, if there is one.
func (d *driver) send(line map[string]any) (reply []byte) {
	d.t.Helper()
	if err := d.in.Encode(line); err != nil {
		d.t.Fatal(err)
	}
	for d.out.Scan() {
		var a struct {
			Actor string
			Reply json.RawMessage
			Event json.RawMessage
			Idle  bool
			Error string
		}
		if err := json.Unmarshal(d.out.Bytes(), &a); err != nil {
			d.t.Fatal(err)
		}
		switch {
		case a.Idle:
			return reply
		case a.Error != "":
			d.t.Fatalf("%v: %s", line, a.Error)
		case a.Event != nil:
			d.events[a.Actor] = append(d.events[a.Actor], bytes.Clone(a.Event))
		default:
			reply = bytes.Clone(a.Reply)
		}
	}
	d.t.Fatalf("%v: no answer", line)
	return nil
}
