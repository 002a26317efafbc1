---@meta websocket
-- Types of the module websocket.

---The module: `local websocket = require "websocket"`. Connects to WebSocket servers. It is experimental.
---Where it may connect to is allowed with --allow net=HOST, as for the module http. A socket lives as
---long as this version of the script, which has at most 256.
---@class websocket
local websocket = {}

---@class WebsocketOptions
---@field headers? table<string, string|number>
---@field protocols? string[] subprotocols, the preferred one first
---@field timeout? number|string for connecting (default 30)
---@field max_size? integer bytes of a message received (default 1 MiB, at most 64 MiB); a larger one ends the connection with 1009
---@field ca? string certificates in PEM that are trusted in place of the system's

---Connects to a server. Waits. Raises permission, timeout, limit (too many sockets) and io (not reached, a
---wrong certificate, an answer that is no WebSocket's).
---
---```lua
---local websocket = require "websocket"
---bot.spawn(function()
---  local ws = websocket.connect("wss://stream.example.org/alerts")
---  for text in function() return (ws:receive()) end do
---    bot.send("#ops", text)
---  end
---end)
---```
---@param url string ws:// or wss://
---@param options? WebsocketOptions
---@return Websocket
function websocket.connect(url, options) end

---A connection of websocket.connect. Several handlers may use one.
---@class Websocket
---@field protocol string the subprotocol that the server chose, "" for none
local Websocket = {}

---Sends a text. Waits. Raises argument where it is not UTF-8, timeout, closed and io; a send that fails ends
---the connection.
---@param text string
---@param timeout? number|string (default 30)
function Websocket:send(text, timeout) end

---Sends bytes. As send.
---@param bytes string
---@param timeout? number|string (default 30)
function Websocket:send_binary(bytes, timeout) end

---Returns the next message and its kind, "text" or "binary"; at the end nil, the code and the reason
---that it ended with (1006 where the connection was lost), again and again. Waits. Raises timeout, which
---leaves the connection as it is.
---@param timeout? number|string for as long as it takes by default
---@return string? message
---@return string|integer kind_or_code
---@return string? reason
function Websocket:receive(timeout) end

---Asks the server for a sign of life. Waits. Raises timeout, closed and io; a ping without an answer ends
---the connection.
---@param timeout? number|string (default 30)
function Websocket:ping(timeout) end

---Ends the connection. Waits for the server to agree, at most some seconds. The second call does nothing.
---@param code? integer 1000 unless given; 4000 to 4999 are free for use
---@param reason? string at most 123 bytes
function Websocket:close(code, reason) end
