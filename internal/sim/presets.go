package sim

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
)

// presets are the contacts that every new user has in the list of chats, not
// connected.
var presets = []struct {
	profile profile
	first   bool // only for the first user of a database
}{
	{profile: profile{
		DisplayName: "SimpleX Status", ShortDescr: "Automatic server status and app release updates",
		Image: picture(3), ContactLink: presetLink + "SimpleX-Status", PeerType: "bot",
	}},
	{profile: profile{
		DisplayName: "Ask SimpleX Team", ShortDescr: "Send questions about SimpleX Chat app and your suggestions",
		Image: teamPicture, ContactLink: presetLink + "SimpleX-Team",
	}},
}

const presetLink = "simplex:/contact#/?v=2-7&smp="

// teamPicture is the one of the team and of its relays.
var teamPicture = picture(5)

// picture draws a small profile picture, a pattern that the number chooses.
func picture(n int) string {
	const size = 16
	img := image.NewGray(image.Rect(0, 0, size, size))
	for i := range size * size {
		img.SetGray(i%size, i/size, color.Gray{Y: uint8(i * i * n)})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 20}); err != nil {
		panic(err) // nothing but the buffer is written to
	}
	return "data:image/jpg;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}
