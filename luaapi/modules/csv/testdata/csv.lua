local csv = require "csv"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
  return e.message
end

local rows = csv.decode('name,note\nAnn,"says ""hi"",\nand goes"\nBob,\n')
is(#rows, 3)
is(rows[2][2], 'says "hi",\nand goes')
is(rows[3][2], "")
local people = csv.decode("name;age\nAnn;7\nBob\n", { header = true, separator = ";" })
is(people[1].age, "7")
is(people[2].age, nil)
is(#csv.decode(""), 0)
is(csv.decode("\239\187\191a\n")[1][1], "a") -- a byte order mark is none of the text
is(#csv.decode("# no\na\n", { comment = "#" }), 1)

is(csv.encode({ { "a", 'say "x"', 1.5 }, { "b,c", "line\nbreak", true } }), 'a,"say ""x""",1.5\n"b,c","line\nbreak",true\n')
is(csv.encode({ { name = "Ann" }, { "Bob", 8 } }, { header = { "name", "age" } }), "name,age\nAnn,\nBob,8\n")
is(csv.encode({ { "a", "b" } }, { separator = "\t", crlf = true }), "a\tb\r\n")

assert(fails("data", csv.decode, 'a\n"b'):find("line 2"))
assert(fails("data", csv.decode, "a\n1,2", { header = true }):find("line 2"))
fails("data", csv.decode, 'a"b')
is(csv.decode('a"b', { lazy_quotes = true })[1][1], 'a"b')
fails("argument", csv.decode, "a", { separator = "ab" })
fails("argument", csv.decode, "a", { separator = '"' })
fails("argument", csv.decode, "a", { seperator = ";" })
fails("limit", csv.decode, "a\nb\n", { max_rows = 1 })
fails("argument", csv.encode, { 1 })
assert(fails("argument", csv.encode, { { {} } }):find("row 1, field 1"))
