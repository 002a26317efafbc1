---@meta net
-- Types of the module net.

---The module: `local net = require "net"`. Connects to servers over TCP and TLS. It is experimental.
---Where it may connect to is allowed with --allow net=HOST:PORT, as for the module http. A connection
---lives as long as this version of the script, which has at most 256.
---@class net
local net = {}

---@class NetTls
---@field server_name? string whose certificate the server must show (default: the host)
---@field ca? string certificates in PEM that are trusted in place of the system's
---@field timeout? number|string of start_tls only (default 30)

---@class NetConnect
---@field host string a name or an address
---@field port integer
---@field tls? boolean|NetTls the certificate is always verified (default false)
---@field timeout? number|string for all of it (default 30)

---Connects to a server. Waits. Raises permission, timeout, io (not reached, a wrong certificate) and
---limit (too many connections).
---
---```lua
---local net = require "net"
---bot.on_command("finger", function(msg, cmd)
---  local conn = net.connect { host = "finger.example.org", port = 79, timeout = 10 }
---  conn:write(cmd.args .. "\r\n")
---  msg:reply(conn:read_line { timeout = 10 } or "Nobody there.")
---  conn:close()
---end)
---```
---@param options NetConnect
---@return NetConn
function net.connect(options) end

---@class NetServer
---@field target string
---@field port integer
---@field priority integer
---@field weight integer

---Asks the name servers where a service of a domain is, the best server first; an empty list where
---there is none. Waits. Raises permission (the name must be allowed), timeout and io.
---
---```lua
---local servers = net.lookup_srv("lime", "tcp", "example.org")
---```
---@param service string
---@param proto string "tcp" or "udp"
---@param name string
---@param options? { timeout?: number|string } (default 30)
---@return NetServer[]
function net.lookup_srv(service, proto, name, options) end

---A connection of net.connect. Several handlers may use one: reads come one after the other, and so do
---writes, side by side with reads.
---@class NetConn
---@field remote string the server's address and port
local NetConn = {}

---Reads up to the end of a line, \n or \r\n, and leaves that out; nil when the server has ended. The
---last line may have no end. Waits. Raises timeout (what came stays for the next read), limit (the line is
---longer than max; it stays unread, so close the connection or read on with more), closed and io.
---@param options? { timeout?: number|string, max?: integer } timeout: none by default; max: bytes of a line (default 65536, at most 16 MiB)
---@return string?
function NetConn:read_line(options) end

---Reads so many bytes; fewer only at the end, and then nil. Waits. Raises timeout, closed and io.
---@param n integer at most 16 MiB
---@param options? { timeout?: number|string }
---@return string?
function NetConn:read(n, options) end

---Reads what is there, at least one byte; nil at the end. Waits. Raises timeout, closed and io.
---@param options? { timeout?: number|string, max?: integer } max: bytes (default 65536)
---@return string?
function NetConn:read_some(options) end

---Sends bytes. Waits. Raises timeout, closed and io; the connection is closed then, for part of it may
---have been sent.
---@param data string
---@param options? { timeout?: number|string } (default 30)
function NetConn:write(data, options) end

---Closes the connection; whoever reads from it gets an error of type closed. The second call does nothing.
function NetConn:close() end

---Secures a connection that began without, as after STARTTLS. Waits. Raises data where the server sent
---more than was read before, timeout, closed and io; the connection is closed then.
---@param options? NetTls
function NetConn:start_tls(options) end
