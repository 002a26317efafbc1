package image_test

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// Whatever the bytes, they are an image with a size and a thumbnail within its
// bounds, or there is an error with a type.
func FuzzImage(f *testing.F) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	var p, j, g bytes.Buffer
	if png.Encode(&p, img) != nil || jpeg.Encode(&j, img, nil) != nil || gif.Encode(&g, img, nil) != nil {
		f.Fatal("no seeds")
	}
	for _, s := range []string{p.String(), j.String(), g.String(), "", "GIF89a\x60\xea\x60\xea\x00\x00\x00", "RIFF\x0c\x00\x00\x00WEBPVP8L", p.String()[:40]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		if len(data) > 1<<13 {
			return
		}
		_, err := modtest.Eval(t, modtest.Options{}, `
			local image, data = require "image", `+modtest.Quote(data)+`
			local ok, width = pcall(image.size, { data = data })
			assert(ok and width >= 0 or width.type == "data" or width.type == "limit", tostring(width))
			local ok, small = pcall(image.thumbnail, { data = data }, { max_bytes = 2000 })
			assert(ok and #small <= 2000 or not ok and (small.type == "data" or small.type == "limit"), tostring(small))`)
		if err != nil {
			t.Errorf("%q: %v", data, err)
		}
	})
}
