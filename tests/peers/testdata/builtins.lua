local rpc, time = require "rpc", require "time"

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  print(rpc.query(peer, "ping", "hello"))
  print(#rpc.query(peer, "ping", ("x"):rep(128)))
  for _, payload in ipairs { ("x"):rep(129), { 1 } } do
    local _, e = pcall(rpc.query, peer, "ping", payload)
    print(e.type .. ": " .. e.message:match("ping: (.*)"))
  end
  print(rpc.query(peer, "version").name)
  local finger = rpc.query(peer, "finger")
  print(finger.display_name .. (finger.address == os.getenv "LINK" and " with an address" or " without"))
  print(math.abs(time.parse(rpc.query(peer, "time")) - time.now()) < 3600 and "a time of today" or "another time")
  print "end"
  bot.stop()
end)
