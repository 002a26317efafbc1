-- A bot that has all that bots have from each other, and tells of errors.
local packet, rpc = require "packet", require "rpc"
require "blob"

rpc.resource("/orders/{id}", { get = function(p) return p.id end, set = function(_, value) return value end, delete = function() end })
rpc.handle("echo", function(payload) return payload end)
bot.on_error(function(err) print("error " .. tostring(err)) end)
bot.on_message(function(msg) print("error: a message " .. msg.text) end)
bot.on_start(function() packet.listen "game" end)
