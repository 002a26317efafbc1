-- Packets between bots: they arrive or not, and nobody answers.
--
--   local packet = require "packet"
--   bot.on_start(function()
--     local port = packet.listen("game")
--     bot.spawn(function()
--       while true do
--         local data, from = port:read_from("1h")
--         if data then port:write_to(data:upper(), from) end
--       end
--     end)
--   end)

local check = require "check"
local crypto = require "crypto"
local promise = require "promise"
local time = require "time"
local wire = require "wire"

---The module: `local packet = require "packet"`. Experimental. A packet arrives once, or not at all; one that comes just
---before the bot is killed may come again after the start.
---@class packet
local M = {}

---What packet.listen makes.
---@class Port
local Port = {}
Port.__index = Port

local max_data, max_waiting = 8192, 256
local ports = {}

---Where a packet came from, or is to go: a contact and the name of its port.
---@class PacketAddress
---@field contact_id integer
---@field port string

---Opens a port. Packets that come before it is open are lost.
---@param name string
---@return Port
function M.listen(name)
  check.arg(name, "packet.listen: the name", "string")
  if ports[name] then
    check.fail("argument", ("packet.listen: the port %q is open already"):format(name))
  end
  ports[name] = setmetatable({ name = name, waiting = {}, arrived = promise.new() }, Port)
  return ports[name]
end

local function must_be_open(self)
  if ports[self.name] ~= self then
    check.fail("closed", ("the port %q is closed"):format(self.name))
  end
end

---Waits for a packet and returns its bytes and where it came from; nil at the time-out. Each packet goes to one of those
---who wait. Where the port is closed meanwhile, it raises an error of type closed. Waits.
---@param timeout? number|string seconds or "5m" (default 1 minute)
---@return string? data
---@return PacketAddress? from
function Port:read_from(timeout)
  timeout = check.arg(timeout, "read_from: the time-out", "duration?") or 60
  must_be_open(self)
  local ends, left = time.now() + timeout, timeout
  while #self.waiting == 0 and left > 0 do -- again where another reader was faster
    self.arrived:wait(left)
    must_be_open(self)
    left = ends - time.now()
  end
  local packet = table.remove(self.waiting, 1)
  if #self.waiting == 0 then
    self.arrived = promise.new()
  end
  if packet then
    return packet.data, packet.from
  end
end

---Sends a packet. Waits until its message is stored.
---@param data string at most 8,192 bytes
---@param to PacketAddress
function Port:write_to(data, to)
  must_be_open(self)
  if #check.arg(data, "write_to: the data", "string") > max_data then
    check.fail("limit", ("write_to: a packet has at most %d bytes, not %d"):format(max_data, #data))
  end
  local address = check.options(to, "write_to: the address", { contact_id = "integer", port = "string" })
  wire.send(address.contact_id, "packet", { to = address.port, from = self.name, data = crypto.base64_encode(data) })
end

---Returns the bot's address and the port's name, which others need.
---@return { address: string, port: string }
function Port:local_addr()
  return { address = bot.info.address, port = self.name }
end

---Closes the port. The second time does nothing.
function Port:close()
  if ports[self.name] == self then
    ports[self.name] = nil
    self.arrived:resolve()
  end
end

wire.on("packet", function(from, body)
  local port = type(body) == "table" and ports[body.to]
  local ok, data = pcall(crypto.base64_decode, port and body.data)
  if not port or not ok or #data > max_data or #port.waiting >= max_waiting then
    return log.debug("a packet was dropped")
  end
  port.waiting[#port.waiting + 1] = { data = data, from = { contact_id = from.contact_id, port = tostring(body.from) } }
  port.arrived:resolve()
end)

return M
