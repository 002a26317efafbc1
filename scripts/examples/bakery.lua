-- A bakery: customers order by answering questions, bakers get the orders. An order waits until a baker is there to take it.
-- Send /order. Bakers send /pair CODE, with the code that stands in the log at the start, and then /shift on or off.
-- Run: simplex-lua dev scripts/examples/bakery.lua

local acl = require "acl"
local form = require "form"
local menu = require "menu"
local people = require "people"
local queue = require "queue"
local store = require "store"

local staff = acl.new { roles = { "baker" } }
local shift = store.open "shift" -- the chats of the bakers who are there
local orders = queue.open("orders", { retries = 7 * 24 * 60, backoff = function() return 60 end }) -- each minute, for a week

bot.configure { profile = { display_name = "Bakery" }, welcome = "Send /order, and we bake." }

bot.state = {} -- code: makes the first baker
bot.on_start(function()
  bot.state.code = staff:invite("baker", "1d")
  log.info("bakers send /pair " .. bot.state.code)
end)

local order = form.new {
  name = "order",
  questions = {
    { "bread", "Which bread?", choices = { "Rye", "Spelt", "White" } },
    { "count", "How many?", type = "integer", min = 1, max = 20 },
    { "slices", "Shall we slice it?", type = "boolean" },
  },
  confirm = "Shall we bake that?",
  done = function(msg, answers)
    orders:push { answers = answers, name = msg.sender.name, chat = msg.chat }
    msg:reply "Thank you. You hear from us when a baker has it."
  end,
}

orders:work(function(job)
  local bakers, o = {}, job.payload
  for i, entry in ipairs(shift:list "") do bakers[i] = entry.value end
  local what = ("For %s: %d x %s"):format(o.name, o.answers.count, o.answers.bread) .. (o.answers.slices and ", sliced" or "")
  if #bot.broadcast(bakers, what).sent == 0 then
    error("no baker is there", 0) -- the queue tries again
  end
  bot.broadcast({ o.chat }, "A baker has your order.")
end)

local function is_baker(msg) return staff:allows(msg, "baker") end

menu.install {
  { "order", "Order bread", run = function(msg) order:start(msg) end },
  { "pair", "For bakers", args = "<code>", run = function(msg, args)
    msg:reply(staff:pair(msg, args.code) and "Welcome. Send /shift on when you are there." or "This code is wrong or used.")
  end },
  { "shift", "Take orders or not", args = "<on:boolean>", allow = is_baker, run = function(msg, args)
    shift:set(people.key(msg), args.on and msg.chat or nil)
    msg:reply(args.on and "You get the orders." or "Good night.")
  end },
}
