local http = require "http"

local function fails(type, text, ...)
  local ok, e = pcall(...)
  assert(not ok, "no error")
  assert(e.type == type and e.message:find(text, 1, true), e.type .. ": " .. e.message)
end

-- Wrong arguments.
fails("argument", "http.get: the url", http.get)
fails("argument", "http:// or https://", http.get, "ftp://example.org")
fails("argument", "no host", http.get, "http://")
fails("argument", "cannot be read", http.get, "http://127.0.0.1/\r\nHost: evil")
fails("argument", "cannot be read", http.get, "http://127.0.0.1:port")
fails("argument", "url is missing", http.request, {})
fails("argument", "http.request only", http.get, WEB, { method = "POST" })
fails("argument", "timeout", http.get, WEB, { timout = 1 })
fails("argument", "cannot be a method", http.request, { url = WEB, method = "GET / HTTP/1.1\r\nX: y\r\n" })
fails("argument", "cannot be a header's name", http.get, WEB, { headers = { ["X-A\r\nX-B"] = "1" } })
fails("argument", "X-A", http.get, WEB, { headers = { ["X-A"] = "1\r\nX-B: 2" } })
fails("argument", "X-A", http.get, WEB, { headers = { ["X-A"] = "1\0" } })
fails("argument", "cannot be set", http.get, WEB, { headers = { ["content-length"] = "5" } })
fails("argument", "cannot be set", http.get, WEB, { headers = { ["transfer-encoding"] = "chunked" } })
fails("argument", "auth.bearer", http.get, WEB, { auth = { bearer = "a\nb" } })
fails("argument", "one body", http.post, WEB, { body = "x", json = {} })
fails("argument", "http.post.json", http.post, WEB, { json = { f = print } })
fails("argument", "http.get.query", http.get, WEB, { query = { a = {{}} } })
fails("argument", "max_size", http.get, WEB, { max_size = 2 ^ 30 })
fails("argument", "timeout", http.get, WEB, { timeout = 0 })
fails("argument", "either", http.get, WEB, { to = "x", stream = print })

-- Servers that are slow, big or broken.
fails("timeout", "took longer than 200ms", http.get, WEB .. "/silent", { timeout = 0.2 })
fails("timeout", "took longer than", http.get, WEB .. "/slow", { timeout = "200ms" })
fails("timeout", "took longer than", http.get, WEB .. "/slow", { timeout = 0.2, stream = function() end })
fails("limit", "larger than 10485760 bytes", http.get, WEB .. "/big")
fails("limit", "larger than 1000 bytes", http.get, WEB .. "/bomb", { max_size = 1000 })
fails("limit", "larger than", http.get, WEB .. "/bomb", { max_size = 100000, stream = function() end })
fails("limit", "redirected too often", http.get, WEB .. "/hops/6")
fails("io", "refused", http.get, CLOSED)
fails("io", "", http.get, BROKEN)
fails("io", "", http.get, TRUNCATED)
fails("io", "", http.get, NONSENSE)
fails("io", "", http.get, EMPTY)
fails("io", "", http.get, HEADERS)
fails("io", "certificate", http.get, SECURE)

-- What may be secret in an address stands in no error.
local ok, e = pcall(http.get, CLOSED .. "/bot123:secret/x?token=secret")
assert(not ok and not tostring(e):find("secret", 1, true), tostring(e))

fails("argument", "belongs to the top", http.serve, { listen = "127.0.0.1:0" })
