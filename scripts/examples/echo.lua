-- Repeats what it is told, with commands and a menu.
-- Send "hello" and get "hello"; send /upper hello and get "HELLO"; /help lists the commands.
-- Run: simplex-lua dev scripts/examples/echo.lua

local menu = {
  { keyword = "help", label = "What I can do" },
  { keyword = "upper", label = "Repeat in capitals", params = "<text>" },
  { keyword = "reverse", label = "Repeat backwards", params = "<text>" },
}

bot.configure {
  profile = { display_name = "Echo", short_descr = "Repeats what it is told" },
  welcome = "I repeat what you say. Send /help to see more.",
  commands = menu,
}

bot.on_command("help", function(msg)
  local lines = {}
  for _, c in ipairs(menu) do
    lines[#lines + 1] = "/" .. c.keyword .. (c.params and " " .. c.params or "") .. " - " .. c.label
  end
  msg:reply(table.concat(lines, "\n"))
end)

bot.on_command("upper", function(msg, cmd)
  msg:reply(cmd.args ~= "" and cmd.args:upper() or "Upper what?")
end)

bot.on_command({ "reverse", "backwards" }, function(msg, cmd)
  msg:reply(cmd.args ~= "" and cmd.args:reverse() or "Reverse what?")
end)

-- A command nobody registered comes here too, like any text.
bot.on_message({ content_type = "text" }, function(msg)
  if msg.text:sub(1, 1) == "/" then
    msg:reply("I don't know that command. Send /help.")
  else
    msg:reply(msg.text, { quote = false })
  end
end)
