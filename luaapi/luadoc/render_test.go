package luadoc

import (
	"strings"
	"testing"
	"testing/fstest"
)

const sample = `---@meta
---A cup.
---@class Cup
---@field size integer in ml
---@field lid? boolean
local Cup = {}

---Drinks. Waits.
---
---` + "```lua" + `
---cup:drink(100)
---` + "```" + `
---@param amount? number default all
---@return boolean empty whether nothing is left
function Cup:drink(amount) end

bar = {}

---Fills a cup.
---@param cup Cup
function bar.fill(cup) end
`

func sampleDoc(t *testing.T) *Doc {
	t.Helper()
	d, err := Read(fstest.MapFS{"m/a.lua": {Data: []byte(sample)}}, "m")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestText(t *testing.T) {
	t.Parallel()
	d := sampleDoc(t)
	tests := []struct{ name, want string }{
		{"drink", `Cup:drink(amount?)  (function)
  Drinks. Waits.
  Example:
  cup:drink(100)
    amount?  number   default all
    returns  boolean  whether nothing is left
`},
		{"cup", "Cup  (class)\n  A cup.\n    size  integer  in ml\n    lid?  boolean\n"},
		{"bar.fill()", "bar.fill(cup)  (function)\n  Fills a cup.\n    cup  Cup\n"},
		{"nothing", ""},
	}
	for _, tt := range tests {
		var b strings.Builder
		Text(&b, d.Lookup(tt.name))
		if b.String() != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, b.String(), tt.want)
		}
	}
	var b strings.Builder
	d.List(&b)
	if want := "Functions\n  bar\n  bar.fill(cup)  Fills a cup\n\nMethods of objects\n  Cup:drink(amount?)  Drinks\n\nObjects and options\n  Cup  A cup\n"; b.String() != want {
		t.Errorf("list: got %q, want %q", b.String(), want)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := sampleDoc(t).Markdown()
	for _, want := range []string{
		"- [Methods of objects](#methods-of-objects)\n",
		"### `Cup:drink(amount?)`\n\nDrinks. Waits.\n\n```lua\ncup:drink(100)\n```\n\n- `amount?` `number` – default all\n- returns `boolean` – whether nothing is left\n",
		"### `Cup`\n\nA cup.\n\n- `size` `integer` – in ml\n- `lid?` `boolean`\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q:\n%s", want, got)
		}
	}
}
