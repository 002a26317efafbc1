-- Two handlers that both want the file of a message.
bot.on_message({ content_type = "file" }, function(msg)
  bot.spawn(function() msg:reply("beside " .. msg:download().name) end)
  msg:reply("own " .. msg:download().name)
end)
