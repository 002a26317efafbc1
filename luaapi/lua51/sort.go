package lua51

import (
	"cmp"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// sorter sorts elements of a table in place, in the order in which the
// reference implementation compares and swaps: which of two equal elements
// comes first can be seen, and so can the calls of a comparison function.
//
// It is quicksort with the median of three as pivot, on the smaller part first
// by recursion, on the larger one by iteration.
type sorter struct {
	s    *State
	L    *lua.LState
	b    *Budget
	t    *lua.LTable
	less lua.LValue // nil for "<"
}

func (s *State) tabSort(L *lua.LState) int {
	t := checkTable(L, 1)
	st := &sorter{s: s, L: L, b: s.budget(L), t: t}
	if !isNone(L, 2) {
		st.less = checkFunction(L, 2)
	} else if st.sortPlain(table.Len(t)) {
		return 0
	}
	st.sort(1, table.Len(t))
	return 0
}

// sortPlain sorts n elements that are all numbers or all strings, in any way:
// equal ones cannot be told apart. It reports false if there are others.
func (st *sorter) sortPlain(n int) bool {
	if n < 2 {
		return true
	}
	st.b.heap.reserve(st.b, int64(n)*16)
	st.b.check()
	values := make([]lua.LValue, n)
	kind := st.get(1).Type()
	if kind != lua.LTNumber && kind != lua.LTString {
		return false
	}
	for i := range values {
		v := st.get(i + 1)
		if number, ok := v.(lua.LNumber); v.Type() != kind || ok && number != number {
			return false
		}
		values[i] = v
	}
	// A cut may come in the middle: nothing is stored before the end.
	slices.SortFunc(values, func(a, b lua.LValue) int {
		st.b.spend(1)
		if kind == lua.LTNumber {
			return cmp.Compare(a.(lua.LNumber), b.(lua.LNumber))
		}
		return cmp.Compare(a.(lua.LString), b.(lua.LString))
	})
	for i, v := range values {
		st.set(i+1, v)
	}
	return true
}

func (st *sorter) get(i int) lua.LValue    { return geti(st.t, i) }
func (st *sorter) set(i int, v lua.LValue) { seti(st.t, i, v) }

func (st *sorter) before(a, b lua.LValue) bool {
	if st.less != nil {
		return lua.LVAsBool(st.s.call(st.L, st.less, a, b))
	}
	st.b.spend(1)
	return st.L.LessThan(a, b)
}

// order swaps elements i and j if j comes before i.
func (st *sorter) order(i, j int) bool {
	a, b := st.get(i), st.get(j)
	if !st.before(b, a) {
		return false
	}
	st.set(i, b)
	st.set(j, a)
	return true
}

func (st *sorter) sort(low, high int) {
	for low < high {
		st.order(low, high)
		if high-low == 1 {
			return
		}
		middle := low + (high-low)/2
		if !st.order(low, middle) {
			st.order(middle, high)
		}
		if high-low == 2 {
			return
		}
		pivot := st.get(middle)
		st.set(middle, st.get(high-1))
		st.set(high-1, pivot)
		i := st.partition(low, high, pivot)
		if i-low < high-i {
			st.sort(low, i-1)
			low = i + 1
		} else {
			st.sort(i+1, high)
			high = i - 1
		}
	}
}

// partition puts what comes before the pivot, which is next to last, in front
// of it, and returns where the pivot is then.
func (st *sorter) partition(low, high int, pivot lua.LValue) int {
	i, j := low, high-1
	for {
		a := st.next(&i, high, pivot)
		b := st.previous(&j, low, pivot)
		if j < i {
			break
		}
		st.set(i, b)
		st.set(j, a)
	}
	last := st.get(high - 1)
	st.set(high-1, st.get(i))
	st.set(i, last)
	return i
}

// next moves i up to the next element that does not come before the pivot.
func (st *sorter) next(i *int, high int, pivot lua.LValue) lua.LValue {
	for {
		*i++
		a := st.get(*i)
		if !st.before(a, pivot) {
			return a
		}
		if *i > high {
			raise(st.L, "invalid order function for sorting")
		}
	}
}

// previous moves j down to the next element that does not come after the pivot.
func (st *sorter) previous(j *int, low int, pivot lua.LValue) lua.LValue {
	for {
		*j--
		b := st.get(*j)
		if !st.before(pivot, b) {
			return b
		}
		if *j < low {
			raise(st.L, "invalid order function for sorting")
		}
	}
}
