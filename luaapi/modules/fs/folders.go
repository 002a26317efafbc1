package fs

import (
	"errors"
	"io"
	"io/fs"
	"os"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// exists is fs.exists(path).
func (f files) exists(L *lua.LState) int {
	path := f.path(L, 1, "fs.exists", false)
	found := false
	f.do(L, "fs.exists", func() error {
		_, err := os.Stat(path)
		found = err == nil
		return nil
	})
	L.Push(lua.LBool(found))
	return 1
}

// stat is fs.stat(path) → { size, modified, kind }, nil where there is nothing.
func (f files) stat(L *lua.LState) int {
	path := f.path(L, 1, "fs.stat", false)
	var st fs.FileInfo
	f.do(L, "fs.stat", func() (err error) {
		if st, err = os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if st == nil {
		L.Push(lua.LNil)
		return 1
	}
	t := L.NewTable()
	t.RawSetString("size", lua.LNumber(st.Size()))
	t.RawSetString("modified", lua.LNumber(float64(st.ModTime().UnixMilli())/1000))
	t.RawSetString("kind", lua.LString(kind(st.Mode())))
	L.Push(t)
	return 1
}

func kind(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "folder"
	case m.IsRegular():
		return "file"
	}
	return "other"
}

// list is fs.list([path]) → names in order, folders with a slash at the end.
func (f files) list(L *lua.LState) int {
	if L.Get(1) == lua.LNil {
		L.SetTop(0)
		L.Push(lua.LString("."))
	}
	path := f.path(L, 1, "fs.list", false)
	var names []string
	f.do(L, "fs.list", func() error {
		entries, err := os.ReadDir(path)
		if len(entries) > maxEntries {
			return module.Errorf(module.ErrLimit, "fs.list: %s has more than %d entries", f.shown(path), maxEntries)
		}
		for _, e := range entries {
			name := e.Name()
			if e.IsDir() {
				name += "/"
			}
			names = append(names, name)
		}
		return err
	})
	t := L.CreateTable(len(names), 0)
	for _, name := range names {
		t.Append(lua.LString(name))
	}
	L.Push(t)
	return 1
}

// mkdir is fs.mkdir(path): with all folders on the way; there already is fine.
func (f files) mkdir(L *lua.LState) int {
	path := f.path(L, 1, "fs.mkdir", true)
	f.do(L, "fs.mkdir", func() error { return os.MkdirAll(path, 0o700) })
	return 0
}

// remove is fs.remove(path): a file or an empty folder. It tells whether there
// was one.
func (f files) remove(L *lua.LState) int {
	path := f.path(L, 1, "fs.remove", true)
	removed := false
	f.do(L, "fs.remove", func() error {
		err := os.Remove(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		removed = err == nil
		return err
	})
	L.Push(lua.LBool(removed))
	return 1
}

// rename is fs.rename(from, to): a file that is there is replaced.
func (f files) rename(L *lua.LState) int {
	from, to := f.path(L, 1, "fs.rename", true), f.path(L, 2, "fs.rename", true)
	f.do(L, "fs.rename", func() error { return os.Rename(from, to) })
	return 0
}

// copy is fs.copy(from, to) → bytes.
func (f files) copy(L *lua.LState) int {
	from, to := f.path(L, 1, "fs.copy", false), f.path(L, 2, "fs.copy", true)
	var n int64
	f.do(L, "fs.copy", func() error {
		src, err := openFile(from)
		if err != nil {
			return err
		}
		defer src.Close()
		if st, err := os.Stat(to); err == nil && !st.Mode().IsRegular() {
			return &fs.PathError{Op: "copy", Path: to, Err: errors.New("it is no file")}
		} else if source, err2 := src.Stat(); err == nil && err2 == nil && os.SameFile(st, source) {
			return &fs.PathError{Op: "copy", Path: to, Err: errors.New("it is the same file")}
		}
		dst, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		n, err = io.Copy(dst, src)
		return errors.Join(err, dst.Close())
	})
	L.Push(lua.LNumber(n))
	return 1
}
