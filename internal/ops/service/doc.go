// Package service writes the unit file with which systemd keeps bots running.
//
//	Options ── Unit ──▶ the text of the file, which belongs at Path
//
// It reads and writes no files.
package service
