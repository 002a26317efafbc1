local fs = require "fs"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
  return e.message
end

is(fs.read("a.txt"), nil)
fs.write("a.txt", "one\0\255")
is(fs.read("a.txt"), "one\0\255")
fs.write("a.txt", "two")
fs.append("a.txt", " and three")
is(fs.read("a.txt"), "two and three")
is(fs.read("a.txt", { from = 4 }), "and three")
is(fs.read("a.txt", { from = 100 }), "")
is(fs.read("a.txt", { from = 4, length = 3, max_size = 5 }), "and")
fails("limit", fs.read, "a.txt", { max_size = 5 })

fs.mkdir("x/y")
fs.mkdir("x/y")
is(table.concat(fs.list(), " "), "a.txt x/")
is(table.concat(fs.list("x"), " "), "y/")
is(fs.stat("a.txt").size, 13)
is(fs.stat("x").kind, "folder")
is(fs.stat("none"), nil)
assert(math.abs(fs.stat("a.txt").modified - os.time()) < 60)
is(fs.exists("x/y"), true)
is(fs.exists("x/z"), false)
is(fs.copy("a.txt", "x/b.txt"), 13)
fs.rename("x/b.txt", "x/c.txt")
is(fs.read("x/c.txt"), "two and three")
is(fs.read("a.txt"), "two and three")
is(fs.remove("x/c.txt"), true)
is(fs.remove("x/c.txt"), false)

assert(fails("io", fs.read, "x"):find("no file"))
fails("io", fs.remove, "x")
fails("io", fs.write, "no/such/folder", "x")
fails("io", fs.copy, "a.txt", "x")
fails("io", fs.copy, "a.txt", "a.txt")
is(fs.read("a.txt"), "two and three")
fails("io", fs.list, "none")
assert(not fails("io", fs.append, "no/such", "x"):find("/files/", 1, true)) -- as the script wrote it
fails("argument", fs.write, "a.txt")
fails("argument", fs.read, "a.txt", { max_size = -1 })
is(table.concat(fs.list(), " "), "a.txt x/") -- nothing half written is left
