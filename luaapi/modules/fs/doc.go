// Package fs is the Lua module fs: files below the bot's files folder, and
// others that the operator allows.
//
//	path ──▶ permission.Set.Path ──▶ a regular file or a folder, never a device
//	write ──▶ a new file beside it ──▶ rename: readers see the old or the new text
package fs
