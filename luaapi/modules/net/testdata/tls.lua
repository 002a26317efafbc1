local net = require "net"

local function fails(type, text, options)
  local ok, e = pcall(net.connect, options)
  assert(not ok and e.type == type and e.message:find(text, 1, true), tostring(e))
end

local port = tonumber(SECURE)
local conn = net.connect { host = "127.0.0.1", port = port, tls = { ca = CA } }
conn:write("hello\n")
assert(conn:read_line() == "echo hello")
-- A time-out in the middle of a secure connection does it no harm.
local ok, e = pcall(conn.read_line, conn, { timeout = 0.05 })
assert(not ok and e.type == "timeout")
conn:write("again\n")
assert(conn:read_line() == "echo again")
conn:write("half\n")
assert(conn:read_line() == "no end of line")
conn = net.connect { host = "127.0.0.1", port = port, tls = { ca = CA, server_name = "example.com" } }
conn:close()

-- Certificates are verified: who signed them, and for whom.
fails("io", "certificate", { host = "127.0.0.1", port = port, tls = true })
fails("io", "other.example", { host = "127.0.0.1", port = port, tls = { ca = CA, server_name = "other.example" } })
fails("io", "", { host = "127.0.0.1", port = tonumber(INJECT), tls = true })
fails("timeout", "nothing within 200ms", { host = "127.0.0.1", port = tonumber(SILENT), tls = true, timeout = 0.2 })
fails("argument", "no certificate", { host = "127.0.0.1", port = port, tls = { ca = "x" } })

-- A connection that becomes secure later.
conn = net.connect { host = "127.0.0.1", port = tonumber(UPGRADE) }
assert(conn:read_line() == "ready")
conn:write("STARTTLS\n")
assert(conn:read_line() == "go")
conn:start_tls { ca = CA }
conn:write("hello\n")
assert(conn:read_line() == "echo hello")

-- What came before is not taken for what came after.
conn = net.connect { host = "127.0.0.1", port = tonumber(INJECT) }
assert(conn:read_line() == "go")
ok, e = pcall(conn.start_tls, conn, { ca = CA })
assert(not ok and e.type == "data" and e.message:find("before the connection was secure", 1, true), e)
ok, e = pcall(conn.read_line, conn)
assert(not ok and e.type == "closed")
