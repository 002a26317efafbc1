package picture

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // formats that are read
	"image/jpeg"
	_ "image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// maxPixels bounds the memory that an image may take when it is decoded.
const maxPixels = 50e6

// ErrFormat is the error of data that is no image of a known kind.
var ErrFormat = errors.New("it is no JPEG, PNG, GIF or WebP image")

// Size returns the pixels and the format ("jpeg", "png", "gif", "webp") of an
// image without decoding it.
func Size(r io.Reader) (width, height int, format string, err error) {
	c, format, err := image.DecodeConfig(r)
	if err != nil {
		return 0, 0, "", ErrFormat
	}
	return c.Width, c.Height, format, nil
}

// Decode reads an image of at most 50 million pixels.
func Decode(r io.ReadSeeker) (image.Image, error) {
	width, height, _, err := Size(r)
	if err != nil {
		return nil, err
	}
	if width < 1 || height < 1 || float64(width)*float64(height) > maxPixels {
		return nil, fmt.Errorf("an image of %d×%d pixels is too large", width, height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("the image is damaged: %w", err)
	}
	return img, nil
}

// Fit returns the image as a JPEG of at most limit bytes, as large and as good as
// fits, its longer side at most side pixels.
func Fit(img image.Image, limit, side int) ([]byte, error) {
	for ; side >= 16; side = side * 3 / 4 {
		small := shrink(img, side)
		for _, quality := range []int{85, 70, 55, 40} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: quality}); err != nil {
				return nil, err
			}
			if b.Len() <= limit {
				return b.Bytes(), nil
			}
		}
	}
	return nil, fmt.Errorf("not even %d pixels of the image fit into %d bytes", side*4/3, limit)
}

const uriPrefix = "data:image/jpg;base64,"

// DataURI returns a JPEG as messages have it in their JSON.
func DataURI(data []byte) string {
	return uriPrefix + base64.StdEncoding.EncodeToString(data)
}

// Room returns how many bytes an image may have for its DataURI to have at most n.
func Room(n int) int { return max(n-len(uriPrefix), 0) / 4 * 3 }

// shrink makes an image whose longer side has at most so many pixels, on white
// where the image is transparent.
func shrink(img image.Image, side int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	draw.BiLinear.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Over, nil)
	return dst
}
