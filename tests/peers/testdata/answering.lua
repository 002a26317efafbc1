-- The bot that answers.
local blob, packet, rpc = require "blob", require "packet", require "rpc"

bot.configure { profile = { display_name = "Answerer" } }

rpc.handle("square", function(n) return n * n end)
rpc.handle("slow", function(n) sleep(0.05) return n end)
rpc.handle("never", function() sleep(3600) end)
rpc.handle("boom", function() error { type = "boom", message = "on purpose" } end)
rpc.handle("text", function() error "not today" end)
rpc.handle("failed", function() rpc.fail("too_late", "closed at noon") end)
-- What the asker is not told.
rpc.handle("mistake", function(n) return n.secret end)
rpc.handle("argument", function() return ("x"):rep {} end)
rpc.handle("global", function() return secret end)
rpc.handle("file", function() require("fs").write("/proc/secret", "x") end)
rpc.handle("chat", function() return bot.send("@4711", "x") end)
rpc.handle("checked", function() require("check").arg(1, "the secret", "string") end)
rpc.handle("huge", function() return ("x"):rep(20000) end)
rpc.handle("passing", function() return "here" end)
rpc.handle("remove", function() rpc.handle("passing", nil) end)
rpc.handle("values", function(v) return { yes = v.yes, none = v.none, list = v.list } end)
rpc.handle("news", function(text) print("told " .. text) end)

local orders = { ["1"] = "pears" }
rpc.resource("/orders/{order_id}", {
  get = function(p) return orders[p.order_id] or rpc.fail("not_found", "no order " .. p.order_id) end,
  set = function(p, value) orders[p.order_id] = value return value end,
  delete = function(p) orders[p.order_id] = nil return "deleted" end,
})
local basket, stock = {}, {}
rpc.resource("/basket", {
  get = function() return basket end,
  merge = function(_, changes) for k, v in pairs(changes) do basket[k] = v end end,
})
rpc.resource("/stock/{what}", {
  get = function(p) return stock[p.what] end,
  observe = function(p, value) stock[p.what] = value end,
})
rpc.resource("/a.b", { get = function() return "dot" end })
rpc.resource("/files/*", { get = function(p) return p.rest end })

rpc.handle("store", function(n) return blob.store(("s"):rep(n)) end)
rpc.handle("forget", function(key) return blob.delete(key) end)

bot.on_start(function()
  local port = packet.listen("game")
  bot.spawn(function()
    while true do
      local data, from = port:read_from("1h")
      if data then port:write_to(data:upper(), from) end
    end
  end)
end)

bot.on_message(function(msg) print("message " .. msg.text) end)
bot.on_edit(function(msg) print("edit " .. msg.text) end)
