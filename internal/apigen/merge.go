package main

import (
	"fmt"
	"slices"
	"strings"
)

// span says which versions have something: from the version with index from
// to the one with index to, of n.
type span struct{ from, to, n int }

// String writes it as the tables do: "" for all versions, "@7.0.0" since that
// one, "@-6.5.1" up to and with that one.
func (s span) mark(versions []string) string {
	mark := ""
	if s.from > 0 {
		mark = " @" + versions[s.from]
	}
	if s.to < s.n-1 {
		mark += " @-" + versions[s.to]
	}
	return mark
}

// kept is a thing with the versions that have it.
type kept[T any] struct {
	value T
	span  span
}

// merge joins the same list of several versions. Things are the same if their
// keys are; the newest value is kept. The order is that of the newest version,
// with what only older ones have in front of what followed it there.
func merge[T any](lists [][]T, key func(T) string) ([]kept[T], error) {
	n := len(lists)
	found := map[string]*kept[T]{}
	var order []string
	for v := n - 1; v >= 0; v-- {
		at := 0
		for _, x := range lists[v] {
			k := key(x)
			have := found[k]
			if have == nil {
				found[k] = &kept[T]{x, span{v, v, n}}
				order = slices.Insert(order, at, k)
				at++
				continue
			}
			if have.span.from > v+1 {
				return nil, fmt.Errorf("%s went away and came back", k)
			}
			have.span.from = v
			if i := slices.Index(order, k); i >= at {
				at = i + 1
			}
		}
	}
	out := make([]kept[T], len(order))
	for i, k := range order {
		out[i] = *found[k]
	}
	return out, nil
}

// compareVersions orders "v6.5.1" and "v7.0.0-beta.2" by their numbers; what
// follows a dash makes a version older than the same without.
func compareVersions(a, b string) int {
	numbers := func(s string) (ns []int, rest string) {
		s, rest, _ = strings.Cut(strings.TrimPrefix(s, "v"), "-")
		for _, part := range strings.Split(s, ".") {
			n := 0
			fmt.Sscan(part, &n)
			ns = append(ns, n)
		}
		return ns, rest
	}
	na, ra := numbers(a)
	nb, rb := numbers(b)
	if c := slices.Compare(na, nb); c != 0 {
		return c
	}
	switch {
	case ra == rb:
		return 0
	case ra == "":
		return 1
	case rb == "":
		return -1
	}
	return strings.Compare(ra, rb)
}
