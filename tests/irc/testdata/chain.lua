-- Whole lines of a client and whole events and commands of the bot, on their way in and out.
local irc = require "irc"
local port = tonumber(os.getenv "PORT")
local function client(nick) return irc.client { host = "127.0.0.1", port = port, nick = nick, flood = { burst = 1000 } } end
local anna, ben = client "anna", client "ben"

local function ask(message)
  anna:send("privmsg", { target = "ben", message = message })
  local e = anna:wait("notice", 20)
  return e and e.message
end

-- The bot's own chains: what goes out and what comes in are changed, or dropped.
bot.on_send(function(command)
  if command:find "held back" then return false end
  return (command:gsub("clear", "sealed"))
end)
bot.on_raw(function(event)
  local item = event.type == "newChatItems" and event.chatItems[1]
  if item and item.chatItem.content.msgContent then
    local content = item.chatItem.content.msgContent
    if content.text == "dropped" then return false end
    content.text = content.text:upper()
    return event
  end
end)
bot.on_message(function(msg)
  print("message " .. msg.text)
  msg:reply("clear text", { quote = false })
  print("held back " .. tostring(pcall(msg.reply, msg, "held back")))
end)

local function irc_chains()
  anna:connect()
  ben:connect()
  ben:on("privmsg", function(e) ben:send("notice", { target = e.nick, message = "echo: " .. e.message }) end)
  local function upper(next, line) return next(line:find "PRIVMSG" and line:upper() or line) end
  local function count(next, line, c)
    c.lines = (rawget(c, "lines") or 0) + 1
    return next(line)
  end
  ben.handlers["in"]:insert(count)
  ben.handlers.incoming:insert(upper)
  print(ask "two")
  print("counted " .. tostring(ben.lines >= 1))
  print(tostring(ben.handlers["in"]:remove(upper)) .. " " .. tostring(ben.handlers["in"]:remove(upper)))
  anna.handlers.out:insert(function(next, line)
    if line:find "secret" then return end -- it ends here
    next((line:gsub("three", "3")))
  end)
  anna:send("privmsg", { target = "ben", message = "secret" })
  print(ask "three")
  anna.handlers.outgoing:clear()
  print(ask "three")

  -- Replaced: no events, only lines; the server's PING is answered all the same.
  local seen = require("promise").new()
  ben.handlers["in"]:clear()
  ben.handlers["in"]:insert(function(_, line) if line:find "PRIVMSG" then seen:resolve(line) end end)
  anna:send("privmsg", { target = "ben", message = "raw" })
  print("line " .. select(2, seen:wait(20)):match "PRIVMSG.*")

  -- A mistake in a chain ends with its line.
  ben.handlers["in"]:insert(1, function(next, line) if line:find "oops" then error "a mistake in a chain" end next(line) end)
  anna:send("privmsg", { target = "ben", message = "oops" })
  anna:send("whois", { mask = "ben" })
  print((anna:wait({ "RPL_WHOISUSER", "ERR_NOSUCHNICK" }, 20)).event)
  ben:send_line "QUIT :a line of its own"
  anna:disconnect()
end

bot.on_start(function()
  irc_chains()
  print "end"
end)
