-- Answers on a channel with the generation of the script that it is.
local irc = require "irc"
local client = irc.client { host = "127.0.0.1", port = tonumber(os.getenv "PORT"), nick = "anna", reconnect = { first = 0.1, longest = 1 } }
client:on("client_connect", function() client:send("join", { channel = "#hall" }) end)
client:on("privmsg", function(e)
  client:send("privmsg", { target = e.target, message = "generation " .. bot.info.generation })
end)
client:run()
