// Package picture makes images small enough for a message.
//
//	file ──▶ Decode ──▶ image.Image ──▶ Fit ──▶ JPEG of at most so many bytes ──▶ DataURI
//
// It reads JPEG, PNG, GIF and WebP, and refuses what would take too much memory
// before it is decoded. Functions keep nothing and may be called side by side.
package picture
