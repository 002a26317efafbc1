-- What is stored comes back as it was.
local store, json = require "store", json
local s = URL ~= "" and store.open { url = URL, name = "values" } or store.open "values"

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b or (a ~= a and b ~= b)
  end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  for k in pairs(b) do if a[k] == nil then return false end end
  return true
end

local bytes = {}
for i = 0, 255 do bytes[#bytes + 1] = string.char(i) end
for i, v in ipairs {
  true, false, 0, 1, -1, 0.1, 1 / 3, 1e300, 5e-324, 2 ^ 53, 2 ^ 53 + 2, -2 ^ 63, 1e308 * 10, -1e308 * 10, 0 / 0,
  "", "text", "Ä€😀", table.concat(bytes), ("x"):rep(100000), {}, { 1, 2, 3 }, { a = 1, b = { c = { "d" } } },
  { [1] = "a", [3] = "c" }, { 1, 2, x = "y" }, { [true] = 1, [0.5] = 2, [-1] = 3, [2 ^ 40] = 4 }, { { {} } }, { { a = 1 }, { b = 2 } },
} do
  s:set("v", v)
  assert(same(s:get("v"), v), i .. ": " .. tostring(v))
end
s:set("v", tonumber("-0"))
assert(1 / s:get("v") == -math.huge, "minus zero")

-- empty lists and objects, and json.null, stay apart
s:set("v", { list = json.array {}, object = {}, null = json.null })
assert(json.encode(s:get("v")) == '{"list":[],"null":null,"object":{}}', json.encode(s:get("v")))

-- a table that is in another twice is stored twice; what comes back is a copy
local part = { 1 }
s:set("v", { part, part })
local v = s:get("v")
v[1][1] = 2
assert(v[2][1] == 1 and s:get("v")[1][1] == 1)

local function refused(value, text)
  local ok, err = pcall(s.set, s, "v", value)
  assert(not ok and err.type == "argument" and err.message:find(text, 1, true), tostring(err))
end
local loop = {}
loop.a = { loop }
refused(loop, "at a[1]: the table contains itself")
refused(print, "the value: a function cannot be stored")
refused({ a = { b = { 1, print } } }, "at a.b[2]: a function cannot be stored")
refused({ [{}] = 1 }, "a table as key cannot be stored")
refused(s, "a userdata cannot be stored")
refused(setmetatable({}, {}), "a table with a metatable cannot be stored")
refused(("x"):rep(17 * 2 ^ 20), "larger than 16 MiB")
local deep = {}
for _ = 1, 300 do deep = { deep } end
refused(deep, "nest more than 200 deep")
assert(s:get("v")[1][1] == 1, "nothing was written")
