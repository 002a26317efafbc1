local net = require "net"

local function fails(type, text, ...)
  local ok, e = pcall(...)
  assert(not ok, "no error")
  assert(e.type == type and e.message:find(text, 1, true), e.type .. ": " .. e.message)
end

fails("argument", "host is missing", net.connect, { port = 1 })
fails("argument", "1 to 65535", net.connect, { host = "127.0.0.1", port = 0 })
fails("argument", "1 to 65535", net.connect, { host = "127.0.0.1", port = 65536 })
fails("argument", "prot", net.connect, { host = "127.0.0.1", prot = 1 })
fails("argument", "server_name", net.connect, { host = "127.0.0.1", port = 1, tls = { servername = "x" } })
fails("argument", "want true or a table", net.connect, { host = "127.0.0.1", port = 1, tls = "yes" })
fails("argument", "timeout", net.connect, { host = "127.0.0.1", port = 1, timeout = 0 })
fails("io", "refused", net.connect, { host = "127.0.0.1", port = tonumber(CLOSED) })
fails("io", "not the name of a host", net.connect, { host = "a b\r\n", port = 1 })
fails("argument", "service", net.lookup_srv, "a.b", "tcp", "example.org")

local conn = net.connect { host = "127.0.0.1", port = tonumber(TALK) }
fails("argument", "whole number", conn.read, conn, 0)
fails("argument", "whole number", conn.read, conn, "5")
fails("argument", "max", conn.read_line, conn, { max = 2 ^ 40 })
fails("argument", "with a colon", conn.read_line)
fails("argument", "timout", conn.read_line, conn, { timout = 1 })
fails("argument", "want a string", conn.write, conn, {})
conn:close()

-- There is a bound on connections; closing makes room.
local conns = {}
fails("limit", "256 open connections", function()
  for i = 1, 300 do conns[i] = net.connect { host = "127.0.0.1", port = tonumber(SILENT) } end
end)
assert(#conns == 256)
conns[1]:close()
net.connect { host = "127.0.0.1", port = tonumber(SILENT) }
