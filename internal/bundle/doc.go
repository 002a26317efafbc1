// Package bundle makes one file of simplex-lua and the scripts of bots, and
// reads it again.
//
//	┌──────────────┬────────┬──────────────────────────────────────┬────────┐
//	│ simplex-lua  │ header │ zip: files/… libs/… manifest.json    │ footer │
//	└──────────────┴────────┴──────────────────────────────────────┴────────┘
//	 the runtime              collect.go, manifest.go, write.go     layout.go
//
//	folder ─▶ Collect ─▶ []File ─▶ Write ─▶ bundle ─▶ Open ─▶ Bundle ┬ Files   an fs.FS of scripts and assets
//	          secrets.go                                             └ Unpack  libraries and assets on disk
//
// The footer has the places and a SHA-256 of all behind the runtime; the
// manifest has name, size and SHA-256 of every file and of the runtime. So a
// program knows in a moment whether it is a bundle, and a damaged one is never
// run. Where the end is missing, the header behind the executable's own image
// still tells that there was a bundle (image.go).
//
// A bundle has no times and fixed modes, and its files stand in the order of
// their names: the same input makes the same bytes. sign.go has detached
// signatures in the form of minisign.
//
// The package runs nothing and knows neither Lua nor the configuration.
package bundle
