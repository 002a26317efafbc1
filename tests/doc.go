// Package tests holds what concerns the program as a whole: the command line
// (cli/*.txtar), the README's commands, the examples, and the import graph.
package tests
