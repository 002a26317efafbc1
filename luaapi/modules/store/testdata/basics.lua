-- get, set, delete, incr, list, ttl and clear.
local store = require "store"
assert(store.open():get("own") == nil)
store.set("own", 1)
assert(store.open():delete("own"), "without a name it is the script's own")
local s = URL ~= "" and store.open { url = URL, name = "basics" } or store.open "basics"

assert(s:get("a") == nil and s:get("a", 5) == 5 and s:get("a", nil) == nil)
s:set("a", 1)
assert(s:get("a") == 1 and s:get("a", 5) == 1)
s:set("a", false)
assert(s:get("a", true) == false, "false is a value")
assert(s:delete("a") == true and s:delete("a") == false and s:get("a") == nil)
s:set("a", "x")
s:set("a", nil)
assert(s:get("a") == nil, "nil deletes")

assert(s:incr("n") == 1 and s:incr("n") == 2 and s:incr("n", 5) == 7 and s:incr("n", -0.5) == 6.5)
assert(s:get("n") == 6.5)
s:set("t", { 1 })
local ok, err = pcall(s.incr, s, "t")
assert(not ok and err.type == "argument" and err.message:find('value of "t" is not a number', 1, true), tostring(err))

-- list: in the order of bytes, by prefix, page by page
s:clear("")
for _, key in ipairs { "user:10", "user:9", "user:1", "uses", "user;", "u\0x", "u\255\255", "Ä", "user" } do
  s:set(key, key .. "!")
end
local function keys(list)
  local t = {}
  for i, e in ipairs(list) do
    assert(e.value == e.key .. "!")
    t[i] = e.key
  end
  return table.concat(t, " ")
end
assert(keys(s:list("user:")) == "user:1 user:10 user:9", keys(s:list("user:")))
assert(keys(s:list("")) == "u\0x user user:1 user:10 user:9 user; uses u\255\255 Ä", keys(s:list("")))
assert(keys(s:list("u\255")) == "u\255\255")
assert(keys(s:list("user", { limit = 2 })) == "user user:1")
assert(keys(s:list("user", { limit = 2, after = "user:1" })) == "user:10 user:9")
assert(#s:list("none") == 0)
assert(s:clear("user:") == 3 and keys(s:list("user")) == "user user;" and s:clear("none") == 0)

-- time to live
s:set("t", 1, { ttl = "1h" })
assert(s:ttl("t") > 3590 and s:ttl("t") <= 3600, s:ttl("t"))
s:incr("t")
assert(s:ttl("t") > 3590, "incr keeps the time")
s:update("t", function(v) return v + 1 end)
assert(s:ttl("t") > 3590 and s:get("t") == 3, "update keeps the time")
s:set("t", 1)
assert(s:ttl("t") == nil and s:ttl("none") == nil, "set begins anew")

-- namespaces are apart
local other = URL ~= "" and store.open { url = URL, name = "basics2" } or store.open "basics2"
other:set("user", "mine")
assert(s:get("user") == "user!" and other:get("user") == "mine" and #other:list("") == 1)
local again = URL ~= "" and store.open { url = URL, name = "basics" } or store.open "basics"
assert(again:get("user") == "user!")
local everybody = URL ~= "" and store.open { url = URL, name = "basics", shared = true } or store.open { name = "basics", shared = true }
assert(everybody:get("user") == nil)

-- the script's own, embedded
store.set("k", 1)
assert(store.get("k") == 1 and store.incr("k") == 2 and store.delete("k") and #store.list("") == 0)
assert(require "store" == store and tostring(s) == "store")
