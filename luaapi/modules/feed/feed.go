package feed

import (
	"context"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	lua "github.com/yuin/gopher-lua"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// Module is require "feed".
var Module = module.Module{Name: "feed", Stability: module.Stable, Open: open}

const (
	maxText  = 8 << 20 // bytes
	maxItems = 1000
	// maxDepth is how deep elements may stand in each other: parsing recurs.
	maxDepth = 200
)

type feeds struct{ vm module.VM }

func open(vm module.VM, L *lua.LState) lua.LValue {
	f := feeds{vm}
	return vm.Table(L, "feed", map[string]lua.LGFunction{"parse": f.parse, "text": f.text}, nil)
}

// argument reads argument 1.
func (f feeds) argument(L *lua.LState, what string) string {
	text := module.String(f.vm, L, 1, what)
	if len(text) > maxText {
		f.vm.Raise(L, module.Errorf(module.ErrLimit, "%s: the text has %d bytes, at most %d are read", what, len(text), maxText))
	}
	return text
}

// parse is feed.parse(text) → feed.
func (f feeds) parse(L *lua.LState) int {
	text := f.argument(L, "feed.parse")
	var parsed *gofeed.Feed
	f.vm.Wait(L, func(context.Context) (err error) {
		if tooDeep(text) {
			return module.Errorf(module.ErrData, "feed.parse: elements stand in each other more than %d deep", maxDepth)
		}
		defer func() {
			if p := recover(); p != nil {
				err = module.Errorf(module.ErrData, "feed.parse: the text could not be read: %v", p)
			}
		}()
		if parsed, err = gofeed.NewParser().ParseString(text); err != nil {
			return module.Errorf(module.ErrData, "feed.parse: %v", err)
		}
		return nil
	})
	L.Push(feedTable(L, parsed))
	return 1
}

// tooDeep counts elements that are open at the same time.
func tooDeep(text string) bool {
	z, depth := html.NewTokenizer(strings.NewReader(text)), 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken:
			if depth++; depth > maxDepth {
				return true
			}
		case html.EndTagToken:
			depth--
		}
	}
}

func feedTable(L *lua.LState, parsed *gofeed.Feed) *lua.LTable {
	t := L.NewTable()
	set(t, "title", parsed.Title)
	set(t, "description", parsed.Description)
	set(t, "link", parsed.Link)
	set(t, "kind", parsed.FeedType)
	setTime(t, "updated", parsed.UpdatedParsed)
	items := L.NewTable()
	for _, item := range parsed.Items[:min(len(parsed.Items), maxItems)] {
		items.Append(itemTable(L, item))
	}
	t.RawSetString("items", items)
	return t
}

func itemTable(L *lua.LState, item *gofeed.Item) *lua.LTable {
	t := L.NewTable()
	set(t, "title", item.Title)
	set(t, "description", item.Description)
	set(t, "content", item.Content)
	set(t, "link", item.Link)
	setTime(t, "published", item.PublishedParsed)
	setTime(t, "updated", item.UpdatedParsed)
	// What tells an item from others: its guid, else where it leads, else its title.
	for _, id := range []string{item.GUID, item.Link, item.Title} {
		if id != "" {
			set(t, "id", id)
			break
		}
	}
	if len(item.Authors) > 0 && item.Authors[0] != nil {
		set(t, "author", item.Authors[0].Name)
	}
	if len(item.Categories) > 0 {
		list := L.NewTable()
		for _, c := range item.Categories {
			list.Append(lua.LString(c))
		}
		t.RawSetString("categories", list)
	}
	if len(item.Enclosures) > 0 && item.Enclosures[0] != nil {
		set(t, "enclosure", item.Enclosures[0].URL)
	}
	return t
}

func set(t *lua.LTable, key, value string) {
	if value != "" {
		t.RawSetString(key, lua.LString(value))
	}
}

func setTime(t *lua.LTable, key string, at *time.Time) {
	if at != nil {
		t.RawSetString(key, lua.LNumber(at.Unix()))
	}
}

// blocks are elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Br: true, atom.Div: true, atom.Li: true, atom.Tr: true, atom.Ul: true, atom.Ol: true, atom.Blockquote: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.Pre: true, atom.Table: true,
}

// text is feed.text(html): what is left without the elements, a line per block.
func (f feeds) text(L *lua.LState) int {
	z := html.NewTokenizer(strings.NewReader(f.argument(L, "feed.text")))
	var out strings.Builder
	hidden, step := 0, f.vm.Step(L)
	for {
		if err := step(); err != nil {
			f.vm.Raise(L, err)
		}
		kind := z.Next()
		if kind == html.ErrorToken {
			L.Push(lua.LString(tidy(out.String())))
			return 1
		}
		token := z.Token()
		unseen := token.DataAtom == atom.Script || token.DataAtom == atom.Style
		switch {
		case kind == html.StartTagToken && unseen:
			hidden++
		case kind == html.EndTagToken && unseen:
			hidden = max(hidden-1, 0)
		case kind == html.TextToken && hidden == 0:
			out.WriteString(strings.ReplaceAll(token.Data, "\n", " "))
		case kind == html.EndTagToken && token.DataAtom == atom.Li: // the next one begins a line
		case blocks[token.DataAtom]:
			out.WriteByte('\n')
			if kind == html.StartTagToken && token.DataAtom == atom.Li {
				out.WriteString("• ")
			}
		}
	}
}

// tidy leaves one space between words and one empty line between blocks.
func tidy(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line != "" || len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
