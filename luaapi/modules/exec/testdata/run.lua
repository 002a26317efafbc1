local exec = require "exec"

-- Raises unless fn fails with an error of a type that contains a text.
local function fails(typ, part, fn, ...)
  local ok, err = pcall(fn, ...)
  assert(not ok, "it should fail with " .. part)
  assert(err.type == typ and err.message:find(part, 1, true), tostring(err.type) .. ": " .. tostring(err))
end

local done = exec.run({ "sh", "-c", "echo out; echo err >&2; exit 3" })
assert(done.status == 3 and done.output == "out\n" and done.error_output == "err\n")
assert(exec.run({ "cat" }, { input = "a\0b" }).output == "a\0b")
assert(exec.run({ "cat" }).output == "")
assert(exec.run({ "/bin/sh", "-c", "kill -9 $$" }).status == 137)

-- Arguments are never read by a shell.
assert(exec.run({ "sh", "-c", 'printf %s "$1"', "x", "$(id); `id` | id > /tmp/x 'a" }).output == "$(id); `id` | id > /tmp/x 'a")

-- The environment is PATH and what is allowed.
for line in exec.run({ "env" }, { env = { LANG = "C" } }).output:gmatch("[^\n]+") do
  assert(line:find("^PATH=") or line == "LANG=C" or line:find("^PWD="), line)
end
fails("permission", "--allow env=LD_PRELOAD", exec.run, { "env" }, { env = { LD_PRELOAD = "/x.so" } })
fails("permission", "--allow env=PATH", exec.run, { "env" }, { env = { PATH = "/x" } })
fails("argument", "env.LANG", exec.run, { "env" }, { env = { LANG = 5 } })

-- Programs that are not allowed, and other names of those that are.
for _, name in ipairs { "id", "bash", "/usr/bin/id", "sh ", "SH", "cat\n", "/bin/../bin/id" } do
  fails("permission", "--allow exec=", exec.run, { name })
end
for _, name in ipairs { "", "./sh", "../bin/sh", "." } do
  fails("permission", "exec", exec.run, { name })
end
fails("permission", "--allow read=", exec.run, { "env" }, { dir = "/etc" })
fails("permission", "--allow read=", exec.run, { "env" }, { dir = "../" })

-- Time and output are bounded.
fails("timeout", "longer than 100ms", exec.run, { "sh", "-c", "sleep 60 & sleep 60" }, { timeout = 0.1 })
fails("limit", "max_output", exec.run, { "cat", "/dev/zero" }, { max_output = 1000 })
fails("limit", "max_output", exec.run, { "sh", "-c", "cat /dev/zero >&2" })
assert(#exec.run({ "head", "-c", "1000", "/dev/zero" }, { max_output = 1000 }).output == 1000)

-- Mistakes.
fails("argument", "want a table", exec.run, "sh -c id")
fails("argument", "entry 2", exec.run, { "sh", 5 })
fails("argument", "NUL", exec.run, { "sh", "a\0b" })
fails("argument", "got 0 entries", exec.run, {})
fails("argument", "options are the second", exec.run, { "sh", timeout = 5 })
fails("argument", "timeout", exec.run, { "sh" }, { timeout = 0 })
fails("argument", "timeout", exec.run, { "sh" }, { timout = 5 })
fails("argument", "max_output", exec.run, { "sh" }, { max_output = 2 ^ 40 })
