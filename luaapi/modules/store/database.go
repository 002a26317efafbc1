package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

const (
	// maxKey is how long keys may be, in bytes: PostgreSQL indexes no more than 2700.
	maxKey = 1024
	// maxPage bounds the values that one list returns, in bytes.
	maxPage = 32 << 20
	// sweepStep is how many expired entries one write frees at most. As each adds
	// at most one, they cannot gather.
	sweepStep = 16
)

// database is a store: entries by space and key. Its methods are safe for use
// by several goroutines, block, and end with ctx. An entry that has expired by
// now is not there.
type database struct{ engine engine }

// get returns an entry, nil where there is none.
func (d *database) get(ctx context.Context, space, key string, now time.Time) (found *row, err error) {
	err = d.engine.query(ctx, func(r row) error { found = &r; return nil },
		`SELECT key, value, expires FROM simplex_lua_store WHERE space = $1 AND key = $2 AND (expires = 0 OR expires > $3)`,
		[]byte(space), []byte(key), now.UnixMilli())
	return found, err
}

// set writes an entry, whether there was one or not; ttl 0 is for ever.
func (d *database) set(ctx context.Context, space, key string, value []byte, ttl time.Duration, now time.Time) error {
	_, err := d.engine.exec(ctx, `INSERT INTO simplex_lua_store (space, key, value, expires) VALUES ($1, $2, $3, $4)
		ON CONFLICT (space, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
		[]byte(space), []byte(key), value, expiry(ttl, now))
	if err == nil && ttl > 0 {
		_, err = d.engine.exec(ctx, `DELETE FROM simplex_lua_store WHERE (space, key) IN (
			SELECT space, key FROM simplex_lua_store WHERE space = $1 AND expires > 0 AND expires <= $2 LIMIT $3)`,
			[]byte(space), now.UnixMilli(), int64(sweepStep))
	}
	return err
}

func expiry(ttl time.Duration, now time.Time) int64 {
	if ttl == 0 {
		return 0
	}
	return now.Add(ttl).UnixMilli()
}

// swap replaces the value of an entry, if it is was (nil: if there is none) by
// value (nil: by none), and tells whether it did. The entry keeps its expiry.
func (d *database) swap(ctx context.Context, space, key string, was, value []byte, now time.Time) (bool, error) {
	s, k, at := []byte(space), []byte(key), now.UnixMilli()
	var text string
	var args []any
	switch {
	case was != nil && bytes.Equal(was, value):
		return true, nil // what was read is what is to be written
	case was == nil && value == nil:
		return true, nil
	case was == nil:
		text = `INSERT INTO simplex_lua_store (space, key, value, expires) VALUES ($1, $2, $3, 0)
			ON CONFLICT (space, key) DO UPDATE SET value = excluded.value, expires = 0
			WHERE simplex_lua_store.expires > 0 AND simplex_lua_store.expires <= $4`
		args = []any{s, k, value, at}
	case value == nil:
		text = `DELETE FROM simplex_lua_store WHERE space = $1 AND key = $2 AND value = $3 AND (expires = 0 OR expires > $4)`
		args = []any{s, k, was, at}
	default:
		text = `UPDATE simplex_lua_store SET value = $1 WHERE space = $2 AND key = $3 AND value = $4 AND (expires = 0 OR expires > $5)`
		args = []any{value, s, k, was, at}
	}
	changed, err := d.engine.exec(ctx, text, args...)
	return changed > 0, err
}

// delete removes an entry and tells whether there was one.
func (d *database) delete(ctx context.Context, space, key string, now time.Time) (bool, error) {
	changed, err := d.engine.exec(ctx,
		`DELETE FROM simplex_lua_store WHERE space = $1 AND key = $2 AND (expires = 0 OR expires > $3)`,
		[]byte(space), []byte(key), now.UnixMilli())
	return changed > 0, err
}

// list returns up to limit entries whose keys begin with prefix and come after
// after, in the order of their bytes.
func (d *database) list(ctx context.Context, space, prefix, after string, limit int, now time.Time) (found []row, err error) {
	size := 0
	err = d.engine.query(ctx, func(r row) error {
		if size += len(r.value); size > maxPage {
			return module.Errorf(module.ErrLimit, "store.list: the values are larger than %d MiB together; ask for fewer with limit", maxPage>>20)
		}
		found = append(found, r)
		return nil
	}, `SELECT key, value, expires FROM simplex_lua_store
		WHERE space = $1 AND key >= $2 AND key < $3 AND key > $4 AND (expires = 0 OR expires > $5) ORDER BY key LIMIT $6`,
		[]byte(space), []byte(prefix), beyond(prefix), []byte(after), now.UnixMilli(), int64(limit))
	return found, err
}

// clear removes all entries whose keys begin with prefix and tells how many.
func (d *database) clear(ctx context.Context, space, prefix string) (int, error) {
	return d.engine.exec(ctx, `DELETE FROM simplex_lua_store WHERE space = $1 AND key >= $2 AND key < $3`,
		[]byte(space), []byte(prefix), beyond(prefix))
}

// beyond comes after all keys that begin with prefix.
func beyond(prefix string) []byte {
	return []byte(prefix + strings.Repeat("\xff", maxKey+1))
}

// checkKey tells what is wrong with a key.
func checkKey(key string) error {
	if key == "" {
		return errors.New("the key is empty")
	}
	if len(key) > maxKey {
		return fmt.Errorf("the key has %d bytes, more than %d", len(key), maxKey)
	}
	return nil
}
