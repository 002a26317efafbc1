package main

import "io"

func explain(w io.Writer, name string) error { return nil }
