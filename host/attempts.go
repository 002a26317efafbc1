package host

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/loglimit"
)

const (
	// maxAttempts is how often the handlers of a message are begun. A message
	// at which the process died so often is set aside.
	maxAttempts = 3
	// attemptsSize is when the journal is written anew, in bytes.
	attemptsSize = 1 << 20
)

// attempts is a journal of the messages whose handlers were begun: one line per
// message, written before the first handler starts, and one each time when they
// begin to wait for others or go on. After a kill it tells how
// often an unread message has been tried already.
//
// The lines are not synced to the disk: they must outlive the process, which
// dies of a message, not the machine. It is safe for use by several goroutines.
type attempts struct {
	log  *slog.Logger
	path string
	// create writes a new journal with these lines and keeps it open.
	create func(path string, lines []byte) (io.WriteCloser, error)
	warn   loglimit.Limiter

	mu     sync.Mutex // guards what follows, and the journal
	file   io.WriteCloser
	size   int
	torn   bool // the last line may be half there
	closed bool
	// tried are the messages that are begun and not marked, of this process and of
	// those before.
	tried map[int64]*attempt
	buf   []byte
}

// attempt is how often a message was begun. Ids may come again in another
// database, so the time when it was stored belongs to it.
type attempt struct {
	createdAt string
	n         int
	// now tells that this process has seen it, open that it has begun it and that
	// its handlers have not ended, rests that they wait: then the process does not
	// die of it, so that this try does not count.
	now, open, rests bool
}

// openAttempts reads the journal and begins it anew. A journal that cannot be
// read or written is logged: the bot runs without.
func openAttempts(path string, log *slog.Logger) *attempts {
	a := &attempts{
		log: log, path: path, create: createJournal,
		warn: loglimit.Limiter{Every: time.Minute}, tried: map[int64]*attempt{},
	}
	lines, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("the journal of tries cannot be read; it begins anew", "path", path, "err", err)
	}
	a.read(lines)
	return a
}

// read takes over what another process wrote. Lines that are no such lines, as
// the last one of a full disk, are left out, however long they are.
func (a *attempts) read(lines []byte) {
	for line := range bytes.Lines(lines) {
		f := bytes.Fields(bytes.Trim(line, "\x00")) // what a power cut leaves of a block
		if len(f) != 3 {
			continue
		}
		item, err := strconv.ParseInt(string(f[0]), 10, 64)
		n, err2 := strconv.Atoi(string(f[2]))
		if err == nil && err2 == nil && n >= 0 {
			a.tried[item] = &attempt{createdAt: string(f[1]), n: n}
		}
	}
}

// begin notes that the handlers of these messages are about to start, and tells
// which try it is, from 1: the highest where there are several.
func (a *attempts) begin(items []chat.Item) (n int) {
	if len(items) == 0 {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.buf = a.buf[:0]
	for i := range items {
		t := a.of(&items[i])
		t.n++
		t.now, t.open, t.rests = true, true, false
		n = max(n, t.n)
		a.buf = t.line(a.buf, items[i].ID)
	}
	a.write()
	return n
}

// rest notes that the handlers of these messages wait for others, or that one goes
// on.
func (a *attempts) rest(items []chat.Item, resting bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.buf = a.buf[:0]
	for i := range items {
		if t := a.tried[items[i].ID]; t != nil && t.open {
			t.rests = resting
			a.buf = t.line(a.buf, items[i].ID)
		}
	}
	if len(a.buf) > 0 {
		a.write()
	}
}

// storedAt is when a message was stored, as a line has it.
func storedAt(it *chat.Item) string {
	return cmp.Or(it.CreatedAt, "?") // a line has three words
}

// of returns the attempt of a message, with mu held.
func (a *attempts) of(it *chat.Item) *attempt {
	created := storedAt(it)
	t := a.tried[it.ID]
	if t != nil && !sameMoment(t.createdAt, created) {
		a.log.Info("an item's id came again: the tries of the older one are forgotten", "item", it.ID)
		t = nil
	}
	if t == nil {
		t = &attempt{createdAt: created}
		a.tried[it.ID] = t
	}
	return t
}

// count is how many tries the process may have died of.
func (t *attempt) count() int {
	if t.rests {
		return t.n - 1
	}
	return t.n
}

// line adds a message's line; a later one takes the place of an earlier one.
func (t *attempt) line(buf []byte, item int64) []byte {
	buf = strconv.AppendInt(buf, item, 10)
	buf = append(append(buf, ' '), t.createdAt...)
	buf = strconv.AppendInt(append(buf, ' '), int64(t.count()), 10)
	return append(buf, '\n')
}

// write appends buf to the journal, with mu held. Messages are handled also
// where that fails.
func (a *attempts) write() {
	if a.closed {
		return // the handlers that still run are cut
	}
	if a.file == nil || a.size > attemptsSize {
		a.renew() // buf's messages are in it
		return
	}
	if a.torn {
		a.buf = append([]byte{'\n'}, a.buf...)
	}
	n, err := a.file.Write(a.buf)
	a.size += n
	a.torn = err != nil
	if err != nil {
		a.failed(err)
	}
}

// renew writes the journal anew, with mu held: what is marked is left out.
func (a *attempts) renew() {
	var lines []byte
	for item, t := range a.tried {
		if t.count() > 0 {
			lines = t.line(lines, item)
		}
	}
	if a.file != nil {
		_ = a.file.Close() // what it holds stands in lines
		a.file = nil
	}
	file, err := a.create(a.path, lines)
	if err != nil {
		a.failed(err)
		return
	}
	a.file, a.size, a.torn = file, len(lines), false
}

func (a *attempts) failed(err error) {
	if held, ok := a.warn.Allow(); ok {
		a.log.Warn("tries of messages cannot be noted; one that ends the process is not set aside", "path", a.path, "more", held, "err", err)
	}
}

// createJournal replaces the file at once, so that a kill leaves the old or the
// new one. Neither may be open then: Windows renames and replaces no open file.
func createJournal(path string, lines []byte) (io.WriteCloser, error) {
	if err := atomicfile.Write(path, lines, atomicfile.Options{Part: ".attempts-"}); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
}

// handled tells that the handlers of these messages have ended.
func (a *attempts) handled(items []chat.Item) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range items {
		if t := a.tried[items[i].ID]; t != nil {
			t.open = false
		}
	}
}

// end forgets messages that are handled and marked.
func (a *attempts) end(ids ...int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range ids {
		delete(a.tried, id)
	}
}

// found tells that a message is still unread.
func (a *attempts) found(it *chat.Item) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t := a.tried[it.ID]; t != nil {
		t.now = true
	}
}

// forget drops the messages of older processes that were not found any more:
// they were marked in time.
func (a *attempts) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for item, t := range a.tried {
		if !t.now {
			delete(a.tried, item)
		}
	}
}

// close writes what is left for the next process and closes the journal.
func (a *attempts) close() {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.tried {
		t.rests = t.open // it never got its turn, or hangs: the process did not die of it
	}
	a.closed = true
	if a.file == nil {
		return
	}
	if a.renew(); a.file != nil {
		_ = a.file.Close() // nothing is lost that a kill would not lose
	}
}
