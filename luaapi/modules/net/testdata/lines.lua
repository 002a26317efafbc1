local net = require "net"

local conn = net.connect { host = "127.0.0.1", port = tonumber(TALK), timeout = 10 }
assert(conn.remote == "127.0.0.1:" .. TALK)
assert(tostring(conn) == "conn")

conn:write("hello\r\n")
assert(conn:read_line() == "echo hello")
conn:write("one\ntwo\n")
assert(conn:read_line { timeout = 10 } == "echo one" and conn:read_line() == "echo two")

conn:write("bytes\n")
assert(conn:read_line() == "\0\255\195")
assert(conn:read(2) == "12")
assert(conn:read_some { max = 1 } == "3" and conn:read_some() == "45")

-- A line that is too long stays unread.
conn:write("long\n")
local ok, e = pcall(conn.read_line, conn)
assert(not ok and e.type == "limit" and e.message:find("longer than 65536 bytes", 1, true), e)
assert(#conn:read_line { max = 200000 } == 100000)
assert(conn:read_line() == "after")

-- A time-out leaves the connection as it was.
ok, e = pcall(conn.read_line, conn, { timeout = 0.05 })
assert(not ok and e.type == "timeout" and e.message:find("50ms", 1, true), e)
conn:write("still here\n")
assert(conn:read_line() == "echo still here")

-- The end of the stream is nil, again and again.
conn:write("half\n")
assert(conn:read_line() == "no end of line" and conn:read_line() == nil and conn:read(5) == nil and conn:read_some() == nil)
conn:close()
conn:close()
for _, f in ipairs { function() conn:read_line() end, function() conn:write("x") end, function() conn:start_tls() end } do
  ok, e = pcall(f)
  assert(not ok and e.type == "closed", e)
end

-- A server that never ends a line, one that resets the connection.
conn = net.connect { host = "127.0.0.1", port = tonumber(TALK) }
conn:write("endless\n")
ok, e = pcall(conn.read_line, conn)
assert(not ok and e.type == "limit")
assert(#conn:read(1000000) == 1000000)
conn:close()
conn = net.connect { host = "127.0.0.1", port = tonumber(TALK) }
conn:write("reset\n")
ok, e = pcall(conn.read_line, conn)
assert(not ok and e.type == "io", e)
