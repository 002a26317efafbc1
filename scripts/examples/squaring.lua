-- Squares numbers.
-- Send 7 and get "7 * 7 = 49"; anything else gets "Not a number."
-- Run: simplex-lua dev scripts/examples/squaring.lua

bot.configure {
  profile = { display_name = "Squarer" },
  welcome = "Send a number, I'll square it.",
  commands = { { keyword = "help", label = "What I do" } },
}

bot.on_command("help", function(msg)
  msg:reply("Send me a number, and I answer with its square.")
end)

bot.on_message({ content_type = "text" }, function(msg)
  local n = tonumber(msg.text)
  if n then
    msg:reply(("%.14g * %.14g = %.14g"):format(n, n, n * n))
  else
    msg:reply("Not a number.")
  end
end)
