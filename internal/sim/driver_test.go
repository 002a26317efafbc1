package sim_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// driver speaks to ServeLines as another program would.
type driver struct {
	t   *testing.T
	in  *json.Encoder
	out *bufio.Scanner
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
	d := &driver{t: t, in: json.NewEncoder(inW), out: bufio.NewScanner(outR)}
	d.out.Buffer(nil, 64<<20)
	return d
}

// output is one line that came back.
type output struct {
	Actor string
	Reply json.RawMessage
	Event json.RawMessage
	Idle  bool
	Error string
}

// body is the reply or event.
func (o output) body() []byte {
	if o.Event != nil {
		return o.Event
	}
	return o.Reply
}

// exchange sends one line and returns what comes back before it is idle.
func (d *driver) exchange(line map[string]any) (all []output) {
	d.t.Helper()
	if err := d.in.Encode(line); err != nil {
		d.t.Fatal(err)
	}
	for d.out.Scan() {
		var o output
		if err := json.Unmarshal(d.out.Bytes(), &o); err != nil {
			d.t.Fatal(err)
		}
		if o.Idle {
			return all
		}
		all = append(all, o)
	}
	d.t.Fatalf("%v: no answer", line)
	return nil
}
