local check = require "check"

local function message(fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  return e.type .. ": " .. e.message
end

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end

is(check.arg("x", "f.a", "string"), "x")
is(check.arg(nil, "f.a", "string?"), nil)
is(check.arg("5m", "f.wait", "duration"), 300)
is(check.arg(3, "f.wait", "duration|function"), 3)
is(message(check.arg, 5, "f.a", "string|function"), "argument: f.a: want a string or function, got the number 5")
is(message(check.arg, 1.5, "f.n", "integer"), "argument: f.n: want an integer, got the number 1.5")
is(message(check.arg, { a = 1 }, "f.l", "list"), "argument: f.l: want a list, got a table")
is(message(check.arg, 1, "f.l", "strong"), "argument: check: \"strong\" is no type for f.l")

local types = { title = "string", wait = "duration?", fn = "function?" }
local o = check.options({ title = "x", wait = "2s" }, "new", types)
is(o.title, "x")
is(o.wait, 2)
is(o.fn, nil)
is(message(check.options, { title = "x", wiat = 1 }, "new", types), "argument: new: unknown option \"wiat\"; did you mean wait?")
is(message(check.options, nil, "new", types), "argument: new.title: want a string, got nil")
is(message(check.options, 5, "new", types), "argument: new: want a table of options, got the number 5")
is(message(check.fail, "limit", "too many", "wait a little"), "limit: too many\nwait a little")
