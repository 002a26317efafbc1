package template

import (
	"fmt"
	"regexp"
	"strings"
	"text/template"
)

// functions are what templates may call beside those that text/template has, and
// those of its own that make texts: a variable that is printed into itself again
// and again would take the memory before anything is written.
var functions = template.FuncMap{
	"upper": strings.ToUpper, "lower": strings.ToLower, "trim": strings.TrimSpace,
	"join": func(separator string, list []any) (string, error) {
		if err := fits("join", size(list)+len(list)*len(separator)); err != nil {
			return "", err
		}
		parts := make([]string, len(list))
		for i, v := range list {
			parts[i] = fmt.Sprint(v)
		}
		return strings.Join(parts, separator), nil
	},
	"default": func(fallback, v any) any {
		if v == nil || v == "" || v == false {
			return fallback
		}
		return v
	},
	// plain keeps the apps from reading a text's marks, by a zero-width space
	// before each.
	"plain": func(v any) (string, error) {
		return bounded("plain", func(args ...any) string { return marks.ReplaceAllString(fmt.Sprint(args...), "\u200b$0") })(v)
	},
	"print": bounded("print", fmt.Sprint), "println": bounded("println", fmt.Sprintln),
	"html": bounded("html", template.HTMLEscaper), "js": bounded("js", template.JSEscaper),
	"urlquery": bounded("urlquery", template.URLQueryEscaper),
	"printf": func(format string, args ...any) (string, error) {
		if widths.MatchString(format) {
			return "", fmt.Errorf("printf: the format %q has a width of more than three digits", format)
		}
		largest := 1000 // a width
		for _, v := range args {
			largest = max(largest, size(v))
		}
		if err := fits("printf", len(format)+strings.Count(format, "%")*largest); err != nil {
			return "", err
		}
		return fmt.Sprintf(format, args...), nil
	},
}

var (
	marks  = regexp.MustCompile("[*_~`#!]")
	widths = regexp.MustCompile(`[*]|\d{4,}`)
)

// bounded refuses arguments and results that are too long.
func bounded(name string, fn func(args ...any) string) func(args ...any) (string, error) {
	return func(args ...any) (string, error) {
		if err := fits(name, size(args)); err != nil {
			return "", err
		}
		s := fn(args...)
		return s, fits(name, len(s))
	}
}

// fits refuses a text longer than a template may make.
func fits(name string, size int) error {
	if size > maxText {
		return fmt.Errorf("%s: the text can get longer than %d bytes", name, maxText)
	}
	return nil
}

// size is about how long a value of the data is as text, in bytes.
func size(v any) int {
	n := 8
	switch v := v.(type) {
	case string:
		n = len(v)
	case []any:
		for _, one := range v {
			n += size(one)
		}
	case map[string]any:
		for key, one := range v {
			n += len(key) + size(one)
		}
	}
	return n
}
