package luaapi

import "sync"

// workers run handlers in goroutines that are kept for the next ones: a fresh
// goroutine would grow its stack anew in each handler.
type workers struct {
	mu     sync.Mutex // guards what follows
	idle   []chan func()
	closed bool
}

// maxIdleWorkers is how many goroutines wait for the next handler.
const maxIdleWorkers = 32

// run runs f in a goroutine and does not wait for it.
func (w *workers) run(f func()) {
	w.mu.Lock()
	n := len(w.idle)
	if n == 0 {
		w.mu.Unlock()
		go w.work(f)
		return
	}
	jobs := w.idle[n-1]
	w.idle = w.idle[:n-1]
	w.mu.Unlock()
	jobs <- f
}

// work runs f and then whatever it is handed; it ends where enough others wait,
// or with the runtime.
func (w *workers) work(f func()) {
	jobs := make(chan func(), 1)
	for f != nil {
		f()
		if !w.rest(jobs) {
			return
		}
		f = <-jobs
	}
}

func (w *workers) rest(jobs chan func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || len(w.idle) >= maxIdleWorkers {
		return false
	}
	w.idle = append(w.idle, jobs)
	return true
}

// close ends the goroutines that wait, and the others when they are done.
func (w *workers) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, jobs := range w.idle {
		close(jobs)
	}
	w.idle = nil
}
