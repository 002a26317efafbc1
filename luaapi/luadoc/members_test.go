package luadoc

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	d, err := Read(fstest.MapFS{"m/a.lua": {Data: []byte(`---@meta
---The module.
---@class cups: Shop
local cups = {}

---@return Cup?
---@return string
function cups.new() end

---@return Cup[]
function cups.all() end

---@class Shop
local Shop = {}
function Shop:open() end

---@class Cup: Thing
---@field size integer
local Cup = {}
function Cup:fill() end

---@class Thing
local Thing = {}
function Thing:lift() end

---A spoon: long,
---of silver. Bends.
---@class Spoon
local Spoon = {}
function Spoon:stir() end

bar = {}
function bar.order() end
bar.menu = {}
function bar.menu.read() end
`)}}, "m")
	if err != nil {
		t.Fatal(err)
	}
	for of, want := range map[string]string{
		"cups":       "cups.new cups.all Shop:open Cup:fill Thing:lift",
		"Cup":        "Cup:fill Thing:lift",
		"bar":        "bar.order bar.menu",
		"Thing:lift": "",
	} {
		var names []string
		for _, e := range d.Members(d.Find(of)) {
			names = append(names, e.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: got %s, want %s", of, got, want)
		}
	}
	if got := d.Find("Spoon").Summary(); got != "A spoon: long, of silver" {
		t.Errorf("the first sentence is %q", got)
	}
}
