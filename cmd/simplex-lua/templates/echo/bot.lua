-- Repeats what it is told.
-- Send "hello" and get "hello"; /upper hello gives "HELLO"; /help lists the commands.
-- Try it: simplex-lua dev

local menu = require "menu"

bot.configure {
  profile = { display_name = "BOTNAME", short_descr = "Repeats what it is told" },
  welcome = "I repeat what you say. Send /help to see more.",
}

menu.install {
  {
    "upper",
    "Repeats a text in capitals",
    args = "<text...>",
    run = function(msg, args)
      msg:reply(args.text:upper())
    end,
  },
}

bot.on_message({ content_type = "text" }, function(msg)
  if msg.text:sub(1, 1) == "/" then
    return msg:reply("I don't know that command. Send /help.")
  end
  msg:reply(msg.text, { quote = false })
end)
