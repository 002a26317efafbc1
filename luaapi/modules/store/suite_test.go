package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/store/pgtest"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/postgres"
)

// engines are the two that the suite holds to the same contract.
var engines = map[string]func(t *testing.T) engine{
	"embedded": func(t *testing.T) engine {
		e, err := openSQLite(t.Context(), t.TempDir()+"/"+FileName)
		if err != nil {
			t.Fatal(err)
		}
		return e
	},
	"postgres": func(t *testing.T) engine {
		url, _ := pgtest.URL(t)
		config, err := postgres.Config("test", url, permission.Set{All: true})
		if err != nil {
			t.Fatal(err)
		}
		e, err := openPostgres(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		return e
	},
}

// suite is what every engine must do.
var suite = map[string]func(t *testing.T, d *database){
	"expiry":     testExpiry,
	"swap":       testSwap,
	"sweep":      testSweep,
	"at once":    testAtOnce,
	"cut":        testCut,
	"long pages": testPages,
}

func TestEngines(t *testing.T) {
	t.Parallel()
	for name, start := range engines {
		for part, test := range suite {
			t.Run(name+"/"+part, func(t *testing.T) {
				t.Parallel()
				d := &database{start(t)}
				defer d.engine.close()
				test(t, d)
			})
		}
	}
}

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// value returns the value of k at a time, "" for none.
func value(t *testing.T, d *database, at time.Time) string {
	t.Helper()
	r, err := d.get(t.Context(), "s", "k", at)
	if err != nil {
		t.Fatal(err)
	}
	if r == nil {
		return ""
	}
	return string(r.value)
}

func testExpiry(t *testing.T, d *database) {
	if err := d.set(t.Context(), "s", "k", []byte("x"), time.Minute, noon); err != nil {
		t.Fatal(err)
	}
	if before, after := value(t, d, noon.Add(59*time.Second)), value(t, d, noon.Add(time.Minute)); before != "x" || after != "" {
		t.Errorf("before %q, after %q", before, after)
	}
	later := noon.Add(time.Hour)
	if rows, err := d.list(t.Context(), "s", "", "", 10, later); err != nil || len(rows) != 0 {
		t.Errorf("listed %v, %v", rows, err)
	}
	if done, err := d.delete(t.Context(), "s", "k", later); err != nil || done {
		t.Errorf("deleted %v, %v", done, err)
	}
	if done, err := d.swap(t.Context(), "s", "k", []byte("x"), []byte("y"), later); err != nil || done {
		t.Errorf("replaced what has expired: %v, %v", done, err)
	}
	if done, err := d.swap(t.Context(), "s", "k", nil, []byte("z"), later); err != nil || !done {
		t.Errorf("not written in its place: %v, %v", done, err)
	}
	if got := value(t, d, later.Add(time.Hour)); got != "z" {
		t.Errorf("got %q: the new entry has the old one's expiry", got)
	}
}

func testSwap(t *testing.T, d *database) {
	for _, tt := range []struct {
		was, value string
		want       bool
		after      string
	}{
		{"x", "y", false, ""}, {"", "x", true, "x"}, {"", "y", false, "x"}, {"y", "z", false, "x"},
		{"x", "y", true, "y"}, {"x", "", false, "y"}, {"y", "", true, ""}, {"", "", true, ""},
	} {
		done, err := d.swap(t.Context(), "s", "k", bytesOf(tt.was), bytesOf(tt.value), noon)
		if got := value(t, d, noon); err != nil || done != tt.want || got != tt.after {
			t.Errorf("swap(%q, %q): got %v, %v, then %q", tt.was, tt.value, done, err, got)
		}
	}
}

func bytesOf(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

// testSweep: expired entries do not gather.
func testSweep(t *testing.T, d *database) {
	for i := range 100 {
		at := noon.Add(time.Duration(i) * time.Second)
		if err := d.set(t.Context(), "s", fmt.Sprint("k", i), []byte("x"), time.Second, at); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := d.clear(t.Context(), "s", ""); err != nil || n > 2 {
		t.Errorf("%d entries were left, %v", n, err)
	}
}

func testAtOnce(t *testing.T, d *database) {
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			for range 20 {
				for done := false; !done; {
					r, err := d.get(context.Background(), "s", "n", noon)
					var was []byte
					if r != nil {
						was = r.value
					}
					if err == nil {
						done, err = d.swap(context.Background(), "s", "n", was, append(was[:len(was):len(was)], 'x'), noon)
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if r, err := d.get(t.Context(), "s", "n", noon); err != nil || len(r.value) != 100 {
		t.Errorf("got %d, %v", len(r.value), err)
	}
}

// testCut: a cut operation ends, and the store goes on.
func testCut(t *testing.T, d *database) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.get(ctx, "s", "k", noon); err == nil {
		t.Error("got no error")
	}
	if err := d.set(t.Context(), "s", "k", []byte("x"), 0, noon); err != nil || value(t, d, noon) != "x" {
		t.Errorf("afterwards: %v", err)
	}
}

func testPages(t *testing.T, d *database) {
	for i := range 3 {
		if err := d.set(t.Context(), "s", fmt.Sprint("k", i), make([]byte, maxValue), 0, noon); err != nil {
			t.Fatal(err)
		}
	}
	if rows, err := d.list(t.Context(), "s", "k", "", 2, noon); err != nil || len(rows) != 2 {
		t.Errorf("got %d, %v", len(rows), err)
	}
	if _, err := d.list(t.Context(), "s", "k", "", 3, noon); err == nil {
		t.Error("no error for more than a page")
	}
}
