package irc

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// roundTrip takes lines apart and together again. What was taken apart once
// means the same the second time; nothing raises, and no text is other than UTF-8.
const roundTrip = `
local irc, crypto = require "irc", require "crypto"
local events, line = require "irc.events", require "irc.line"
local function show(m)
  local tags = {}
  for k, v in pairs(m.tags or {}) do tags[#tags + 1] = ("%q=%q"):format(k, v) end
  table.sort(tags)
  local parts = { table.concat(tags, ";"), tostring(m.prefix), tostring(m.nick), tostring(m.user), tostring(m.host), m.command }
  for _, p in ipairs(m.params) do parts[#parts + 1] = ("%q"):format(p) end
  return table.concat(parts, " ")
end
for text in LINES:gmatch "[^\n]+" do
  local input = crypto.hex_decode(text:sub(2))
  local m, reason = irc.parse(input)
  assert(line.is_utf8(line.decode(input)), text)
  assert(line.is_utf8(line.decode(line.to_latin1(line.decode(input)))), text)
  assert(table.concat(line.split(input, 16)):gsub(" ", "") == input:gsub(" ", ""), text)
  if not m then
    assert(type(reason) == "string")
  else
    local again = irc.parse(irc.format(m))
    assert(again and show(again) == show(m), show(m) .. " / " .. tostring(again and show(again)))
    assert(#m.params <= 15)
    local e = events.of(m)
    assert(e == nil or type(e.event) == "string")
  end
end`

func feed(t testing.TB, lines ...string) {
	t.Helper()
	var texts strings.Builder
	for _, l := range lines {
		texts.WriteString("x" + hex.EncodeToString([]byte(l)) + "\n")
	}
	if _, err := modtest.Eval(t, modtest.Options{Globals: map[string]string{"LINES": texts.String()}}, roundTrip); err != nil {
		t.Error(err)
	}
}

var seeds = []string{
	"", " ", ":", "@", ":a", "@a=b", "PING", "PING :", "ping :x y", ":n!u@h PRIVMSG #c :hi there", "@a=1;b=\\s\\:;c :s 001 me :x",
	"PRIVMSG", "MODE", "MODE #c", ":n!u@h MODE #c +ov a b", "353 me = #c :a b", "353", "352 me", "352 a b c d e f g :x", "352 a b c d e f g :3 r n",
	":n!u@h PRIVMSG me :\x01PING 1\x01", "PRIVMSG a :\x01", "PRIVMSG a :\x01\x01", ":a!b@c@d JOIN :#c", "99 a", "1234", "001", "005 me A=1 B :ok",
	"A 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "A  b   c", "A b ", "A :", "a\x00b", "a\rb", "\xff\xfe", "A \xc3\xa9 \xc3", "A \xed\xa0\x80 \xf4\x90\x80\x80",
	"251 me :x", "252 me five :x", "004 me", "004", ":irc.x 999 me what", "@=;;=x;a==b A", "@\\ A", ": A", ":: A", strings.Repeat("a", 20_000), "A " + strings.Repeat("b ", 20_000),
}

// Lines of every kind, and random ones, mean the same when they are written and
// read again.
func TestLines(t *testing.T) {
	t.Parallel()
	const alphabet = "@:; =\\!.#&+\x01\x00\r\xc3\xa9\xff aAbB0193PRIVMSG"
	r := rand.New(rand.NewPCG(1, 2))
	lines := seeds
	for range 1000 {
		b := make([]byte, r.IntN(40))
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
		}
		lines = append(lines, string(b))
	}
	feed(t, lines...)
}

func FuzzLine(f *testing.F) {
	f.Add(strings.Join(seeds[:len(seeds)-2], "\n")) // several lines each time, for a runtime is loaded for them
	f.Fuzz(func(t *testing.T, lines string) { feed(t, strings.Split(lines, "\n")...) })
}

// eval runs a script that raises where it fails.
func eval(t *testing.T, script string) {
	t.Helper()
	if out, err := modtest.Eval(t, modtest.Options{}, script); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

const fails = `
local irc = require "irc"
local function fails(text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok and e.type == "argument" and e.message:find(text, 1, true), tostring(e))
end
local function is(got, want)
  assert(got == want, ("got %q, want %q"):format(tostring(got), tostring(want)))
end
`

// Patterns of commands are registered or replaced, copied per client, and use formatters.
func TestSerializer(t *testing.T) {
	t.Parallel()
	eval(t, fails+`
local s = irc.serializer:copy()
local function line(command, params) return s:serialize(command, params) end
is(line("join", { channel = { "#a", "#b" }, key = { "k", "l" } }), "JOIN #a,#b k,l")
is(line("JOIN", { channel = "0" }), "JOIN 0")
is(line("user", { nick = "w", realname = "R M" }), "USER w 0 * :R M")
is(line("user", { user = "w", mode = 8, realname = "R" }), "USER w 8 * :R")
is(line("channelmode", { channel = "#a", modes = "+l", params = 10 }), "MODE #a +l 10")
is(line("channelmode", { channel = "#a", params = { "+ov", "a", "b" } }), "MODE #a +ov a b")
is(line("usermode", { nick = "w", modes = "+i" }), "MODE w +i")
is(line("topic", { channel = "#a", message = "" }), "TOPIC #a :")
is(line("topic", { channel = "#a" }), "TOPIC #a")
is(line("who", { mask = "*", o = true }), "WHO * o")
is(line("who", { mask = "*", o = false }), "WHO *")
is(line("whois", { mask = { "a", "b" }, target = "t" }), "WHOIS t a,b")
is(line("kick", { channel = "#a", nick = "b", message = "so be it" }), "KICK #a b :so be it")
is(line("squit", { server = "s" }), "SQUIT s")
is(line("service", { nick = "n", distribution = "*", type = "0", info = "i j" }), "SERVICE n * * 0 0 :i j")
is(line("ctcp", { target = "a", ctcp = "VERSION" }), "PRIVMSG a :\1VERSION\1")
is(line("privmsg", { target = "a", message = ": x " }), "PRIVMSG a :: x ")

-- The pattern with the most given parameters; among equals the older one.
s:register("pass", "PASS {challenge} {digest}")
is(line("pass", { challenge = "1", digest = "2" }), "PASS 1 2")
is(line("pass", { password = "x" }), "PASS x")
s:register("greet", "A {one} {two}")
s:register("greet", "B {two} {one}")
s:register("greet", "C {one}")
is(line("greet", { one = 1, two = 2 }), "A 1 2")
is(line("greet", { one = 1 }), "C 1")
s:replace("greet", "D {one}")
is(line("greet", { one = 1 }), "D 1")
fails("no parameter", line, "greet", { one = 1, two = 2 })
fails("no formatter", s.replace, s, "greet", "E {one:up}")
is(line("greet", { one = 1 }), "D 1")
s:formatter("up", function(value) return value:upper() end)
s:formatter("named", function(value, name) return name .. "=" .. value end)
s:register("say", "PRIVMSG {target} :{message:up|named} ({message})")
is(line("say", { target = "a", message = "x" }), "PRIVMSG a :message=X (x)")
s:replace("greet")
fails("no pattern", line, "greet", {})

-- Copies are changed by themselves.
fails("no parameter", irc.serializer.serialize, irc.serializer, "pass", { challenge = "1", digest = "2" })
local own = irc.new_serializer { down = function(v) return v:lower() end }
own:register("pong", "PONG {message:down}")
is(own:serialize("pong", { message = "ABC" }), "PONG abc")
fails("no pattern", own.serialize, own, "join", { channel = "#a" })
irc.register_pattern("wave", "WAVE {nick}")
is(irc.serializer:serialize("wave", { nick = "a" }), "WAVE a")

-- Nothing gets out of its place.
for _, bad in ipairs { "a\r\nQUIT", "a\nQUIT", "a\rQUIT", "a\0b" } do
  fails("NUL or the end of a line", line, "privmsg", { target = "#a", message = bad })
  fails("NUL or the end of a line", line, "privmsg", { target = bad, message = "x" })
  fails("NUL or the end of a line", line, "channelmode", { channel = "#a", params = { "+o", bad } })
  fails("NUL or the end of a line", s.register, s, "x", bad)
end
fails("cannot have spaces", line, "privmsg", { target = "#a x", message = "y" })
fails("cannot have spaces", line, "join", { channel = { "#a", "#b key" } })
fails("begins with a colon", line, "privmsg", { target = ":x", message = "y" })
fails("is empty", line, "privmsg", { target = "", message = "y" })
fails("cannot have spaces", line, "ping", { message = "a b" })
fails("want a text or a number", line, "privmsg", { target = "a", message = true })
fails("want a text or a number", line, "privmsg", { target = "a", message = {} })
fails("parameters are missing", line, "privmsg", { target = "a" })
fails("without a {", s.register, s, "x", "X }")
fails("want {name}", s.register, s, "x", "X {")`)
}

// Which number has which name.
func TestNumerics(t *testing.T) {
	t.Parallel()
	out, err := modtest.Eval(t, modtest.Options{}, `for number, name in pairs(require("irc.events").numerics) do print(number .. " " .. name) end`)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "numerics", out)
}

// Named fields, replies by name and number.
func TestEventFields(t *testing.T) {
	t.Parallel()
	eval(t, fails+`
local events = require "irc.events"
local function show(line, fields)
  local e = events.of(irc.parse(line))
  if not e then return "skipped" end
  local parts = { e.event }
  for name in fields:gmatch "%S+" do
    local v = e[name]
    parts[#parts + 1] = type(v) == "table" and table.concat(v, "+") or tostring(v)
  end
  return table.concat(parts, "|")
end
is(show(":n!u@h NICK :m", "nick user host new_nick"), "NICK|n|u|h|m")
is(show(":n!u@h QUIT", "nick message"), "QUIT|n|")
is(show(":n!u@h PART #c", "channel message"), "PART|#c|")
is(show(":n!u@h MODE #c +ov a b", "nick channel modes params"), "CHANNELMODE|n|#c|+ov|a+b")
is(show(":n MODE n :+i", "nick modes"), "USERMODE|n|+i")
is(show(":s 353 me = #c :@a b", "target channel_type channel users"), "RPL_NAMREPLY|me|=|#c|@a+b")
is(show(":s 353 me #c :a", "channel_type channel users"), "RPL_NAMREPLY|nil|#c|a")
is(show(":s 352 me #c u h srv n H@ :3 Real Name", "channel user host server nick hg_code hopcount real_name"), "RPL_WHOREPLY|#c|u|h|srv|n|H@|3|Real Name")
is(show(":s 252 me 5 :operators", "count message"), "RPL_LUSEROP|5|operators")
is(show(":s 252 me many :operators", "count message"), "RPL_LUSEROP|nil|operators")
is(show(":s 004 me srv v1 abc def", "info message"), "RPL_MYINFO|srv+v1+abc|def")
is(show(":s 005 me A=1 B :are supported", "info message number"), "RPL_BOUNCE|A=1+B|are supported|005")
is(show(":s 314 me n u h * :Real", "nick user host message"), "RPL_WHOWASUSER|n|u|h|Real")
is(show(":s 433 * n :taken", "nick message"), "ERR_NICKNAMEINUSE|n|taken")
is(show(":s 999 me what", "number target message host"), "999|999|me|what|s")
is(show(":s 332 me", "channel message"), "RPL_TOPIC|nil|")
is(show(":n!u@h INVITE me #c", "nick target channel"), "INVITE|n|me|#c")
is(show(":n!u@h PRIVMSG me :\1ACTION waves\1", "nick target ctcp message"), "CTCP|n|me|ACTION|waves")
is(show(":n!u@h NOTICE me :\1version x", "ctcp message"), "CTCPREPLY|VERSION|x")
is(show("ERROR :Closing", "message"), "ERROR|Closing")
for _, short in ipairs { "PRIVMSG #c", "PRIVMSG", "JOIN", "NICK", "KICK #c", "MODE #c", "INVITE me", "PING" } do is(show(short, ""), "skipped") end
is(events.canonical "376", "RPL_ENDOFMOTD")
is(events.canonical "rpl_isupport", "RPL_BOUNCE")
is(irc.number "ERR_NOMOTD", "422")
for number, name in pairs(events.numerics) do
  assert(number:find "^%d%d%d$" and irc.number(name) == number and (name:find "^RPL_" or name:find "^ERR_"), name)
end
is(irc.lower("Nick[a]\\~", "rfc1459"), "nick{a}|^")
is(irc.lower("Nick[a]\\~", "strict-rfc1459"), "nick{a}|~")
is(irc.lower("Nick[a]\\~", "ascii"), "nick[a]\\~")
assert(irc.same("#Foo[]", "#fOO{}") and not irc.same("#Foo[]", "#fOO{}", "ascii"))
is(irc.parse("A caf\233").params[1], "caf\195\169")
is(irc.parse("A caf\195\169").params[1], "caf\195\169")`)
}
