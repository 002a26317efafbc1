package native

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"unsafe"
)

// MaxCommands is how many commands and file calls of one controller are inside
// the core at once; more wait for their turn. Each holds an OS thread of about
// 25 kB while the core works. Receive is not counted, so events go on being
// taken while all commands wait for room in the core's event queue.
const MaxCommands = 64

// Controller is one open chat controller. Its methods are safe for use by
// several goroutines, but only one Receive at a time. After Close they return
// an error that wraps fs.ErrClosed.
//
// Commands, paths and keys with a NUL byte are refused with ErrNUL.
type Controller struct {
	fn        *functions
	handle    uintptr
	database  string
	gate      *gate         // commands and file calls
	polls     *gate         // waits for events
	slots     chan struct{} // one token per command inside the core
	receiving chan struct{} // one token for Receive
	quiet     int           // polls without an event so far, an index of pollWaits; for the holder of the token
	unlock    func() error  // gives the database lock back
	closed    chan error    // gets the result of closing the store, then is closed
}

// OpenController opens db and migrates it as far as confirm allows. It blocks
// while the core does so, up to a second or more for a new or an older
// database; ctx is looked at before, as the core cannot be interrupted.
//
// Errors are *LockedError if the database is in use, else *InitError.
//
// C: chat_migrate_init.
func (l *Library) OpenController(ctx context.Context, db Database, confirm Confirmation) (*Controller, error) {
	failed := func(kind Kind, cause error) error {
		return &InitError{Kind: kind, Database: db.String(), Cause: cause}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if db.Backend() != l.backend {
		return nil, failed(KindWrongBackend, fmt.Errorf("the library is built for %s", l.backend))
	}
	path, key := db.arguments()
	if err := refuseNUL(path, string(key), string(confirm)); err != nil {
		return nil, failed(KindArgument, err)
	}
	unlock, err := lockDatabase(db)
	var locked *LockedError
	switch {
	case errors.As(err, &locked):
		return nil, err
	case err != nil:
		return nil, failed(KindLockFile, err)
	}
	handle, err := l.migrate(db, confirm)
	if err != nil {
		_ = unlock() // the error that we return came first
		return nil, err
	}
	return &Controller{
		fn:        &l.fn,
		handle:    handle,
		database:  db.String(),
		gate:      newGate(),
		polls:     newGate(),
		slots:     make(chan struct{}, MaxCommands),
		receiving: make(chan struct{}, 1),
		unlock:    unlock,
		closed:    make(chan error, 1),
	}, nil
}

func (l *Library) migrate(db Database, confirm Confirmation) (handle uintptr, err error) {
	path, key := db.arguments()
	controller := new(uintptr)
	raw, err := l.fn.takeText("chat_migrate_init", l.fn.migrateInit(path, string(key), string(confirm), controller))
	if err != nil {
		return 0, &InitError{Kind: KindBadAnswer, Database: db.String(), Cause: err}
	}
	if err := parseInit(db, raw); err != nil {
		return 0, err
	}
	if *controller == 0 {
		return 0, &InitError{Kind: KindBadAnswer, Database: db.String(), Raw: raw, Cause: errors.New("it gave no controller")}
	}
	return *controller, nil
}

// Owned returns true: the controller belongs to this process.
func (c *Controller) Owned() bool { return true }

// SideBySide returns MaxCommands.
func (c *Controller) SideBySide() int { return MaxCommands }

// Send hands cmd to the core and returns its reply. It blocks until the core
// has answered, also while the core's event queue is full. ctx is looked at
// while the command waits for its turn; once inside the core it is not taken
// back, and its reply is waited for.
//
// C: chat_send_cmd.
func (c *Controller) Send(ctx context.Context, cmd string) ([]byte, error) {
	return c.command(ctx, func() ([]byte, error) {
		return c.fn.takeText("chat_send_cmd", c.fn.sendCmd(c.handle, cmd))
	}, cmd)
}

// WriteFile stores data, at most 2 GiB less one byte, encrypted at path and
// returns the core's JSON with the file's key.
//
// C: chat_write_file.
func (c *Controller) WriteFile(path string, data []byte) ([]byte, error) {
	if len(data) > math.MaxInt32 {
		return nil, fmt.Errorf("chat_write_file: %d bytes are more than %d", len(data), math.MaxInt32)
	}
	return c.command(context.Background(), func() ([]byte, error) {
		first := unsafe.SliceData(data)
		if first == nil {
			first = new(byte) // the core gets an address also for no bytes
		}
		reply := c.fn.writeFile(c.handle, path, unsafe.Pointer(first), int32(len(data)))
		runtime.KeepAlive(first)
		return c.fn.takeText("chat_write_file", reply)
	}, path)
}

// ReadFile returns the content of a file that WriteFile or EncryptFile wrote.
//
// C: chat_read_file.
func (c *Controller) ReadFile(path, key, nonce string) ([]byte, error) {
	return c.command(context.Background(), func() ([]byte, error) {
		buffer, err := c.fn.take("chat_read_file", c.fn.readFile(path, key, nonce), viewFile)
		if err != nil {
			return nil, err
		}
		data, err := parseFile(buffer)
		if err != nil {
			return nil, fmt.Errorf("chat_read_file: %w", err)
		}
		return data, nil
	}, path, key, nonce)
}

// EncryptFile writes an encrypted copy of from at to and returns the core's
// JSON with the copy's key.
//
// C: chat_encrypt_file.
func (c *Controller) EncryptFile(from, to string) ([]byte, error) {
	return c.command(context.Background(), func() ([]byte, error) {
		return c.fn.takeText("chat_encrypt_file", c.fn.encryptFile(c.handle, from, to))
	}, from, to)
}

// DecryptFile writes a plain copy of from at to.
//
// C: chat_decrypt_file, whose result is empty or an error's text.
func (c *Controller) DecryptFile(from, key, nonce, to string) error {
	_, err := c.command(context.Background(), func() ([]byte, error) {
		text, err := c.fn.takeText("chat_decrypt_file", c.fn.decryptFile(from, key, nonce, to))
		if err == nil && len(text) > 0 {
			err = fmt.Errorf("chat_decrypt_file: %s", text)
		}
		return nil, err
	}, from, key, nonce, to)
	return err
}

// command runs call when it is its turn. texts are what call hands to C.
func (c *Controller) command(ctx context.Context, call func() ([]byte, error), texts ...string) ([]byte, error) {
	if err := c.refuse(ctx); err != nil {
		return nil, err
	}
	if err := refuseNUL(texts...); err != nil {
		return nil, err
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.gate.shutting:
		return nil, errClosed
	}
	if !c.gate.enter() {
		return nil, errClosed
	}
	defer c.gate.leave()
	return call()
}

// refuse returns why nothing new may begin, if so.
func (c *Controller) refuse(ctx context.Context) error {
	select {
	case <-c.gate.shutting:
		return errClosed
	default:
		return ctx.Err()
	}
}

func refuseNUL(texts ...string) error {
	for _, text := range texts {
		if strings.IndexByte(text, 0) >= 0 {
			return ErrNUL
		}
	}
	return nil
}
