package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Client is a connection to one bot. It is for one goroutine.
type Client struct {
	conn net.Conn
	in   *bufio.Scanner
}

// Dial connects to the bot with that data folder. The error may be a
// *SocketError, and wraps ErrNotRunning where no bot runs.
func Dial(data string) (*Client, error) {
	conn, err := dial(filepath.Join(data, SocketName))
	if err != nil {
		return nil, err
	}
	c := &Client{conn: conn, in: bufio.NewScanner(conn)}
	c.in.Buffer(nil, maxLine)
	return c, nil
}

// Close ends the connection; what it asked for is cut.
func (c *Client) Close() error { return c.conn.Close() }

// ErrGone tells that the bot ended, or was cut off, before it had answered.
var ErrGone = errors.New("the bot went away")

// RemoteError is an error that the bot answered with.
type RemoteError string

func (e RemoteError) Error() string { return string(e) }

// Do sends a request and waits for its last reply; lines that are printed
// meanwhile are handed to print, which may be nil. When ctx ends the connection
// is of no use any more. A bot that says no is a RemoteError; one that went away
// is ErrGone.
func (c *Client) Do(ctx context.Context, req Request, print func(line string)) (Reply, error) {
	defer context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) })()
	line, err := json.Marshal(req)
	if err != nil {
		return Reply{}, err
	}
	if len(line) >= maxLine {
		return Reply{}, fmt.Errorf("the code is longer than %d bytes", maxLine)
	}
	if _, err := c.conn.Write(append(line, '\n')); err != nil {
		return Reply{}, c.failed(ctx, err)
	}
	for c.in.Scan() {
		var r Reply
		if err := json.Unmarshal(c.in.Bytes(), &r); err != nil {
			return Reply{}, fmt.Errorf("the bot's answer is not readable: %w", err)
		}
		switch {
		case r.Done && r.Error != "":
			return r, RemoteError(r.Error)
		case r.Done:
			return r, nil
		case print != nil:
			print(r.Print)
		}
	}
	err = c.in.Err()
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return Reply{}, c.failed(ctx, err)
}

func (c *Client) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", ErrGone, err)
}
