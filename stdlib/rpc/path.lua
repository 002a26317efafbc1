-- Paths with gaps, as /orders/{id} and /files/*: what resources and commands are found by.

local check = require "check"

local M = {}

-- Makes what M.match takes of a path: {name} in it stands for a part, a * at the end for the rest. what names the
-- function in the error.
function M.compile(path, what)
  local names = {}
  local pattern = path:gsub("[%^%$%(%)%%%.%[%]%+%-%?]", "%%%0"):gsub("{([%w_]+)}", function(name)
    names[#names + 1] = name
    return "([^/]+)"
  end)
  if pattern:sub(-1) == "*" then
    names[#names + 1] = "rest"
    pattern = pattern:sub(1, -2) .. "(.*)"
  end
  if path:gsub("{[%w_]+}", ""):gsub("%*$", ""):find "[{}*]" then
    check.fail("argument", ("%s: want {name} for a part and * at the end, got %q"):format(what, path))
  end
  return { pattern = "^" .. pattern .. "$", names = names }
end

-- Returns what the gaps stand for in a path, by their names; nil where the path is another one.
function M.match(compiled, path)
  local found = { path:match(compiled.pattern) }
  if #found == 0 then
    return nil
  end
  local params = {}
  for i, name in ipairs(compiled.names) do
    params[name] = found[i]
  end
  return params
end

return M
