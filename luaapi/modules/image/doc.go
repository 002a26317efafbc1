// Package image is the Lua module image: QR codes, and pictures made small
// enough for a message.
//
//	image.qr        text ──▶ PNG
//	image.thumbnail file or bytes ──▶ JPEG or data URI of at most so many bytes
//	image.size      file or bytes ──▶ width, height, format
package image
