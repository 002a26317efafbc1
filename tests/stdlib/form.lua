-- A bot for the tests of the module form.
local form = require "form"

local order = form.new {
  name = "order",
  questions = {
    { "what", "Which pizza?", choices = { "Margherita", "Funghi" } },
    { "count", "How many?", type = "integer", min = 1, max = 20 },
    { "gift", "Is it a gift?", type = "boolean" },
    { "card", "What shall the card say?", optional = true, max = 10, when = function(answers) return answers.gift end },
    { "at", "When?", type = "date", check = function(t) return t > os.time() and t or nil, "That is over." end },
  },
  confirm = "Is that right?",
  timeout = "10m",
  done = function(msg, answers) msg:reply("done " .. json.encode(answers)) end,
}
local mail = form.new {
  name = "mail", cancel = { "stop" }, texts = { cancelled = "As you like." },
  questions = { { "mail", "Your address?", type = "email" }, { "price", "Price?", type = "number" }, { "wait", "How long?", type = "duration" } },
  done = function(msg, answers) msg:reply(mail_text(answers)) end,
}
function mail_text(answers) return mail:summary(answers) end

local tries = 0
local slow = form.new {
  name = "slow", questions = { { "name", "Who?" }, { "street", "Street?" }, { "size", "How large?", choices = { "5", "10", "2" } } },
  done = function(msg, answers)
    tries = tries + 1
    if answers.name == "Fail" and tries == 1 then error "the printer burns" end
    if answers.name == "Slow" then sleep "10s" end
    msg:reply(("to %s, %s, size %s"):format(answers.name, answers.street, answers.size))
  end,
}

bot.on_command("order", function(msg) order:start(msg) end)
bot.on_command("mail", function(msg) mail:start(msg) end)
bot.on_command("slow", function(msg) slow:start(msg) end)
bot.on_command("time", function(msg) msg:reply(tostring(order:active(msg))) end)
bot.on_command("fill", function() -- with forms whose keys stand before those of others
  local forms = require("store").open "form.slow"
  for i = 1, 1002 do
    forms:set(("a%04d"):format(i), { at = 1, answers = {}, chat = "@1", begun = 1, taken = 1, ended = "done", until_time = os.time() })
  end
end)
bot.on_command("bad", function(msg)
  local questions = { { "a", "A?" } }
  for _, options in ipairs {
    {}, { name = "x", questions = {}, done = print }, { name = "x", questions = questions },
    { name = "x", questions = { { "a" } }, done = print }, { name = "x", questions = { { "a", "A?", type = "colour" } }, done = print },
    { name = "x", questions = { { "a", "A?", mix = 1 } }, done = print },
  } do
    local ok, e = pcall(form.new, options)
    assert(not ok and e.type == "argument", e)
  end
  msg:reply("refused")
end)
bot.on_message(function(msg) msg:reply("heard " .. msg.text) end)
