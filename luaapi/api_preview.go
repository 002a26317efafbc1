package luaapi

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // formats that previews are made of
	"image/jpeg"
	_ "image/png"
	"os"
)

const (
	// messageLimit is how many bytes of JSON a message may have, its text, quote
	// and preview together.
	messageLimit = 15488
	// previewLimit bounds the preview in it; the rest is for a quote and the file.
	previewLimit = 11000
	// maxPixels bounds the memory that an image may take when it is decoded.
	maxPixels = 50e6
	// previewSide is how many pixels the longer side of a preview has at most.
	previewSide = 480
)

// blankPreview stands where a message must have an image and there is none: one
// gray pixel.
var blankPreview = func() string {
	img := image.NewGray(image.Rect(0, 0, 1, 1))
	img.SetGray(0, 0, color.Gray{Y: 0x80})
	data, err := encodePreview(img, 50)
	if err != nil {
		panic(err) // no file is read
	}
	return data
}()

// previewBudget is how many bytes a preview may have beside a text of so many.
func previewBudget(text int) int {
	return min(previewLimit, messageLimit-3000-text)
}

// previewOf makes a small JPEG of an image file as a data URI of at most limit
// bytes: as large and as good as fits.
func previewOf(path string, limit int) (string, error) {
	if limit < 1000 {
		return "", errors.New("the text leaves no room for a preview: send it as a message of its own")
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return "", errors.New("the file is no JPEG, PNG or GIF image: send it with bot.send_file")
	}
	if size.Width < 1 || size.Height < 1 || float64(size.Width)*float64(size.Height) > maxPixels {
		return "", fmt.Errorf("an image of %d×%d pixels is too large: send it with bot.send_file", size.Width, size.Height)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return "", err
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return "", fmt.Errorf("the image is damaged: %w", err)
	}
	for side := previewSide; side >= 16; side = side * 3 / 4 {
		small := shrink(img, side)
		for _, quality := range []int{85, 70, 55, 40} {
			data, err := encodePreview(small, quality)
			if err != nil {
				return "", err
			}
			if len(data) <= limit {
				return data, nil
			}
		}
	}
	return "", errors.New("no preview of the image is small enough: send it with bot.send_file")
}

func encodePreview(img image.Image, quality int) (string, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return "", err
	}
	return "data:image/jpg;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// shrink makes an image whose longer side has at most so many pixels, each the
// average of those it stands for, on white where the image is transparent.
func shrink(img image.Image, side int) *image.RGBA {
	bounds := img.Bounds()
	w, h := bounds.Dx(), bounds.Dy()
	src := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(src, src.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(src, src.Bounds(), img, bounds.Min, draw.Over)
	long := max(w, h)
	if long <= side {
		return src
	}
	dw, dh := max(1, w*side/long), max(1, h*side/long)
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range dh {
		y0, y1 := y*h/dh, max(y*h/dh+1, (y+1)*h/dh)
		for x := range dw {
			x0, x1 := x*w/dw, max(x*w/dw+1, (x+1)*w/dw)
			var r, g, b, n int
			for sy := y0; sy < y1; sy++ {
				row := src.Pix[sy*src.Stride:]
				for sx := x0; sx < x1; sx++ {
					r, g, b, n = r+int(row[sx*4]), g+int(row[sx*4+1]), b+int(row[sx*4+2]), n+1
				}
			}
			dst.SetRGBA(x, y, color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 0xff})
		}
	}
	return dst
}
