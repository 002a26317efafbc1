package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// noise is an image that no format makes much smaller.
func noise(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(random.IntN(256))
	}
	return img
}

func TestFit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		img         image.Image
		limit, side int
		wantW       int // 0 for any
	}{
		{"small stays", image.NewGray(image.Rect(0, 0, 40, 20)), 11000, 480, 40},
		{"large shrinks", image.NewGray(image.Rect(0, 0, 2000, 1000)), 50000, 480, 480},
		{"noise shrinks further", noise(600, 600), 11000, 480, 0},
		{"thin", image.NewGray(image.Rect(0, 0, 3000, 1)), 11000, 480, 480},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data, err := Fit(tt.img, tt.limit, tt.side)
			if err != nil || len(data) > tt.limit {
				t.Fatalf("got %d bytes, %v", len(data), err)
			}
			w, _, format, err := Size(bytes.NewReader(data))
			if err != nil || format != "jpeg" || tt.wantW != 0 && w != tt.wantW {
				t.Errorf("got %d pixels, %s, %v", w, format, err)
			}
			if uri := DataURI(data); len(data) > Room(len(uri)) || !strings.HasPrefix(uri, "data:image/jpg;base64,") {
				t.Errorf("%d bytes do not fit into their own %d", len(data), len(uri))
			}
		})
	}
	if _, err := Fit(noise(64, 64), 10, 64); err == nil {
		t.Error("an image fits into 10 bytes")
	}
}

// What shines through is white, as in the apps.
func TestTransparent(t *testing.T) {
	t.Parallel()
	small := shrink(image.NewRGBA(image.Rect(0, 0, 100, 100)), 10)
	if got := small.RGBAAt(5, 5); got != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("got %v", got)
	}
}

func TestDecodeBad(t *testing.T) {
	t.Parallel()
	var huge bytes.Buffer
	if err := png.Encode(&huge, image.NewGray(image.Rect(0, 0, 10, 10))); err != nil {
		t.Fatal(err)
	}
	header := huge.Bytes()
	for _, tt := range []struct {
		name, data, want string
	}{
		{"no image", "text", ErrFormat.Error()},
		{"empty", "", ErrFormat.Error()},
		{"cut off", string(header[:len(header)-20]), "damaged"},
		{"too large", "GIF89a\xff\xff\xff\xff\x00\x00\x00", "65535×65535"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Decode(strings.NewReader(tt.data))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if _, _, _, err := Size(strings.NewReader("x")); !errors.Is(err, ErrFormat) {
		t.Errorf("got %v", err)
	}
}

func TestShrink(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(5, 5, 205, 105))
	for y := 5; y < 105; y++ {
		for x := 5; x < 105; x++ {
			img.SetNRGBA(x, y, color.NRGBA{R: 0xff, A: 0xff})
		}
	}
	small := shrink(img, 20)
	if small.Bounds().Dx() != 20 || small.Bounds().Dy() != 10 {
		t.Errorf("size: got %v", small.Bounds())
	}
	if l, r := small.RGBAAt(2, 2), small.RGBAAt(17, 2); l != (color.RGBA{0xff, 0, 0, 0xff}) || r != (color.RGBA{0xff, 0xff, 0xff, 0xff}) {
		t.Errorf("colours: got %v and %v", l, r)
	}
	if line := shrink(image.NewGray(image.Rect(0, 0, 1, 5000)), 20); line.Bounds().Dx() != 1 || line.Bounds().Dy() != 20 {
		t.Errorf("a line: got %v", line.Bounds())
	}
}
