-- Asks for several things, one after the other, and hands over the answers.
-- What was answered survives a reload of the script and the end of the bot, also by kill -9.
--
--   local form = require "form"
--   local order = form.new {
--     name = "order",
--     questions = {
--       { "what", "Which pizza?", choices = { "Margherita", "Funghi" } },
--       { "count", "How many?", type = "integer", min = 1, max = 20 },
--     },
--     confirm = "Is that right?",
--     done = function(msg, answers) msg:reply(("%d x %s, coming."):format(answers.count, answers.what)) end,
--   }
--   bot.on_command("order", function(msg) order:start(msg) end)

local check = require "check"
local pages = require "store.pages"
local people = require "people"
local store = require "store"
local time = require "time"

---The module: `local form = require "form"`.
---@class form
local M = {}

---What form.new makes.
---@class Form
local Form = {}
Form.__index = Form

---@class FormQuestion
---@field [1] string the name of the answer
---@field [2] string the question
---@field type? "text"|"number"|"integer"|"boolean"|"date"|"duration"|"email" default "text"; a date is seconds since 1970
---@field choices? string[] the answers that are taken, by their text or number
---@field min? number the least number, or length of a text
---@field max? number the greatest number, or length of a text (default 1,000 characters)
---@field optional? boolean "-" leaves it out
---@field when? fun(answers: table<string, any>): boolean whether it is asked at all
---@field check? fun(value: any, answers: table<string, any>): any returns the value to keep, or nil and what is wrong

---@class FormOptions
---@field name string tells its store from those of other forms; keep it the same over reloads
---@field questions FormQuestion[]
---@field done fun(msg: Message, answers: table<string, any>): any gets the last message and all answers; once more where the bot is killed meanwhile. Where it raises an error, the last answer can be sent again
---@field confirm? string asked with a summary at the end; "no" begins again
---@field cancel? string[] words that end the form (default { "cancel", "/cancel" })
---@field timeout? number|string how long it waits for an answer (default 15 minutes)
---@field texts? table<string, string> other words for: cancelled, timeout, choose, yes_or_no

local default_texts = {
  cancelled = "Cancelled.",
  timeout = "That took too long; begin again when you like.",
  choose = "Please choose one of these:",
  yes_or_no = "Please answer yes or no.",
}

local yes_no = { yes = true, y = true, ok = true, no = false, n = false }

-- Reads a number; one that is too large to be one is none.
local function number(text)
  local n = tonumber(text)
  return n and n - n == 0 and n or nil
end

-- How each type of answer is read: a value, or nil and what is wrong.
local readers = {
  text = function(text) return text end,
  number = function(text) return number((text:gsub(",", "."))), "Please send a number." end,
  integer = function(text)
    local n = number(text)
    return n and n == math.floor(n) and n or nil, "Please send a whole number."
  end,
  boolean = function(text) return yes_no[text:lower()], default_texts.yes_or_no end,
  date = function(text) return time.parse(text), "Please send a date as 2026-12-24." end,
  duration = function(text) return time.duration(text), "Please send a duration as 30m or 1h 30m." end,
  email = function(text) return text:match("^[^%s@]+@[^%s@]+%.[^%s@]+$"), "Please send an e-mail address." end,
}

-- How often forms are looked for whose time is over, in seconds.
local longest_look = 10

local question_types = {
  [1] = "string", [2] = "string", type = "string?", choices = "list?", min = "number?", max = "number?", optional = "boolean?",
  when = "function?", check = "function?",
}

---Makes a form. At the top of the script, before the handlers that shall not see its answers.
---@param options FormOptions
---@return Form
function M.new(options)
  local o = check.options(options, "form.new", {
    name = "string", questions = "list", done = "function", confirm = "string?", cancel = "list?", timeout = "duration?", texts = "table?",
  })
  local self = setmetatable({
    name = o.name, questions = {}, done = o.done, confirm = o.confirm, timeout = o.timeout or 900,
    texts = setmetatable(o.texts or {}, { __index = default_texts }), cancel = {}, running = {}, store = store.open("form." .. o.name),
  }, Form)
  for i, question in ipairs(o.questions) do
    local where = ("form.new.questions[%d]"):format(i)
    local q = check.options(question, where, question_types)
    q.read = readers[q.type or "text"] or check.fail("argument", where .. ".type: there is no type " .. q.type)
    self.questions[i] = q
  end
  for _, word in ipairs(o.cancel or { "cancel", "/cancel" }) do
    self.cancel[word:lower()] = true
  end
  if #self.questions == 0 then
    check.fail("argument", "form.new.questions: want one or more")
  end
  self:listen()
  return self
end

-- Whose answers they are: one person in one chat.
local function key_of(msg)
  return people.chat(msg) .. " " .. people.key(msg)
end

local function copy(fields)
  local other = {}
  for name, value in pairs(fields) do
    other[name] = value
  end
  return other
end

-- The state of a form: at, the number of the question that is asked, behind the last one for the confirmation; answers;
-- chat; begun and taken, the ids of the message that began it and of the last one that it took; ended: "yes" while the
-- answers are handed over, "done" behind that, "cancelled".

function Form:listen()
  bot.on_start(function(reason)
    for key, state in pages(self.store, "") do
      if reason == "start" then -- what was sent while the bot was off comes now
        state.until_time = time.now() + self.timeout
      end
      self.running[key] = state
    end
  end)
  bot.every(math.max(math.min(self.timeout, longest_look), 1), function() self:look() end)
  bot.on_message({ commands = true, when = function(msg) return self:takes(msg) end }, function(msg)
    local ok, err = pcall(self.answer, self, msg)
    if not ok then -- a mistake is reported, and the answer goes to no other handler
      bot.spawn(function() error(err, 0) end)
    end
    return bot.STOP
  end)
end

-- Tells whether a message was taken before the bot was killed and comes again. The ids of messages grow.
local function is_known(state, msg)
  return msg.redelivered and msg.item_id <= state.taken
end

-- Tells whether a message is for the form.
function Form:takes(msg)
  local state = self.running[key_of(msg)]
  if not state or msg.text:sub(1, 1) == "/" and not self.cancel[msg.text:lower()] then
    return false
  elseif is_known(state, msg) then
    return msg.item_id > state.begun
  end
  return not state.ended
end

-- Ends a form that nobody has answered for its time.
function Form:expire(key, state)
  self.running[key] = nil
  self.store:delete(key)
  if not state.ended then
    bot.send(state.chat, self.texts.timeout)
  end
end

-- Looks for forms whose time is over. A timer for each would be too many.
function Form:look()
  local over = {}
  for key, state in pairs(self.running) do
    if time.now() >= state.until_time then
      over[key] = state
    end
  end
  for key, state in pairs(over) do
    if self.running[key] == state then
      local ok, err = pcall(self.expire, self, key, state)
      if not ok then
        log.warn("form: the end of a form was not told", { form = self.name, err = tostring(err) })
      end
    end
  end
end

-- Keeps a state with some of its fields changed, and returns it. One that has ended is kept for its time, too, so that
-- its messages are known where they come again.
function Form:keep(key, state, changes)
  state = copy(state)
  for name, value in pairs(changes or {}) do
    state[name] = value
  end
  state.until_time = time.now() + self.timeout
  self.running[key] = state
  self.store:set(key, state)
  return state
end

---Begins the form with who wrote a message, from the first question on. Waits.
---@param msg Message
function Form:start(msg)
  local at = self:next(0, {})
  if at > #self.questions then
    check.fail("argument", "form.start: all questions have a `when` that says no")
  end
  local state = { at = at, answers = {}, chat = msg.chat.ref, begun = msg.item_id, taken = msg.item_id }
  msg:reply(self:question(self:keep(key_of(msg), state)))
end

---Tells whether who wrote a message is filling the form in there.
---@param msg Message
---@return boolean
function Form:active(msg)
  local state = self.running[key_of(msg)]
  return state ~= nil and not state.ended
end

-- Returns the number of the next question that is to be asked, one too many where there is none.
function Form:next(at, answers)
  repeat
    at = at + 1
    local q = self.questions[at]
  until not q or not q.when or q.when(answers)
  return at
end

function Form:question(state)
  local q = self.questions[state.at]
  if not q then
    return self:summary(state.answers) .. "\n" .. self.confirm
  end
  local lines = { q[2] }
  for i, choice in ipairs(q.choices or {}) do
    lines[#lines + 1] = i .. ". " .. choice
  end
  return table.concat(lines, "\n")
end

---Returns the answers as text, a line each.
---@param answers table<string, any>
---@return string
function Form:summary(answers)
  local lines = {}
  for _, q in ipairs(self.questions) do
    local value = answers[q[1]]
    if value ~= nil then
      if q.type == "date" then
        value = time.format(value, "%Y-%m-%d")
      elseif q.type == "duration" then
        value = time.humanize(value)
      elseif type(value) == "boolean" then
        value = value and "yes" or "no"
      end
      lines[#lines + 1] = q[1] .. ": " .. tostring(value)
    end
  end
  return table.concat(lines, "\n")
end

-- Which of the choices a text means.
local function choose(choices, text)
  for _, choice in ipairs(choices) do -- first, for texts may be numbers
    if text:lower() == choice:lower() then
      return choice
    end
  end
  return choices[tonumber(text)]
end

-- Reads an answer: true and the value, or false and what is wrong.
function Form:read(q, text, answers)
  local value, problem
  if q.optional and text == "-" then
    return true, nil
  elseif text:find("\0", 1, true) then
    return false, q[2] -- no summary could be sent with it
  elseif q.choices then
    value = choose(q.choices, text)
    problem = self.texts.choose .. " " .. table.concat(q.choices, ", ")
  else
    value, problem = q.read(text)
  end
  if value == nil or value == "" then
    return false, problem or q[2]
  end
  local size = type(value) == "string" and #value:gsub("[\128-\191]", "") or value
  local max = q.max or type(value) == "string" and 1000 or nil
  if type(size) == "number" and (q.min and size < q.min or max and size > max) then
    local of = type(value) == "string" and " characters" or ""
    return false, ("Please between %s and %s%s."):format(q.min or 0, max or "any", of)
  end
  if q.check then
    value, problem = q.check(value, answers)
    if value == nil then
      return false, problem or q[2]
    end
  end
  return true, value
end

function Form:answer(msg)
  local key, text = key_of(msg), msg.text:match("^%s*(.-)%s*$")
  local was, taken = self.running[key], { taken = msg.item_id }
  if is_known(was, msg) then
    return self:again(key, msg, was)
  elseif self.cancel[text:lower()] then
    self:keep(key, was, { taken = msg.item_id, ended = "cancelled" })
    return msg:reply(self.texts.cancelled)
  end
  local q, at, answers, yes = self.questions[was.at], was.at, copy(was.answers), yes_no[text:lower()]
  if q then
    local ok, value = self:read(q, text, answers)
    if not ok then
      self:keep(key, was, taken)
      return msg:reply(value)
    end
    answers[q[1]] = value
    at = self:next(at, answers)
    yes = not self.questions[at] and not self.confirm
  elseif yes == nil then
    self:keep(key, was, taken)
    return msg:reply(self.texts.yes_or_no)
  elseif not yes then
    at, answers = self:next(0, {}), {}
  end
  if yes then
    return self:finish(key, msg, self:keep(key, was, { answers = answers, taken = msg.item_id, ended = "yes" }))
  end
  msg:reply(self:question(self:keep(key, was, { at = at, answers = answers, taken = msg.item_id })))
end

-- Meets a message that was taken before the bot was killed: what came of it may not have been said.
function Form:again(key, msg, state)
  if msg.item_id < state.taken or state.ended == "done" then
    return
  elseif state.ended == "cancelled" then
    msg:reply(self.texts.cancelled)
  elseif state.ended then
    self:finish(key, msg, state)
  else
    msg:reply(self:question(state))
  end
end

-- Hands the answers over. Where that fails, the last one may be given again.
function Form:finish(key, msg, state)
  local ok, err = pcall(self.done, msg, copy(state.answers))
  if self.running[key] == state then -- else done has begun the form anew
    self:keep(key, state, { ended = ok and "done" })
  end
  if not ok then
    error(err, 0)
  end
end

return M
