//go:build race

package sim_test

// raced tells that the race detector watches, which makes reading JSON slow.
const raced = true
