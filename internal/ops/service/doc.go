// Package service writes the unit file with which systemd keeps bots running.
// It reads and writes no files.
package service
