local rpc = require "rpc"

rpc.resource("/mine/{n}", { get = function(p, from) return from == nil and tonumber(p.n) end })

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  print(rpc.get(peer, "/orders/1"))
  print(rpc.set(peer, "/orders/2", "figs"))
  assert(rpc.get(peer, "/orders/2") == "figs")
  local _, e = pcall(rpc.get, peer, "/nothing")
  print(e.type)
  rpc.merge(peer, "/basket", { pears = 2 })
  rpc.merge(peer, "/basket", { figs = 3 })
  local basket = rpc.get(peer, "/basket")
  print(("merged: %d pears, %d figs"):format(basket.pears, basket.figs))
  rpc.observe(peer, "/stock/pears", 7)
  print("observed: " .. rpc.get(peer, "/stock/pears"))
  _, e = pcall(rpc.merge, peer, "/orders/2", {})
  print("no merge: " .. e.type)
  print(rpc.delete(peer, "/orders/2"))
  _, e = pcall(rpc.get, peer, "/orders/2")
  print(e.type .. " after")
  print("own: " .. rpc.get("/mine/5"))
  _, e = pcall(rpc.set, "/mine/5", 1)
  print("own: " .. e.type)
  _, e = pcall(rpc.get, peer, "/axb")
  print("a.b is not axb: " .. e.type)
  print("rest: " .. rpc.get(peer, "/files/a/b"))
  for _, path in ipairs { "/x/{}", "/x/{a b}", "/x/{a", "/*/x" } do
    _, e = pcall(rpc.resource, path, {})
    assert(e.type == "argument", path)
  end
  print "end"
  bot.stop()
end)
