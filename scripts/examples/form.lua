-- Takes an order by asking three questions, each chat at its own pace.
-- Send /order and answer: a pizza, how many, an address; /cancel ends it.
-- Run: simplex-lua dev scripts/examples/form.lua

bot.configure {
  profile = { display_name = "Pizza" },
  welcome = "Send /order to order a pizza.",
  commands = {
    { keyword = "order", label = "Order a pizza" },
    { keyword = "cancel", label = "Stop an order" },
  },
}

-- Asks until check returns a value; nil where the person cancels or falls silent.
local function question(msg, text, check)
  while true do
    local answer = msg:ask(text, { timeout = "10m", commands = true })
    if not answer or answer.text:lower() == "/cancel" then
      return nil
    end
    local value, problem = check(answer.text)
    if value then
      return value
    end
    text = problem
  end
end

local function any(text)
  return text ~= "" and text or nil, "Please write something."
end

local function count(text)
  local n = tonumber(text)
  if n and n >= 1 and n <= 20 and n == math.floor(n) then
    return n
  end
  return nil, "A number from 1 to 20, please."
end

bot.on_command("order", function(msg)
  local pizza = question(msg, "Which pizza?", any)
  local n = pizza and question(msg, "How many?", count)
  local address = n and question(msg, "Where to?", any)
  if address then
    msg:reply(("Thanks: %d x %s to %s."):format(n, pizza, address))
  else
    msg:reply("No order then.")
  end
end)

bot.on_command("cancel", function(msg)
  msg:reply("There is nothing to cancel.")
end)

bot.on_message(function(msg)
  msg:reply("Send /order to order a pizza.")
end)
