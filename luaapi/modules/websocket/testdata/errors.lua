local websocket = require "websocket"

local function fails(type, text, ...)
  local ok, e = pcall(...)
  assert(not ok, "no error")
  assert(e.type == type and e.message:find(text, 1, true), e.type .. ": " .. e.message)
end

fails("argument", "the url", websocket.connect)
fails("argument", "ws:// or wss://", websocket.connect, "http://127.0.0.1")
fails("argument", "cannot be read", websocket.connect, "ws://127.0.0.1/\r\nX: y")
fails("argument", "cannot be a header's name", websocket.connect, WS, { headers = { ["a\r\nb"] = "1" } })
fails("argument", "cannot be set", websocket.connect, WS, { headers = { Upgrade = "x" } })
fails("argument", "protocols", websocket.connect, WS, { protocols = { "a, b" } })
fails("argument", "max_size", websocket.connect, WS, { max_size = 0 })
fails("argument", "protocols", websocket.connect, WS, { protocol = "x" })
fails("argument", "no certificate", websocket.connect, WS, { ca = "x" })
fails("io", "101", websocket.connect, WS .. "/page")
fails("io", "101", websocket.connect, WS .. "/nothing")
fails("io", "certificate", websocket.connect, WSS .. "/talk")
fails("timeout", "200ms", websocket.connect, WS .. "/silent", { timeout = 0.2 })

local ws = websocket.connect(WS .. "/talk")
fails("argument", "not UTF-8", ws.send, ws, "\255")
fails("argument", "want a string", ws.send, ws, {})
fails("argument", "with a colon", ws.receive)
fails("argument", "not for use", ws.close, ws, 1005)
fails("argument", "123 bytes", ws.close, ws, 4000, ("x"):rep(200))

-- Too big, and no text at all: the connection ends, with the code for it.
ws:send("big")
local none, code, reason = ws:receive()
assert(none == nil and code == 1009 and reason:find("more than 1048576 bytes", 1, true), code)
ws = websocket.connect(WS .. "/talk", { max_size = 4 * 2 ^ 20 })
ws:send("big")
assert(#ws:receive() == 2 * 2 ^ 20)
ws:send("not utf-8")
none, code = ws:receive()
assert(none == nil and code == 1007)
