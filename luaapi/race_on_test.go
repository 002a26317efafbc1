//go:build race

package luaapi

// raced tells that the race detector watches, which takes time and memory.
const raced = true
