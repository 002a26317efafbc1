package listen

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func answer(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) })
}

// get asks an address that u listens on.
func get(c *http.Client, url string) (string, error) {
	r, err := c.Get(url)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return string(body), err
}

func newClient(t *testing.T) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// A generation that takes over answers on the same connection, and none of many
// requests at that moment is refused.
func TestHandOver(t *testing.T) {
	t.Parallel()
	var as Addresses
	old, err := as.Listen(t.Context(), "127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + old.Addr().String()
	old.Serve(answer("old"))
	c := newClient(t)
	if got, err := get(c, url); got != "old" || err != nil {
		t.Fatalf("got %q, %v", got, err)
	}
	var askers sync.WaitGroup
	for range 4 {
		askers.Go(func() {
			own := newClient(t)
			for range 100 {
				if got, err := get(own, url); err != nil || got != "old" && got != "new" {
					t.Errorf("got %q, %v", got, err)
				}
			}
		})
	}
	next, err := as.Listen(t.Context(), "127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	if next.Addr().String() != old.Addr().String() {
		t.Errorf("the address changed from %v to %v", old.Addr(), next.Addr())
	}
	next.Serve(answer("new"))
	old.Close()
	old.Close()
	askers.Wait()
	if got, err := get(c, url); got != "new" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	next.Close()
	if got, err := get(newClient(t), url); err == nil {
		t.Errorf("somebody still answers: %q", got)
	}
}

func TestTaken(t *testing.T) {
	t.Parallel()
	var mine, others Addresses
	u, err := others.Listen(t.Context(), "127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	address := u.Addr().String()
	if _, err := mine.Listen(t.Context(), address, 0); err == nil || !strings.Contains(err.Error(), address) {
		t.Errorf("got %v", err)
	}
	u.Close()
	again, err := mine.Listen(t.Context(), address, 0)
	if err != nil {
		t.Fatal(err)
	}
	second, err := mine.Listen(t.Context(), "127.0.0.1:0", 1)
	if err != nil || second.Addr().String() == again.Addr().String() {
		t.Errorf("got %v, %v", second, err)
	}
	again.Close()
	second.Close()
}

// What comes before the first generation has begun waits for it.
func TestWait(t *testing.T) {
	t.Parallel()
	var as Addresses
	u, err := as.Listen(t.Context(), "127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if u.Current() != nil {
		t.Error("somebody answers already")
	}
	got := make(chan string)
	c := newClient(t)
	go func() {
		text, _ := get(c, "http://"+u.Addr().String())
		got <- text
	}()
	u.Serve(answer("late"))
	if text := <-got; text != "late" {
		t.Errorf("got %q", text)
	}
}
