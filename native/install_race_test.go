package native

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// childInstall installs from $URL into the cache $CACHE.
func childInstall() any {
	env := Env{GOOS: "linux", GOARCH: "amd64", CacheDir: os.Getenv("CACHE")}
	loc, err := Install(context.Background(), env, Options{BaseURL: os.Getenv("URL")})
	return fmt.Sprint(loc.Source, " ", err)
}

func TestInstallRace(t *testing.T) {
	t.Parallel()
	env := linux(t)
	waiting := make(chan struct{}, 10)
	archive := goodZip(t)
	p := publish(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(archive[:10])
		w.(http.Flusher).Flush()
		<-waiting // another one waits: only then the archive goes on
		w.Write(archive[10:])
	})
	var mu sync.Mutex // guards sources
	var sources []string
	var all sync.WaitGroup
	add := func(s string) { mu.Lock(); defer mu.Unlock(); sources = append(sources, s) }
	for range 2 {
		all.Go(func() {
			loc, err := Install(t.Context(), env, Options{BaseURL: p.URL, Progress: onNote(func(text string) {
				if strings.Contains(text, "another process") {
					waiting <- struct{}{}
				}
			})})
			add(fmt.Sprint(loc.Source, " ", err))
		})
		all.Go(func() {
			var got string
			runChild(t, &got, "install", "URL="+p.URL, "CACHE="+env.CacheDir)
			add(got)
		})
	}
	all.Wait()
	slices.Sort(sources)
	if want := []string{"cache <nil>", "cache <nil>", "cache <nil>", "download <nil>"}; !slices.Equal(sources, want) {
		t.Errorf("got %q, want %q", sources, want)
	}
	if n := p.requests.Load(); n != 1 {
		t.Errorf("%d downloads, want 1", n)
	}
}

// TestInstallTwoProcesses lets two processes race with nothing between them.
func TestInstallTwoProcesses(t *testing.T) {
	t.Parallel()
	env := linux(t)
	p := publish(t, serve(goodZip(t)))
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			var got string
			runChild(t, &got, "install", "URL="+p.URL, "CACHE="+env.CacheDir)
			if got != "cache <nil>" && got != "download <nil>" {
				t.Errorf("got %q", got)
			}
		})
	}
	all.Wait()
	if n := p.requests.Load(); n != 1 {
		t.Errorf("%d downloads, want 1", n)
	}
}

// TestInstallBesideOthers has a program without our lock fill the cache while
// the archive comes.
func TestInstallBesideOthers(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"whole": "libsimplex.so", "incomplete": "libHSbase.so"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, archive := linux(t), goodZip(t)
			p := publish(t, func(w http.ResponseWriter, _ *http.Request) {
				writeFile(t, filepath.Join(env.CacheDir, "simplex-chat", "v"+Version, "sqlite", file), "theirs")
				w.Write(archive)
			})
			_, err := Install(t.Context(), env, Options{BaseURL: p.URL})
			if name == "whole" && err != nil || name == "incomplete" && !errors.Is(err, KindHalfDone) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// onNote is a Progress that only listens to notes.
type onNote func(string)

func (f onNote) Note(text string) { f(text) }
func (onNote) Start(int64)        {}
func (onNote) Add(int)            {}
func (onNote) Done()              {}
