local http = require "http"

-- Streamed as it comes; false ends it.
local parts = {}
local res = http.get(WEB .. "/chunks", { stream = function(chunk) parts[#parts + 1] = chunk end })
assert(table.concat(parts) == "chunk 0\nchunk 1\nchunk 2\nchunk 3\nchunk 4\n")
assert(res.body == nil and res.size == #table.concat(parts))
local n = 0
http.get(WEB .. "/big", { max_size = 2 ^ 30, stream = function(chunk) n = n + 1 return false end })
assert(n == 1)
-- What the function raises is the script's error.
local ok, e = pcall(http.get, WEB .. "/chunks", { stream = function() error("mine") end })
assert(not ok and tostring(e):find("mine", 1, true))
-- It may wait.
local inner
http.get(WEB .. "/chunks", { stream = function() inner = http.get(WEB .. "/hops/0").body end })
assert(inner == "arrived")
-- An error page is no part of a stream.
res = http.get(WEB .. "/status/404", { stream = function() error("streamed") end })
assert(res.body == "the page of 404")

-- Into a file, which is there whole or not at all.
res = http.get(WEB .. "/big", { to = "big.bin", max_size = 2 ^ 30 })
assert(res.ok and res.size == 12 * 2 ^ 20 and res.path:find("big.bin", 1, true) and res.body == nil)
ok, e = pcall(http.get, WEB .. "/big", { to = "small.bin" })
assert(not ok and e.type == "limit")
ok, e = pcall(http.get, WEB .. "/big", { to = "no/such/folder/x" })
assert(not ok and e.type == "io")
res = http.get(WEB .. "/status/404", { to = "missing.bin" })
assert(not res.ok and res.body == "the page of 404" and res.path == nil)
