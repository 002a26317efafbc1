package fs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// Module is require "fs".
var Module = module.Module{Name: "fs", Stability: module.Stable, Open: open}

const (
	// defaultSize and maxSize are how many bytes are read at once.
	defaultSize = 16 << 20
	maxSize     = 256 << 20
	maxEntries  = 10_000
)

type files struct{ vm module.VM }

func open(vm module.VM, L *lua.LState) lua.LValue {
	f := files{vm}
	return vm.Table(L, "fs", map[string]lua.LGFunction{
		"read": f.read, "write": f.write, "append": f.append,
		"exists": f.exists, "stat": f.stat, "list": f.list,
		"mkdir": f.mkdir, "remove": f.remove, "rename": f.rename, "copy": f.copy,
	}, nil)
}

// path reads argument n as a path that the script may read, or write.
func (f files) path(L *lua.LState, n int, what string, write bool) string {
	path, err := f.vm.Allowed().Path(module.String(f.vm, L, n, what+": the path"), f.vm.FilesDir(), write)
	if err != nil {
		f.vm.Raise(L, fmt.Errorf("%s: %w", what, err))
	}
	return path
}

// do runs fn without the lock and raises its error without absolute paths.
func (f files) do(L *lua.LState, what string, fn func() error) {
	f.vm.Wait(L, func(context.Context) error {
		err := fn()
		var at *fs.PathError
		var link *os.LinkError
		switch {
		case errors.As(err, &at):
			return fmt.Errorf("%s: %s: %w", what, f.shown(at.Path), at.Err)
		case errors.As(err, &link):
			return fmt.Errorf("%s: %s: %w", what, f.shown(link.New), link.Err)
		}
		return err
	})
}

// shown is a path as the script knows it.
func (f files) shown(path string) string {
	if rel, err := filepath.Rel(f.vm.FilesDir(), path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// openFile opens a regular file for reading: others could block for ever.
func openFile(path string) (*os.File, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("it is no file")}
	}
	return os.Open(path)
}

// readOptions are what fs.read takes.
type readOptions struct {
	From    int64  `lua:"from"`
	Length  *int64 `lua:"length"`
	MaxSize int64  `lua:"max_size"`
}

// read is fs.read(path[, options]) → text, nil where there is no such file.
func (f files) read(L *lua.LState) int {
	path := f.path(L, 1, "fs.read", false)
	o := readOptions{MaxSize: defaultSize}
	f.vm.Options(L, 2, "fs.read", &o)
	if o.MaxSize < 1 || o.MaxSize > maxSize || o.From < 0 {
		module.Argument(f.vm, L, "fs.read: want max_size from 1 to %d and from from 0, got %d and %d", maxSize, o.MaxSize, o.From)
	}
	var text lua.LValue = lua.LNil
	f.do(L, "fs.read", func() error {
		file, err := openFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer file.Close()
		if _, err := file.Seek(o.From, io.SeekStart); err != nil {
			return err
		}
		var part io.Reader = file
		if o.Length != nil {
			part = io.LimitReader(file, *o.Length)
		}
		data, err := io.ReadAll(io.LimitReader(part, o.MaxSize+1))
		if err == nil && int64(len(data)) > o.MaxSize {
			return module.Errorf(module.ErrLimit, "fs.read: %s is larger than %d bytes; max_size raises that, from reads a part", f.shown(path), o.MaxSize)
		}
		text = lua.LString(data)
		return err
	})
	L.Push(text)
	return 1
}

// write is fs.write(path, text): the whole text is there, or the old one.
func (f files) write(L *lua.LState) int {
	path, text := f.path(L, 1, "fs.write", true), module.String(f.vm, L, 2, "fs.write: the text")
	f.do(L, "fs.write", func() error {
		return atomicfile.Write(path, []byte(text), atomicfile.Options{Part: ".new-"})
	})
	return 0
}

// append is fs.append(path, text).
func (f files) append(L *lua.LState) int {
	path, text := f.path(L, 1, "fs.append", true), module.String(f.vm, L, 2, "fs.append: the text")
	f.do(L, "fs.append", func() error {
		if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
			return &fs.PathError{Op: "append", Path: path, Err: errors.New("it is no file")}
		}
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = file.WriteString(text)
		return errors.Join(err, file.Close())
	})
	return 0
}
