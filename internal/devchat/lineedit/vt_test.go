package lineedit

import (
	"fmt"
	"strings"
	"sync"

	"github.com/rivo/uniseg"
)

// vt is a small terminal: it knows what Editor writes, and nothing else.
type vt struct {
	mu       sync.Mutex
	columns  int
	rows     [][]string // cells; the second one of a wide character is ""
	row, col int
	bad      []string // sequences that it does not know
}

func newVT(columns int) *vt { return &vt{columns: columns, rows: make([][]string, 1)} }

func (v *vt) Write(b []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	rest, state := string(b), -1
	for rest != "" {
		if after, ok := strings.CutPrefix(rest, "\x1b["); ok {
			i := strings.IndexFunc(after, func(r rune) bool { return r >= '@' && r <= '~' })
			v.sequence(after[:i], after[i])
			rest, state = after[i+1:], -1
			continue
		}
		var c string
		var w int
		c, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		v.char(c, w)
	}
	return len(b), nil
}

func (v *vt) sequence(args string, final byte) {
	switch final {
	case 'K':
		v.rows[v.row] = v.rows[v.row][:min(v.col, len(v.rows[v.row]))]
	case 'C':
		var n int
		fmt.Sscan(args, &n)
		v.col = min(v.col+n, v.columns-1)
	case 'J':
		v.rows = make([][]string, 1)
	case 'H':
		v.row, v.col = 0, 0
	case 'h', 'l', 'm':
	default:
		v.bad = append(v.bad, args+string(final))
	}
}

func (v *vt) char(c string, w int) {
	switch c {
	case "\r":
		v.col = 0
		return
	case "\r\n":
		v.col = 0
		v.newline()
		return
	}
	if w == 0 || c[0] < ' ' {
		v.bad = append(v.bad, c)
		return
	}
	if v.col+w > v.columns {
		v.col = 0
		v.newline()
	}
	for len(v.rows[v.row]) < v.col+w {
		v.rows[v.row] = append(v.rows[v.row], " ")
	}
	v.rows[v.row][v.col] = c
	for i := 1; i < w; i++ {
		v.rows[v.row][v.col+i] = ""
	}
	v.col += w
}

func (v *vt) newline() {
	if v.row++; v.row == len(v.rows) {
		v.rows = append(v.rows, nil)
	}
}

// String is what the screen shows, with ▏ where the cursor is.
func (v *vt) String() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var rows []string
	for i, cells := range v.rows {
		if i == v.row {
			for len(cells) < v.col {
				cells = append(cells, " ")
			}
			cells = append(append(append([]string{}, cells[:v.col]...), "▏"), cells[v.col:]...)
		}
		rows = append(rows, strings.Join(cells, ""))
	}
	return strings.Join(rows, "\n")
}
