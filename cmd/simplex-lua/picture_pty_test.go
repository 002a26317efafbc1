//go:build !windows

package main

import (
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var updatePictures = flag.Bool("update", false, "rewrite the pictures of the README")

// TestPicture plays what the README shows: a conversation, an edit that is
// broken, and one that is not. The picture is what the program wrote.
func TestPicture(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../scripts/examples/squaring.lua")
	if err != nil {
		t.Fatal(err)
	}
	term := newTerminal(t)
	save := func(old, text string) {
		edited := strings.Replace(string(example), old, text, 1)
		if old != "" && edited == string(example) {
			t.Fatalf("squaring.lua has no %q", old)
		}
		if err := os.WriteFile(filepath.Join(term.dir, "squaring.lua"), []byte(edited), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var shown strings.Builder
	step := func(pattern string) { shown.WriteString(term.expect(`(?s)^.*?` + pattern)) }

	save("", "")
	term.start(78, nil, "dev", "squaring.lua")
	step(`you> `)
	term.typeIn("7\r")
	step(`7 \* 7 = 49\r\n`)
	save("tonumber(msg.text)", "tonumber(msg.text")
	step(`not reloaded[^\n]*\n([^\n]*\n){2}`)
	save(`reply("Not a number.")`, `reply("Numbers only, please.")`)
	step(`reloaded: version 2[^\n]*\n`)
	term.typeIn("seven\r")
	step(`please\.\r\n`)
	term.typeIn("\x04")
	term.ends()

	const file = "../../docs/images/dev.svg"
	got := picture("simplex-lua dev squaring.lua", rows(shown.String()))
	if *updatePictures {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s shows something else; go test ./cmd/simplex-lua -run TestPicture -update draws it anew:\n%s", file, got)
	}
}

// rows are the lines that stay on a screen: what was typed is drawn over.
func rows(output string) (rows []string) {
	lines := strings.Split(output, "\r\n")
	clock := regexp.MustCompile(`\d\d:\d\d:\d\d`)
	for _, line := range lines[:len(lines)-1] { // the last one is drawn over
		if at := strings.LastIndex(line, "\r\x1b[K"); at >= 0 {
			line = line[at+len("\r\x1b[K"):]
		}
		rows = append(rows, clock.ReplaceAllString(line, "10:00:00"))
	}
	return rows
}

// The terminal of a picture, in pixels.
const (
	cellWidth, rowHeight = 8.4, 20
	margin, titleHeight  = 16, 34
)

// picture draws rows of a terminal, with their colours, as SVG.
func picture(title string, rows []string) string {
	width := 0
	for _, row := range rows {
		width = max(width, utf8.RuneCountInString(sgr.ReplaceAllString(row, "")))
	}
	w, h := float64(width)*cellWidth+2*margin, titleHeight+len(rows)*rowHeight+margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" role="img" aria-label="%s">`+"\n", w, h, html.EscapeString(title))
	b.WriteString(`<rect width="100%" height="100%" rx="8" fill="#1e2127"/>` + "\n")
	for i, colour := range []string{"#e06c75", "#e5c07b", "#98c379"} {
		fmt.Fprintf(&b, `<circle cx="%d" cy="17" r="5" fill="%s"/>`+"\n", margin+4+18*i, colour)
	}
	b.WriteString(`<g font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#c8ccd4" xml:space="preserve">` + "\n")
	fmt.Fprintf(&b, `<text x="50%%" y="22" text-anchor="middle" fill="#7f848e">%s</text>`+"\n", html.EscapeString(title))
	for i, row := range rows {
		fmt.Fprintf(&b, `<text x="%d" y="%d" textLength="%.0f">%s</text>`+"\n", margin, titleHeight+i*rowHeight+14,
			float64(utf8.RuneCountInString(sgr.ReplaceAllString(row, "")))*cellWidth, spans(row))
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

var sgr = regexp.MustCompile(`\x1b\[([\d;]*)m`)

// spans turns colour codes into elements.
func spans(row string) string {
	palette := map[string]string{red: "#e06c75", green: "#98c379", yellow: "#e5c07b", blue: "#61afef", cyan: "#56b6c2", gray: "#7f848e"}
	var b strings.Builder
	open, at := false, 0
	for _, m := range sgr.FindAllStringSubmatchIndex(row, -1) {
		b.WriteString(html.EscapeString(row[at:m[0]]))
		if open {
			b.WriteString("</tspan>")
		}
		colour, known := palette[row[m[2]:m[3]]]
		if open = known; open {
			fmt.Fprintf(&b, `<tspan fill="%s">`, colour)
		}
		at = m[1]
	}
	b.WriteString(html.EscapeString(row[at:]))
	if open {
		b.WriteString("</tspan>")
	}
	return b.String()
}
