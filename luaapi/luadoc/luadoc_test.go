package luadoc

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/simplex-lua/simplex-lua/stdlib"
)

// TestStdlib reads the type files of the executable: every line is understood
// and every name in them resolves.
func TestStdlib(t *testing.T) {
	t.Parallel()
	d, err := Read(stdlib.FS, "meta", ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Problems() {
		t.Error(p)
	}
	for _, name := range []string{"bot.send", "Message:reply", "bot.api.send_text_message", "bot.api.call", "Event.newChatItems", "MsgContent", "GroupMemberRole"} {
		if d.Find(name) == nil {
			t.Errorf("no entry %s", name)
		}
	}
	if f, ok := d.Field("Message.text", "reply"); !ok || f.Type.Kind != Function {
		t.Errorf("Message.text has no reply: %v", f)
	}
	if n := len(d.Find("bot.on_event").Overloads); n < 50 {
		t.Errorf("bot.on_event has %d overloads, want one for each event", n)
	}
}

// A module in Lua is documented by the comments before its functions.
func TestReadModule(t *testing.T) {
	t.Parallel()
	d, err := Read(fstest.MapFS{"greet.lua": {Data: []byte(`-- Greets people.
---The module.
---@class greet
local M = {}

---What greet.new makes.
---@class Greeter
local Greeter = {}
Greeter.__index = Greeter

local function hidden() end

---The word.
---@type string
M.word = "hello"
M.hidden = 1

---Makes a greeter.
---@param name string who
---@return Greeter
function M.new(name)
  ---@private
  local x = { name = name }
  return setmetatable(x, Greeter)
end

---Greets.
---@param loud? boolean
function Greeter:greet(loud) return "hello" end

function Greeter:inner() end

return M
`)}}, ".")
	if err != nil {
		t.Fatal(err)
	}
	if e := d.Find("greet.new"); e == nil || e.Signature() != "greet.new(name)" || e.Line != 21 {
		t.Errorf("got %+v", e)
	}
	if e := d.Find("Greeter:greet"); e == nil || !e.Method() || e.Signature() != "Greeter:greet(loud?)" {
		t.Errorf("got %+v", e)
	}
	if e := d.Find("greet.word"); e == nil || e.Kind != Value || e.Type.String() != "string" || d.Find("greet.hidden") != nil {
		t.Errorf("got %+v", e)
	}
	if d.Find("Greeter:inner") != nil || len(d.Problems()) > 0 {
		t.Errorf("problems %v", d.Problems())
	}
	_, err = Read(fstest.MapFS{"x.lua": {Data: []byte("local M = {}\n---Does it.\nfunction M.f() end\n")}}, ".")
	if err == nil || !strings.Contains(err.Error(), "x.lua:3") {
		t.Errorf("got %v", err)
	}
}

func TestParseType(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"string": "string", "string text": "string", "A|B[]|\"x\"": "A|B[]|\"x\"", "(A|B)[]": "(A|B)[]", "A?": "A?",
		"table<string, integer> x":                    "table<string, integer>",
		"{ a: string, b?: integer[] }":                "{ a: string, b?: integer[] }",
		"fun(a: A, b?: B): C, D":                      "fun(a: A, b?: B): C, D",
		"fun(tag: \"x\", fn: fun(event: E): any): H?": "fun(tag: \"x\", fn: fun(event: E): any): H?",
		"MsgContent.text":                             "MsgContent.text",
	} {
		got, _, err := ParseType(in)
		if err != nil || got.String() != want {
			t.Errorf("%q: got %v, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "(A", "{ a: }", "fun(", `"x`, "table<A>", "|"} {
		if got, _, err := ParseType(in); err == nil {
			t.Errorf("%q: got %v, want an error", in, got)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	d, err := Read(fstest.MapFS{"m/a.lua": {Data: []byte(`---@meta
---@class A: B
---@field x Nothing
---@class B: A

---@param y Missing
---@return { z: Absent }
function none.f(y) end
`)}}, "m")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(d.Problems(), "\n")
	for _, want := range []string{"A: no type Nothing, in x", "A extends itself", "none.f: no type Missing, in y", "no type Absent", "none.f belongs to nothing"} {
		if !strings.Contains(got, want) {
			t.Errorf("the problems lack %q:\n%s", want, got)
		}
	}
}

func TestReadBad(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"---@field x string\n":                     "a.lua:2: a field without a class",
		"---@param z string\nfunction f(x) end\n":  "f has no parameter z",
		"---@wrong\n":                              "---@wrong is not understood",
		"x = y + 1\n":                              "is not understood",
		"---@alias A string\n---@alias A string\n": "A is there already",
		"---@alias A {\n":                          "type \"{\"",
	} {
		_, err := Read(fstest.MapFS{"m/a.lua": {Data: []byte("---@meta\n" + in)}}, "m")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", in, err, want)
		}
	}
}
