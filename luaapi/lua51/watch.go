package lua51

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// The watchdog is one goroutine per process that lives while handlers run. It
// sees what counting instructions cannot: a single instruction or Go function
// that takes long, and a heap that grows.
//
//	Call ── enter ──→ running set ←── every 10 ms ── watch ── Cancel ──→ Budget
//	     ── leave ──→
const watchEvery = 10 * time.Millisecond

// defaultMemory is the bound of the process's heap unless SetMemoryLimit says
// otherwise.
const defaultMemory = 512 << 20

var watcher = &watch{running: map[*Budget]struct{}{}}

type watch struct {
	mu      sync.Mutex // guards running and alive
	running map[*Budget]struct{}
	alive   bool // the goroutine runs; it ends itself when running is empty

	limit   atomic.Int64 // bytes, 0 means defaultMemory
	collect sync.Mutex   // held during a collection; taken before mu
}

// SetMemoryLimit bounds the heap of the process, in bytes; 0 means the default
// of 512 MiB. When the heap stays above it after a collection, the handler
// that allocated most is cut with a LimitError.
func SetMemoryLimit(bytes int64) { watcher.limit.Store(bytes) }

// MemoryLimit returns the bound set by SetMemoryLimit.
func MemoryLimit() int64 {
	if n := watcher.limit.Load(); n > 0 {
		return n
	}
	return defaultMemory
}

func (w *watch) enter(b *Budget) {
	w.mu.Lock()
	w.running[b] = struct{}{}
	if !w.alive {
		w.alive = true
		go w.loop()
	}
	w.mu.Unlock()
}

func (w *watch) leave(b *Budget) {
	w.mu.Lock()
	delete(w.running, b)
	w.mu.Unlock()
}

func (w *watch) loop() {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for range tick.C {
		w.mu.Lock()
		if len(w.running) == 0 {
			w.alive = false
			w.mu.Unlock()
			return
		}
		for b := range w.running {
			if b.overTime() {
				b.Cancel(cpuError(b.cpu))
			}
		}
		w.mu.Unlock()
		if live, _ := readHeap(); live > MemoryLimit() {
			w.relieve()
		}
	}
}

// relieve collects garbage, and if that leaves the heap within 5 % of the limit
// or above it, cuts the running handler that allocated most. The margin keeps
// the collector from running all the time.
func (w *watch) relieve() {
	w.collect.Lock()
	defer w.collect.Unlock()
	limit := MemoryLimit()
	if live, _ := readHeap(); live <= limit {
		return // another goroutine collected meanwhile
	}
	runtime.GC()
	if live, _ := readHeap(); live <= limit-limit/20 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var victim *Budget
	most := int64(-1)
	for b := range w.running {
		if b.Err() == nil && b.since.Load() != 0 && b.heap.total.Load() > most {
			victim, most = b, b.heap.total.Load()
		}
	}
	if victim != nil {
		victim.Cancel(memoryError(limit))
	}
}

// heapShare estimates what one handler allocated: the growth of the process's
// allocation counter while the handler held its lock.
type heapShare struct {
	total  atomic.Int64
	before int64 // the counter when this handler last looked, 0 while it waits
}

func (h *heapShare) enter() { h.before = 0 }
func (h *heapShare) leave() { h.before = 0 }

func (h *heapShare) look(b *Budget) {
	live, allocated := readHeap()
	if h.before != 0 {
		h.total.Add(allocated - h.before)
	}
	h.before = allocated
	if live > MemoryLimit() {
		watcher.relieve()
	}
}

// reserve is called before one large allocation of n bytes. It fails the call
// that asks, whoever holds the rest.
func (h *heapShare) reserve(b *Budget, n int64) {
	if n < 1<<20 {
		return
	}
	h.total.Add(n)
	if live, _ := readHeap(); live+n <= MemoryLimit() {
		return
	}
	watcher.collect.Lock()
	defer watcher.collect.Unlock()
	runtime.GC()
	if live, _ := readHeap(); live+n > MemoryLimit() {
		b.Cancel(memoryError(MemoryLimit()))
	}
}

var samples = sync.Pool{New: func() any {
	return &[]metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/heap/allocs:bytes"},
	}
}}

// readHeap returns the bytes of heap objects, garbage not yet swept included,
// and the bytes allocated since the process started. It takes about 1 µs.
func readHeap() (live, allocated int64) {
	s := samples.Get().(*[]metrics.Sample)
	defer samples.Put(s)
	metrics.Read(*s)
	return int64((*s)[0].Value.Uint64()), int64((*s)[1].Value.Uint64())
}

// maxGoFrames bounds the Go stack of a handler. Metamethods nest the virtual
// machine's loop, five frames each, without any Go function of ours between.
const maxGoFrames = 20_000

func tooDeep() bool {
	var pc [1]uintptr
	return runtime.Callers(maxGoFrames, pc[:]) > 0
}
