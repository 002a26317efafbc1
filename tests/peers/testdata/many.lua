local rpc = require "rpc"

local total, at_once = 1000, 50

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  local next_one, answers, wrong, failed, busy = 1, 0, 0, 0, at_once
  for _ = 1, at_once do
    bot.spawn(function()
      while next_one <= total do
        local n = next_one
        next_one = n + 1
        local ok, answer = pcall(rpc.query, peer, "square", n, { timeout = 60 })
        if not ok then failed = failed + 1
        elseif answer ~= n * n then wrong = wrong + 1
        else answers = answers + 1 end
      end
      busy = busy - 1
    end)
  end
  while busy > 0 do sleep(0.02) end
  print(("%d answers, %d wrong, %d failed"):format(answers, wrong, failed))
  print "end"
  bot.stop()
end)
