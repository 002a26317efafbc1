local packet = require "packet"

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  local port = packet.listen("mine")
  local game = { contact_id = peer, port = "game" }
  port:write_to("hello", game)
  local data, from = port:read_from(30)
  print(data .. " from " .. from.port)
  local odd = "\0\1\255" .. ("x"):rep(8000)
  port:write_to(odd, game)
  print(port:read_from(30) == odd:upper() and "bytes arrive as they are" or "bytes are changed")
  local got = {}
  for _ = 1, 2 do
    bot.spawn(function()
      local data = port:read_from(30)
      got[#got + 1] = data or "nothing"
    end)
  end
  sleep(0.05) -- both wait
  port:write_to("one", game)
  while #got == 0 do sleep(0.01) end
  port:write_to("two", game)
  while #got == 1 do sleep(0.01) end
  print("two readers: " .. table.concat(got, " "))
  port:write_to("nobody", { contact_id = peer, port = "none" })
  print(port:read_from(0.2) == nil and "time-out" or "something came")
  local here = port:local_addr()
  print(here.port == "mine" and here.address == bot.info.address and "local address")
  local _, e = pcall(port.write_to, port, ("x"):rep(9000), game)
  print(e.type)
  _, e = pcall(packet.listen, "mine")
  print(e.type .. ": twice")
  bot.spawn(function()
    local ok, err = pcall(port.read_from, port, 60)
    print(not ok and err.type .. " while waiting")
  end)
  sleep(0.05)
  port:close()
  port:close()
  sleep(0.05)
  _, e = pcall(port.read_from, port)
  print(e.type)
  packet.listen("mine")
  print "open again"
  print "end"
  bot.stop()
end)
