local rpc, wire = require "rpc", require "wire"

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  -- No query, no id, no kind, another version, replies to nothing, bodies of every type.
  for _, body in ipairs { 1, "x", true, {}, { id = 5 }, { id = ("x"):rep(1000) }, { id = "a", name = {} }, { to = "game" }, { to = "game", data = "?" } } do
    for _, kind in ipairs { "rpc.query", "rpc.reply", "rpc.send", "packet", "none" } do
      wire.send(peer, kind, body)
    end
  end
  bot.send("@" .. peer, { type = wire.TYPE, text = "x" })
  bot.send("@" .. peer, { type = wire.TYPE, text = "x", version = 2, kind = "rpc.query" })
  bot.send("@" .. peer, { type = wire.TYPE, text = "x", version = 1, kind = {}, body = json.null })
  print(rpc.query(peer, "square", 7))
  print "end"
  bot.stop()
end)
