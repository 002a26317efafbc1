package image

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"
	"io"
	"os"

	lua "github.com/yuin/gopher-lua"
	"rsc.io/qr"

	"github.com/simplex-lua/simplex-lua/internal/picture"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Module is require "image".
var Module = module.Module{Name: "image", Stability: module.Stable, Open: open}

const (
	// maxData is how many bytes an image file may have.
	maxData = 32 << 20
	// thumbnailBytes fits into a message beside its text, as a data URI.
	thumbnailBytes = 10 << 10
	thumbnailSide  = 480
)

type images struct{ vm module.VM }

func open(vm module.VM, L *lua.LState) lua.LValue {
	m := images{vm}
	return vm.Table(L, "image", map[string]lua.LGFunction{"qr": m.qr, "thumbnail": m.thumbnail, "size": m.size}, nil)
}

// qrOptions are what image.qr takes.
type qrOptions struct {
	Level string `lua:"level"`
	Scale int    `lua:"scale"`
	Form  string `lua:"form"`
}

// qr is image.qr(text[, options]) → PNG.
func (m images) qr(L *lua.LState) int {
	text := module.String(m.vm, L, 1, "image.qr")
	o := qrOptions{Level: "M", Scale: 8, Form: "png"}
	m.vm.Options(L, 2, "image.qr", &o)
	level, ok := map[string]qr.Level{"L": qr.L, "M": qr.M, "Q": qr.Q, "H": qr.H}[o.Level]
	if !ok {
		module.Argument(m.vm, L, "image.qr.level: want L, M, Q or H, got %q", o.Level)
	}
	if o.Scale < 1 || o.Scale > 50 {
		module.Argument(m.vm, L, "image.qr.scale: want 1 to 50 pixels, got %d", o.Scale)
	}
	code, err := qr.Encode(text, level)
	if err != nil {
		m.vm.Raise(L, module.Errorf(module.ErrLimit, "image.qr: %d bytes are too many for a code of level %s", len(text), o.Level))
	}
	code.Scale = o.Scale
	var file bytes.Buffer // the package's own PNG panics at some scales
	if err := png.Encode(&file, code.Image()); err != nil {
		m.vm.Raise(L, err)
	}
	m.push(L, "image.qr", o.Form, "png", file.Bytes())
	return 1
}

// thumbnailOptions are what image.thumbnail takes.
type thumbnailOptions struct {
	MaxBytes int    `lua:"max_bytes"`
	Side     int    `lua:"side"`
	Form     string `lua:"form"`
}

// thumbnail is image.thumbnail(file or bytes[, options]) → data URI.
func (m images) thumbnail(L *lua.LState) int {
	source := m.source(L, "image.thumbnail")
	o := thumbnailOptions{MaxBytes: thumbnailBytes, Side: thumbnailSide, Form: "uri"}
	m.vm.Options(L, 2, "image.thumbnail", &o)
	if o.MaxBytes < 1000 || o.Side < 16 || o.Side > 4096 {
		module.Argument(m.vm, L, "image.thumbnail: want max_bytes from 1000 and side from 16 to 4096, got %d and %d", o.MaxBytes, o.Side)
	}
	limit := o.MaxBytes
	if o.Form == "uri" {
		limit = picture.Room(limit)
	}
	var small []byte
	m.vm.Wait(L, func(context.Context) error {
		return source(func(r io.ReadSeeker) error {
			img, err := picture.Decode(r)
			if err == nil {
				small, err = picture.Fit(img, limit, o.Side)
			}
			if err != nil {
				return module.Errorf(module.ErrData, "image.thumbnail: %v", err)
			}
			return nil
		})
	})
	m.push(L, "image.thumbnail", o.Form, "jpg", small)
	return 1
}

// size is image.size(file or bytes) → width, height, format.
func (m images) size(L *lua.LState) int {
	source := m.source(L, "image.size")
	var width, height int
	var format string
	m.vm.Wait(L, func(context.Context) error {
		return source(func(r io.ReadSeeker) (err error) {
			if width, height, format, err = picture.Size(r); err != nil {
				return module.Errorf(module.ErrData, "image.size: %v", err)
			}
			return nil
		})
	})
	L.Push(lua.LNumber(width))
	L.Push(lua.LNumber(height))
	L.Push(lua.LString(format))
	return 3
}

// push gives an image as the bytes of its file, "file", or as a data URI, "uri".
func (m images) push(L *lua.LState, what, form, kind string, data []byte) {
	switch form {
	case kind, "bytes":
		L.Push(lua.LString(data))
	case "uri":
		L.Push(lua.LString("data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)))
	default:
		module.Argument(m.vm, L, "%s.form: want %q or \"uri\", got %q", what, kind, form)
	}
}

// source reads argument 1: { data = bytes } or the path of a file that the
// script may read.
func (m images) source(L *lua.LState, what string) func(use func(io.ReadSeeker) error) error {
	if t, ok := L.Get(1).(*lua.LTable); ok {
		data, ok := table.Field(t, "data").(lua.LString)
		if !ok || len(data) > maxData {
			module.Argument(m.vm, L, "%s.data: want the bytes of an image, at most %d MiB", what, maxData>>20)
		}
		return func(use func(io.ReadSeeker) error) error { return use(bytes.NewReader([]byte(data))) }
	}
	path, err := m.vm.Allowed().Path(module.String(m.vm, L, 1, what), m.vm.FilesDir(), false)
	if err != nil {
		m.vm.Raise(L, err)
	}
	return func(use func(io.ReadSeeker) error) error {
		if st, err := os.Stat(path); err != nil {
			return err
		} else if !st.Mode().IsRegular() || st.Size() > maxData {
			return module.Errorf(module.ErrLimit, "%s: want a file of at most %d MiB", what, maxData>>20)
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		return use(f)
	}
}
