-- Runs the programs of a batch one after the other and writes what each prints.
-- A batch is a file of: length of the program, newline, the program.
local path = ...
local file = assert(io.open(path, "rb"))
local data = file:read("*a")
file:close()

local function copy(t)
  local c = {}
  for k, v in pairs(t) do c[k] = v end
  return c
end

local names = {
  "assert", "error", "getmetatable", "ipairs", "load", "loadstring", "next", "pairs", "pcall", "rawequal", "rawget",
  "rawset", "select", "setmetatable", "tonumber", "tostring", "type", "unpack", "xpcall", "_VERSION",
}

local out
local size
local function show(v)
  local t = type(v)
  if t == "string" or t == "number" or t == "boolean" or t == "nil" then return tostring(v) end
  return t
end

local function environment()
  local env = {}
  for _, name in ipairs(names) do env[name] = _G[name] end
  for _, name in ipairs { "string", "table", "math", "coroutine" } do env[name] = copy(_G[name]) end
  env.os = { clock = os.clock, date = os.date, difftime = os.difftime, time = os.time }
  env.debug = { traceback = debug.traceback }
  env._G = env
  env.print = function(...)
    local parts = {}
    for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
    local line = table.concat(parts, "\t")
    size = size + #line
    if size > 100000 then error("too much output") end
    out[#out + 1] = line
  end
  return env
end

local pos = 1
while pos <= #data do
  local stop = data:find("\n", pos, true)
  local length = tonumber(data:sub(pos, stop - 1))
  local source = data:sub(stop + 1, stop + length)
  pos = stop + length + 1
  out, size = {}, 0
  local f, err = loadstring(source, "=p")
  if f then
    setfenv(f, environment())
    local co = coroutine.create(function()
      local function stop()
        debug.sethook(stop, "", 1) -- for good: pcall would go on
        error("out of time", 0)
      end
      debug.sethook(stop, "", 5000000)
      return pcall(f)
    end)
    local alive, ok, e = coroutine.resume(co)
    if not alive then ok, e = false, ok end
    if not ok then out[#out + 1] = "error: " .. show(e) end
  else
    out[#out + 1] = "syntax: " .. err
  end
  local text = table.concat(out, "\n")
  io.write(#text, "\n", text)
end
