package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

// jsonString writes a string that is known to be UTF-8.
func (w *writer) jsonString(s string) error {
	if i := strings.IndexByte(s, 0); i >= 0 && !w.nul {
		return w.fail("has a NUL at byte %d", i+1)
	}
	if !utf8.ValidString(s) { // a key
		return w.fail("is not UTF-8")
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return w.fail("%v", err)
	}
	w.b = append(w.b, bytes.TrimRight(b.Bytes(), "\n")...)
	return nil
}

// utf8 reads a string and refuses bytes that are no text.
func (w *writer) utf8(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", w.want("a string", v)
	}
	if at := badUTF8(s); at >= 0 {
		return "", w.fail("is not UTF-8 at byte %d", at+1)
	}
	return s, nil
}

// badUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func badUTF8(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// integer reads a whole number that fits the type.
func (w *writer) integer(t *typ, v any) (int64, error) {
	var n int64
	switch v := v.(type) {
	case int:
		n = int64(v)
	case int64:
		n = v
	case float64, json.Number:
		text := fmt.Sprint(v)
		if f, ok := v.(float64); ok {
			text = strconv.FormatFloat(f, 'f', -1, 64)
		}
		var err error
		if n, err = strconv.ParseInt(text, 10, 64); err != nil {
			f, ferr := strconv.ParseFloat(text, 64)
			switch {
			case ferr != nil || math.IsNaN(f) || math.Abs(f) > 1<<53 && f == math.Trunc(f):
				return 0, w.fail("is out of range: %s", text)
			case f != math.Trunc(f):
				return 0, w.fail("must be a whole number, got %s", text)
			}
			n = int64(f) // written as 2.0 or 1e3
		}
	default:
		return 0, w.want("a whole number", v)
	}
	if t.name == "word32" && (n < 0 || n > math.MaxUint32) {
		return 0, w.fail("is out of range: %d", n)
	}
	return n, nil
}

func isNumber(v any) bool {
	switch v.(type) {
	case int, int64, float64, json.Number:
		return true
	}
	return false
}

// want says what should have been there, without quoting long texts.
func (w *writer) want(what string, v any) error {
	got := "a value of another kind"
	switch v := v.(type) {
	case nil:
		got = "null"
	case bool:
		got = strconv.FormatBool(v)
	case string:
		got = fmt.Sprintf("the string %q", v)
		if len(v) > 40 {
			got = fmt.Sprintf("a string of %d bytes", len(v))
		}
	case []any:
		got = "a list"
	case map[string]any:
		got = "an object"
	case Empty:
		got = "an empty table"
	default:
		if isNumber(v) {
			got = fmt.Sprint("the number ", v)
		}
	}
	return w.fail("want %s, got %s", what, got)
}

func (w *writer) oneOf(values []string, got string) error {
	if len(got) > 40 {
		got = got[:40] + "…"
	}
	return w.fail("want one of %s, got %q%s", strings.Join(values, ", "), got, nearest.Hint(got, values))
}
