-- Prints what happens to a client of a server that says what a test tells it to.
local irc = require "irc"
local patience = tonumber(os.getenv "PATIENCE" or 30)
local options = {
  host = "127.0.0.1", port = tonumber(os.getenv "PORT"), nick = "anna", timeout = 20, ping_interval = patience, ping_timeout = patience,
  reconnect = { first = 0.05, longest = tonumber(os.getenv "LONGEST" or 0.2) }, flood = { rate = 1000, burst = 1000 }, ctcp = { VERSION = "a\r\nbot" },
}
if (os.getenv "CA" or "") ~= "" then options.tls = { ca = os.getenv "CA" } end
if os.getenv "SASL" then options.sasl = { user = "anna", password = os.getenv "SASL" } end
if os.getenv "ENCODING" then options.encoding = os.getenv "ENCODING" end
local client = irc.client(options)
client:on("client_connect", function() print "connect" end)
client:on("client_disconnect", function(e) print("disconnect: " .. e.message) end)
client:on("001", function() print("welcome " .. client.nick) end)
client:on("nick", function(e) print("nick " .. e.new_nick) end)
client:on("ctcp", function(e) print("ctcp " .. e.ctcp .. " " .. e.message) end)
client:on("privmsg", function(e)
  print("message " .. tostring(e.nick) .. ": " .. e.message)
  if e.message == "echo" then
    client:send("privmsg", { target = e.nick, message = "h\195\169 \226\130\172" })
  elseif e.message == "long" then
    client:send("privmsg", { target = "#c", message = ("w\195\182rd "):rep(200) })
    client:say("#c", "one\r\n\ntwo\0!")
    local ok, err = pcall(client.send, client, "topic", { channel = "#c", message = ("x"):rep(600) })
    print(tostring(ok) .. " " .. err.type)
    ok, err = pcall(client.send, client, "privmsg", { target = "#c", message = ("x"):rep(100000) })
    print(tostring(ok) .. " " .. err.type)
  elseif e.message == "rename" then
    client:send("nick", { nick = "other" })
  elseif e.message == "stop" then
    client:disconnect "bye"
    print "end"
    bot.stop()
  end
end)
client:run()
