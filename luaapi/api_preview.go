package luaapi

import (
	"errors"
	"fmt"
	"image"
	"os"

	"github.com/simplex-lua/simplex-lua/internal/picture"
)

const (
	// messageLimit is how many bytes of JSON a message may have, its text, quote
	// and preview together.
	messageLimit = 15488
	// previewLimit bounds the preview in it; the rest is for a quote and the file.
	previewLimit = 11000
	// previewSide is how many pixels the longer side of a preview has at most.
	previewSide = 480
)

// blankPreview stands where a message must have an image and there is none: one
// gray pixel.
var blankPreview = func() string {
	gray := image.NewGray(image.Rect(0, 0, 1, 1))
	gray.Pix[0] = 0x80
	data, err := picture.Fit(gray, previewLimit, previewSide)
	if err != nil {
		panic(err) // no file is read
	}
	return picture.DataURI(data)
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
	img, err := picture.Decode(f)
	if err != nil {
		return "", fmt.Errorf("%w: send it with bot.send_file", err)
	}
	data, err := picture.Fit(img, picture.Room(limit), previewSide)
	if err != nil {
		return "", fmt.Errorf("%w: send it with bot.send_file", err)
	}
	return picture.DataURI(data), nil
}
