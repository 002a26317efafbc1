local websocket = require "websocket"

local ws = websocket.connect(WS .. "/talk", { headers = { ["X-Own"] = "mine" }, protocols = { "chat", "other" }, timeout = 10 })
assert(ws.protocol == "chat")
ws:send("hello")
local text, kind = ws:receive()
assert(text == "echo hello" and kind == "text")
ws:send_binary("\0\255")
text, kind = ws:receive(10)
assert(text == "echo \0\255" and kind == "binary")
ws:send("header")
assert(ws:receive() == "mine")
ws:ping()
ws:ping(10)

-- A time-out leaves the connection as it was.
ws:send("quiet")
local ok, e = pcall(ws.receive, ws, "50ms")
assert(not ok and e.type == "timeout" and e.message:find("50ms", 1, true), e)
ws:send("still here")
assert(ws:receive() == "echo still here")

-- The server ends it.
ws:send("bye")
for _ = 1, 2 do
  local none, code, reason = ws:receive()
  assert(none == nil and code == 4001 and reason == "as you like")
end
ok, e = pcall(ws.send, ws, "x")
assert(not ok and e.type == "closed", e)
ok, e = pcall(ws.ping, ws)
assert(not ok and e.type == "closed", e)
ws:close()

-- We end it.
ws = websocket.connect(WS .. "/talk")
assert(ws.protocol == "")
ws:close(4002, "enough")
ws:close()
local none, code, reason = ws:receive()
assert(none == nil and code == 4002 and reason == "enough")

-- The connection is lost.
ws = websocket.connect(WS .. "/talk")
ws:send("drop")
none, code, reason = ws:receive()
assert(none == nil and code == 1006 and reason == "")

-- Over TLS.
ws = websocket.connect(WSS .. "/talk", { ca = CA })
ws:send("secret")
assert(ws:receive() == "echo secret")

-- One that is left open is closed with the script.
websocket.connect(WS .. "/talk"):send("flood")
