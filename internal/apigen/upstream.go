package main

import "io"

func adopt(w io.Writer, upstream, version, dir string) error { return nil }
