package native

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

// download stores the archive at path and returns its SHA-256 in hex.
func (c cache) download(ctx context.Context, client *http.Client, path string, opts Options) (string, error) {
	if client == nil {
		client = http.DefaultClient
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(opts.IdleTimeout, func() {
		cancel(fmt.Errorf("no byte came for %v", opts.IdleTimeout))
	})
	defer idle.Stop()

	// failed replaces "context canceled" by why we cancelled, and does not say
	// the address twice.
	failed := func(err error) error {
		var named *url.Error
		if errors.As(err, &named) && named.URL == c.url {
			err = named.Err
		}
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return c.fail(KindDownload, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url, nil)
	if err != nil {
		return "", failed(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", failed(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		e := c.fail(KindDownload, nil)
		e.Status = resp.StatusCode
		return "", e
	}
	if resp.ContentLength > opts.MaxArchive {
		return "", c.fail(KindWrongArchive, fmt.Errorf("it has %d bytes, more than %d", resp.ContentLength, opts.MaxArchive))
	}

	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", c.fail(KindCacheNotWritable, err)
	}
	defer file.Close()
	opts.Progress.Start(resp.ContentLength)
	defer opts.Progress.Done()

	hash := sha256.New()
	body := &watchedBody{r: resp.Body, idle: idle, timeout: opts.IdleTimeout, progress: opts.Progress}
	n, err := io.Copy(io.MultiWriter(file, hash), io.LimitReader(body, opts.MaxArchive+1))
	switch {
	case body.err != nil:
		return "", failed(body.err)
	case err != nil:
		return "", c.fail(KindCacheNotWritable, err)
	case n > opts.MaxArchive:
		return "", c.fail(KindWrongArchive, fmt.Errorf("it has more than %d bytes", opts.MaxArchive))
	}
	if err := file.Close(); err != nil {
		return "", c.fail(KindCacheNotWritable, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// watchedBody reads a response, restarts the idle timer at each byte, and keeps
// the network's error apart from those of the disk.
type watchedBody struct {
	r        io.Reader
	idle     *time.Timer
	timeout  time.Duration
	progress Progress
	err      error // of the network; nil at the end
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if n > 0 {
		b.idle.Reset(b.timeout)
		b.progress.Add(n)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("cut off: %w", err)
	}
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}
