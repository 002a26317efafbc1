package remote

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

var (
	_ chat.Core         = (*Core)(nil)
	_ chat.Reconnecting = (*Core)(nil)
	_ chat.Bounded      = (*Core)(nil)
)

// Core is a chat program reached over WebSocket. Open makes it. Its methods are
// safe for use by several goroutines, but only one Receive at a time.
//
// Errors beside those of chat.Core are *LostError, *TimeoutError, *OfflineError,
// *OwnerError and *FileError.
type Core struct {
	o      Options
	dialer *dialer
	events *queue
	back   chan time.Time // holds since when it was away when a connection came back
	lastID atomic.Uint64
	secret string        // in the name of what probe makes
	probed chan struct{} // holds a token when an event with the secret came

	closing chan struct{}      // closed by the first Close: nothing new begins
	ctx     context.Context    // ends with Close, after the commands under way
	cancel  context.CancelFunc // of ctx
	done    chan struct{}      // closed when run has ended

	mu      sync.Mutex // guards what follows
	closed  bool
	busy    sync.WaitGroup // commands under way
	session *session       // nil while there is no connection
	changed chan struct{}  // closed when session changes
	since   time.Time      // of the outage
	cause   error          // of the outage
}

// Open connects and returns when that is done, or with an *AddressError or
// *OfflineError; it tries once. It also finds out whether events reach us; if
// they do not, that is logged, and tried again from time to time.
func Open(ctx context.Context, o Options) (*Core, error) {
	o = o.withDefaults()
	if err := o.Check(); err != nil {
		return nil, err
	}
	c := &Core{
		o: o, dialer: newDialer(o), events: newQueue(o.queueBytes), back: make(chan time.Time, 1), secret: newSecret(), probed: make(chan struct{}, 1),
		closing: make(chan struct{}), done: make(chan struct{}), changed: make(chan struct{}),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	s, err := openSession(ctx, o, c.dialer, c.accept)
	if err != nil {
		c.cancel()
		c.dialer.transport.CloseIdleConnections()
		return nil, &OfflineError{Address: o.URL, Cause: err}
	}
	c.put(s, nil)
	alone := c.probe(ctx)
	go c.run(s, alone)
	return c, nil
}

// Owned returns false: the program has an owner of its own.
func (c *Core) Owned() bool { return false }

// SideBySide is how many commands the program does at once.
func (c *Core) SideBySide() int { return commandLinks }

// Reconnected holds a value after each connection that came back.
func (c *Core) Reconnected() <-chan time.Time { return c.back }

// Send hands cmd to the program and returns its reply. It waits for a connection
// and for its turn; when the command has been handed over, the end of ctx or of
// Options.Timeout leaves open whether it is carried out.
func (c *Core) Send(ctx context.Context, cmd string) ([]byte, error) {
	if !c.begin() {
		return nil, errClosed
	}
	defer c.busy.Done()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := check(cmd); err != nil {
		return nil, err
	}
	limit, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	s, l, err := c.turn(limit)
	if err == nil {
		return c.carry(ctx, limit, s, l, cmd)
	}
	if ctx.Err() != nil || limit.Err() == nil {
		return nil, err
	}
	if offline := c.offline(); offline != nil {
		return nil, fmt.Errorf("%s: not sent: %w", chat.CommandName(cmd), offline)
	}
	return nil, &TimeoutError{Command: chat.CommandName(cmd), After: c.o.Timeout}
}

func check(cmd string) error {
	if strings.IndexByte(cmd, 0) >= 0 {
		return ErrNUL
	}
	if len(cmd) > MaxCommand {
		return fmt.Errorf("%s: not sent: it is %d bytes long, more than %d", chat.CommandName(cmd), len(cmd), MaxCommand)
	}
	return refuseOwner(cmd)
}

// carry sends a command on a link that is ours now and waits for the reply.
func (c *Core) carry(ctx, limit context.Context, s *session, l *link, cmd string) ([]byte, error) {
	reply := l.begin(strconv.FormatUint(c.lastID.Add(1), 10), cmd)
	select {
	case body := <-reply:
		return body, nil
	case <-s.ctx.Done():
	case <-limit.Done():
	}
	select {
	case body := <-reply: // it came at the same moment
		return body, nil
	default:
	}
	switch {
	case s.ctx.Err() != nil:
		return nil, &LostError{Command: chat.CommandName(cmd), Cause: s.cause()}
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, &TimeoutError{Command: chat.CommandName(cmd), After: c.o.Timeout, Sent: true}
}

// turn waits for a connection and for a link without a command.
func (c *Core) turn(ctx context.Context) (*session, *link, error) {
	for {
		s, changed := c.now()
		var (
			free  <-chan *link
			ended <-chan struct{}
		)
		if s != nil {
			free, ended = s.free, s.ctx.Done()
		}
		select {
		case l := <-free:
			if s.ctx.Err() == nil {
				return s, l, nil
			}
		case <-ended:
		case <-changed:
			continue
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-c.closing:
			return nil, nil, errClosed
		}
		select { // the session has ended: run takes it away
		case <-changed:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-c.closing:
			return nil, nil, errClosed
		}
	}
}

// Receive returns the next event. Where there is no connection when the time is
// over, that is the error.
func (c *Core) Receive(wait time.Duration) ([]byte, error) {
	select {
	case <-c.closing:
		return nil, errClosed
	default:
	}
	if wait <= 0 {
		return nil, nil
	}
	if event := c.events.wait(wait, c.closing); event != nil {
		return event, nil
	}
	select {
	case <-c.closing:
		return nil, errClosed
	default:
		return nil, c.offline()
	}
}

// WriteFile returns a *FileError, as ReadFile, EncryptFile and DecryptFile do.
func (c *Core) WriteFile(string, []byte) ([]byte, error) {
	return nil, c.noFiles("write an encrypted file")
}

// ReadFile returns a *FileError.
func (c *Core) ReadFile(string, string, string) ([]byte, error) {
	return nil, c.noFiles("read an encrypted file")
}

// EncryptFile returns a *FileError.
func (c *Core) EncryptFile(string, string) ([]byte, error) {
	return nil, c.noFiles("encrypt a file")
}

// DecryptFile returns a *FileError.
func (c *Core) DecryptFile(string, string, string, string) error {
	return c.noFiles("decrypt a file")
}

func (c *Core) noFiles(call string) error {
	select {
	case <-c.closing:
		return errClosed
	default:
		return &FileError{Call: call}
	}
}

// Close lets commands under way end, for as long as ctx allows: the program cuts
// off those of a client that leaves. Then it leaves. The chat goes on there.
func (c *Core) Close(ctx context.Context) error {
	c.mu.Lock()
	again := c.closed
	c.closed = true
	if !again {
		close(c.closing)
	}
	c.mu.Unlock()
	if again {
		return nil
	}
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		c.busy.Wait()
	}()
	var err error
	select {
	case <-idle:
	case <-ctx.Done():
		err = ctx.Err()
	}
	c.cancel()
	c.leave(ctx)
	<-c.done
	c.leave(ctx) // one that was opened in the meantime
	<-idle
	c.dialer.transport.CloseIdleConnections()
	return err
}

func (c *Core) leave(ctx context.Context) {
	if s, _ := c.now(); s != nil {
		s.leave(ctx)
	}
}

// begin counts a command under way, unless Close was called.
func (c *Core) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.busy.Add(1)
	return true
}
