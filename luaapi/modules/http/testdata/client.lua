local http = require "http"

local res = http.get(WEB .. "/echo?a=1", { query = { b = 2, c = { "x", "y" } }, headers = { ["X-Own"] = "mine", Accept = { "a", "b" } } })
assert(res.status == 200 and res.ok == true)
assert(res.headers["X-Seen"] == "yes" and res.headers["x-seen"] == "yes" and res.headers["X-SEEN"] == "yes")
assert(res.headers["x-two"] == "a, b" and res.headers.nothing == nil)
assert(res.url == WEB .. "/echo?a=1&b=2&c=x&c=y", res.url)
local echo = res:json()
assert(res.json().method == "GET", "a dot will do, too")
assert(echo.method == "GET" and echo.query.a[1] == "1" and echo.query.b[1] == "2" and echo.query.c[2] == "y")
assert(echo.headers["X-Own"][1] == "mine" and #echo.headers.Accept == 2)
assert(echo.headers["User-Agent"][1] == "simplex-lua")

echo = http.post(WEB .. "/echo", { json = { a = { 1, 2 } } }):json()
assert(echo.method == "POST" and echo.body == '{"a":[1,2]}' and echo.headers["Content-Type"][1] == "application/json")
echo = http.put(WEB .. "/echo", { body = "raw\0bytes" }):json()
assert(echo.method == "PUT" and echo.body == "raw\0bytes" and echo.headers["Content-Type"] == nil)
echo = http.post(WEB .. "/echo", { form = { a = "b c", n = 1 } }):json()
assert(echo.body == "a=b+c&n=1" and echo.headers["Content-Type"][1] == "application/x-www-form-urlencoded")
assert(http.delete(WEB .. "/echo"):json().method == "DELETE")
echo = http.request { method = "patch", url = WEB .. "/echo", auth = { user = "alice", password = "pw" } }:json()
assert(echo.method == "PATCH" and echo.user == "alice" and echo.password == "pw")
echo = http.get(WEB .. "/echo", { auth = { bearer = "token" } }):json()
assert(echo.headers.Authorization[1] == "Bearer token")

-- A status of 400 and above is a response.
res = http.get(WEB .. "/status/503")
assert(res.status == 503 and res.ok == false and res.body == "the page of 503")
assert(not pcall(res.json))

-- Redirects are followed as far as is allowed; the secrets of a request stay with its host.
assert(http.get(WEB .. "/hops/5").body == "arrived")
res = http.get(WEB .. "/hops/1", { redirects = 0 })
assert(res.status == 302 and res.headers.location == "/hops/0")
echo = http.get(WEB .. "/other", { headers = { ["X-Api-Key"] = "secret", Accept = "text/html" }, auth = { bearer = "token" } }):json()
assert(echo.headers["X-Api-Key"] == nil and echo.headers.Authorization == nil and echo.headers.Referer == nil)
assert(echo.headers.Accept[1] == "text/html")
