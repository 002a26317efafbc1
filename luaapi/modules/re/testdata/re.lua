local re = require "re"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
  return e.message
end

local order = re.compile [[^order (?P<count>\d+) (\w+)$]]
is(select("#", order:match("order 3 apples")), 2)
local count, what = order:match("order 3 apples")
is(count .. what, "3apples")
is(order:match("nothing"), nil)
is(order:captures("order 3 apples").count, "3")
is(order:captures("order 3 apples")[0], "order 3 apples")
is(tostring(order), "regexp")

is(re.match([[\d+]], "a 12 b 34"), "12")
is(re.match([[\d+]], "a 12 b 34", 5), "34")
is(re.match([[^a]], "ba", 2), nil) -- the begin of the text stays where it is
is(re.match("x", "x", 3), nil)
is(re.match([[\w+]], "hello world", 3), "llo") -- as string.match: no match before takes it
is(re.find("aa", "aaa", 2), 2)
is(re.find([[\bo]], "foo o", 3), 5) -- but what is before is seen
is(re.find("(?m)^b", "a\nb", 3), 3)
is(re.match(".", "aéb", 3), "b") -- in the middle of a character
is(re.match([[\w$]], "ab", -1), "b")
local text, from, tokens = "x1+22", 1, {}
while from <= #text do
  local first, last = re.find([[\d+|\w|\+]], text, from)
  tokens[#tokens + 1], from = text:sub(first, last), last + 1
end
is(table.concat(tokens, " "), "x 1 + 22")
is(re.match("x*", "", 1), "")
local from, to, digits = re.find([[b(\d)]], "ab1")
is(from .. to .. digits, "231")
is(select("#", re.find("(a)|(b)", "b")), 4)
is(select(3, re.find("(a)|(b)", "b")), nil)
is(re.test("(?i)HELLO", "hello"), true)
is(re.test("ü+", "grüüß"), true)

local words = {}
for w in re.gmatch([[\w+]], "one two") do words[#words + 1] = w end
is(table.concat(words, ","), "one,two")

is(re.replace([[(\w+)@(\w+)]], "me@home", "$2 at ${1}"), "home at me")
is(re.replace("[aeiou]", "banana", "o", 2), "bonona")
is(select(2, re.replace("a", "banana", "o")), 3)
is(re.replace([[\d]], "1 2", function(d) return d == "1" and d * 10 or nil end), "10 2")
is(re.replace("(b)(c)?", "abd", function(b, c) return b .. tostring(c) end), "abnild")
is(table.concat(re.split([[\s*,\s*]], "a, b ,c"), "|"), "a|b|c")
is(table.concat(re.split(",", "a,b,c", 2), "|"), "a|b,c")
is(table.concat(re.split("", "abc"), "|"), "a|b|c")
is(#re.split(",", ""), 1)
is(re.escape("1+1"), [[1\+1]])

-- Replacing calls back, and a handler may wait there.
is(re.replace("x", "x", function() sleep(0.001) return "y" end), "y")

assert(fails("argument", re.compile, "("):find("missing closing", 1, true))
fails("argument", re.compile, "(?=look)")
fails("argument", re.match, "a")
fails("argument", re.replace, "a", "a", 5)
fails("argument", re.replace, "a", "a", function() return {} end)
fails("limit", re.test, "a", ("a"):rep(2 ^ 20 + 1))
fails("limit", re.compile, ("a"):rep(20000))
assert(re.test("^(a+)+$", ("a"):rep(50000) .. "b") == false) -- no catastrophic backtracking
