-- update: read, compute, write, as one.
local store = require "store"
local s = URL ~= "" and store.open { url = URL, name = "update" } or store.open "update"

assert(s:update("a", function(v) assert(v == nil) return { n = 1 } end).n == 1)
assert(s:update("a", function(v) v.n = v.n + 1 return v end).n == 2)
assert(s:get("a").n == 2)
assert(s:update("a", function() return nil end) == nil and s:get("a") == nil)
assert(s:update("a", function() return nil end) == nil)

-- an error in the function changes nothing
s:set("a", 1)
local ok, err = pcall(s.update, s, "a", function() error("no") end)
assert(not ok and tostring(err):find("no") and s:get("a") == 1)

-- the function may not use the store
ok, err = pcall(s.update, s, "a", function() return s:get("a") end)
assert(not ok and err.type == "argument" and err.message:find("the function of an update may not use a store", 1, true), tostring(err))
assert(s:incr("a") == 2, "after it one may again")
