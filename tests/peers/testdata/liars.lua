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
  -- Data as a live message, which is changed, finished and edited; and a text that becomes data.
  local function post(live, content)
    return bot.api.send_chat_cmd(('/_send @%d live=%s json [{"msgContent":%s,"mentions":{}}]'):format(peer, live, json.encode(content)))
  end
  local function change(id, live, content)
    bot.api.send_chat_cmd(('/_update item @%d %d live=%s json {"msgContent":%s,"mentions":{}}'):format(peer, id, live, json.encode(content)))
  end
  local function news(text) return wire.content("rpc.send", { name = "news", payload = text }) end
  local id = post("on", news "unfinished").chatItems[1].chatItem.meta.itemId
  change(id, "on", news "still unfinished")
  change(id, "off", news "finished")
  change(id, "off", news "edited")
  id = bot.send("@" .. peer, "a text").item_id
  change(id, "off", news "no text")
  print(rpc.query(peer, "square", 7))
  print "end"
  bot.stop()
end)
