-- Answers by a language model, over the chat completions of OpenAI's API that most servers of models speak.
--
--   local llm = require "llm"
--   local ai = llm.new { url = "https://api.openai.com/v1", key = os.getenv "LLM_KEY", model = "gpt-4o-mini" }
--   bot.on_message(function(msg) ai:answer(msg) end)

local check = require "check"
local map = require "map"
local markdown = require "markdown"
local people = require "people"
local promise = require "promise"
local store = require "store"
local stream = require "llm.stream"
local time = require "time"

---The module: `local llm = require "llm"`. A client answers messages with a live message that grows as the model
---writes, remembers what was said in each chat, and lets the model call Lua functions. It needs the permission
---net=HOST for the server. Errors are of the types permission, timeout, io (not reached, or the server refused),
---limit (too many requests, too many rounds of tools) and data (an answer that cannot be read); none of them shows the key.
---@class llm
local M = {}

---What llm.new makes.
---@class Llm
local Llm = {}
Llm.__index = Llm

---@class LlmTool
---@field description? string when the model shall call it
---@field parameters? table a JSON schema of the arguments (default: none)
---@field run fun(args: table, msg?: Message): any returns a text, or a table that the model gets as JSON; an error goes to the model

---@class LlmMessage
---@field role "system"|"user"|"assistant"|"tool"
---@field content? string

---@class LlmOptions
---@field url string of the server's API, as "https://api.openai.com/v1"
---@field model string
---@field key? string
---@field system? string what the model is told first
---@field history? integer how many messages of a chat the model gets to see (default 20)
---@field store? string|boolean keeps the histories over restarts, true or a name (default: in memory)
---@field max_tokens? integer
---@field temperature? number
---@field tools? table<string, LlmTool> functions that the model may call, by name
---@field rounds? integer how often it may call functions for one answer (default 8)
---@field timeout? number|string how long a request may take, seconds or "2m" (default 120)
---@field retries? integer how often a request is sent again where the server has too much to do (default 3)
---@field interval? number|string the time between two edits of the live message (default 1 s)
---@field markdown? boolean whether Markdown becomes SimpleX's marks (default true)
---@field max_answer? integer bytes after which an answer is cut (default 65,536)
---@field stop? string the text that ends an answer (default "/stop")
---@field failed? string|boolean what the chat is told where there is no answer (default "Sorry, that did not work."); false for nothing

local max_result = 16384 -- bytes of what a function returns
local max_history = 2 ^ 18 -- bytes

local function read_tools(tools)
  local names, list = {}, {}
  for name in pairs(tools or {}) do
    names[#names + 1] = check.arg(name, "llm.new.tools: the name", "string")
  end
  table.sort(names)
  for i, name in ipairs(names) do
    local tool = check.options(tools[name], "llm.new.tools." .. name, { description = "string?", parameters = "table?", run = "function" })
    list[i] = {
      type = "function",
      ["function"] = {
        name = name, description = tool.description,
        parameters = tool.parameters or json.decode('{"type":"object","properties":{}}'),
      },
    }
  end
  return #list > 0 and list or nil
end

---Makes a client.
---@param options LlmOptions
---@return Llm
function M.new(options)
  local o = check.options(options, "llm.new", {
    url = "string", model = "string", key = "string?", system = "string?", history = "integer?", store = "string|boolean?", max_tokens = "integer?",
    temperature = "number?", tools = "table?", rounds = "integer?", timeout = "duration?", retries = "integer?", interval = "duration?",
    markdown = "boolean?", max_answer = "integer?", stop = "string?", failed = "string|boolean?",
  })
  if not o.url:match("^https?://[^/]") then
    check.fail("argument", 'llm.new.url: want a url as "https://api.openai.com/v1"')
  end
  local url = o.url:gsub("/+$", "")
  if not url:match("/chat/completions$") then
    url = url .. "/chat/completions"
  end
  local self = setmetatable({
    url = url, model = o.model, key = o.key, system = o.system, size = o.history or 20, max_tokens = o.max_tokens, temperature = o.temperature,
    tools = read_tools(o.tools), functions = o.tools or {}, rounds = o.rounds or 8, timeout = o.timeout or 120, retries = o.retries or 3,
    interval = o.interval or 1, convert = o.markdown ~= false and markdown.to_simplex or nil, max_answer = o.max_answer or 65536,
    stop = (o.stop or "/stop"):lower(), failed = o.failed, running = {}, histories = map.new { capacity = 1000 },
  }, Llm)
  if self.failed == nil or self.failed == true then
    self.failed = "Sorry, that did not work."
  end
  if self.size < 0 or self.rounds < 0 or self.retries < 0 or self.max_answer < 1 or self.interval < 0.2 or self.timeout <= 0 then
    check.fail("argument", "llm.new: want a history, rounds and retries of 0 or more, a max_answer and a timeout above 0 and an interval of 0.2 or more")
  end
  if o.store then
    self.store = store.open("llm." .. (o.store == true and "history" or o.store))
  end
  return self
end

-- Calls a function for the model. What goes wrong in it is told the model.
local function call_function(self, call, msg)
  local tool = self.functions[call.name]
  if not tool then
    return "error: there is no function " .. call.name
  end
  local ok, args = pcall(json.decode, call.arguments == "" and "{}" or call.arguments)
  if not ok or type(args) ~= "table" then
    return "error: the arguments are no JSON object"
  end
  local result
  ok, result = pcall(tool.run, args, msg)
  if not ok then
    log.warn("llm: a function failed", { name = call.name, err = tostring(result) })
    local text = type(result) == "table" and result.message or result
    return "error: " .. tostring(text):sub(1, 500)
  elseif type(result) == "table" then
    ok, result = pcall(json.encode, result)
    result = ok and result or "error: the result cannot be written as JSON"
  end
  result = result == nil and "done" or tostring(result)
  return #result > max_result and result:sub(1, max_result):gsub("[\192-\255][\128-\191]*$", "") .. "…" or result
end

-- Asks the model, and calls functions for it, until it has an answer.
local function converse(self, messages, run)
  local before = ""
  for _ = 0, self.rounds do
    local on_text = run.on_text
    local reader = stream.request(self, messages, run, on_text and function(text) on_text(before .. text) end)
    local calls = {}
    for i = 1, stream.max_calls do
      calls[#calls + 1] = reader.calls[i]
    end
    if #calls == 0 or run.cancelled then
      return before .. reader.text
    end
    local asked = {}
    for i, call in ipairs(calls) do
      call.id = call.id ~= "" and call.id or "call_" .. i
      asked[i] = { id = call.id, type = "function", ["function"] = { name = call.name, arguments = call.arguments } }
    end
    messages[#messages + 1] = { role = "assistant", content = reader.text, tool_calls = asked }
    for _, call in ipairs(calls) do
      messages[#messages + 1] = { role = "tool", tool_call_id = call.id, content = call_function(self, call, run.msg) }
      if run.cancelled then
        return before .. reader.text
      end
    end
    before = before .. reader.text .. (reader.text ~= "" and "\n\n" or "")
  end
  stream.fail(self, "limit", ("llm: the model called functions %d times and gave no answer"):format(self.rounds + 1))
end

---Returns the model's answer to messages, without any history. Waits.
---
---```lua
---local ai = require("llm").new { url = "http://localhost:11434/v1", model = "llama3.2" }
---local summary = ai:complete("Sum this up in one sentence: " .. text)
---```
---@param messages string|LlmMessage[] a text is a message of the user
---@return string text as the model wrote it, mostly Markdown
function Llm:complete(messages)
  check.arg(messages, "complete: the messages", "string|list")
  local list = { self.system and { role = "system", content = self.system } or nil }
  for _, m in ipairs(type(messages) == "string" and { { role = "user", content = messages } } or messages) do
    check.arg(m, "complete: a message", "table")
    check.arg(m.role, "complete: the role of a message", "string")
    list[#list + 1] = m
  end
  return converse(self, list, {})
end

-- Chats are told apart by their scope too.
local function key_of(msg)
  local scope = msg.scope and " " .. tostring(msg.scope.member_id or "me") or ""
  return people.chat(msg) .. scope
end

---Returns what the model gets to see of a chat. Waits where it is kept in the store.
---@param msg Message
---@return LlmMessage[]
function Llm:history(msg)
  local key = key_of(msg)
  local list = self.store and self.store:get(key) or not self.store and self.histories:get(key) or {}
  return { unpack(list) }
end

---Forgets what was said in a chat. Waits where it is kept in the store.
---@param msg Message
function Llm:forget(msg)
  local key = key_of(msg)
  if self.store then
    self.store:delete(key)
  else
    self.histories:delete(key)
  end
end

-- Adds a question and its answer to the history of a chat, and drops the oldest beyond its size.
local function remember(self, msg, question, answer)
  local key, list = key_of(msg), self:history(msg)
  list[#list + 1] = { role = "user", content = question }
  if answer ~= "" then
    list[#list + 1] = { role = "assistant", content = answer }
  end
  local size = 0
  for _, m in ipairs(list) do
    size = size + #m.content
  end
  while #list > 0 and (#list > self.size or size > max_history) do
    size = size - #table.remove(list, 1).content
  end
  if self.store then
    self.store:set(key, list)
  else
    self.histories:set(key, list)
  end
end

-- Shows the text of an answer for good.
local function show(self, run, problem)
  local shown = self.convert and self.convert(run.text) or run.text
  if problem and self.failed then
    shown = shown .. (shown ~= "" and "\n\n" or "") .. self.failed
  end
  if shown:find("%S") then
    run.out:close(shown)
  end
end

---Ends the answer that is being written in the chat of a message, with what there is of it, and tells whether there
---was one. Waits.
---@param msg Message
---@return boolean
function Llm:cancel(msg)
  local key = key_of(msg)
  local run = self.running[key]
  if not run then
    return false
  end
  self.running[key] = nil
  run.cancelled = true
  local ok, err = pcall(show, self, run)
  if not ok then -- the handler that wrote it was cut, which has ended its message
    log.warn("llm: an answer could not be finished", { err = tostring(err) })
  end
  remember(self, run.msg, run.question, run.text)
  return true
end

---Tells whether an answer is being written in the chat of a message.
---@param msg Message
---@return boolean
function Llm:active(msg)
  return self.running[key_of(msg)] ~= nil
end

-- Lets other messages of the chat go to their handlers from here on. What the handler has computed before counts no more
-- against its cpu_limit: a long answer comes in thousands of pieces.
local function give_way()
  local gate = promise.new()
  bot.spawn(function() gate:resolve(true) end)
  gate:wait("5s") -- at once, unless this version of the script is about to end
end

-- Takes the text so far, and writes it into the live message at most as often as that is edited.
local function writer(self, run)
  local next_time = 0
  return function(text)
    if run.cancelled then
      return
    end
    run.text = text
    if time.now() >= next_time then
      next_time = time.now() + self.interval
      give_way()
      if not run.cancelled then
        run.out:write(self.convert and self.convert(text) or text)
      end
    end
  end
end

---Answers a message with a live message that grows as the model writes; the model sees what was said in the chat
---before. A further message of the chat ends the answer and begins its own; "/stop" only ends it. Other messages of
---the chat go to their handlers meanwhile, and further handlers of this one do not wait. Waits. An error is raised
---after the chat was told so.
---
---```lua
---local ai = require("llm").new {
---  url = "https://api.example.org/v1", key = os.getenv "LLM_KEY", model = "small", system = "You help with cooking.",
---  tools = {
---    weight = {
---      description = "The weight of a cup of something, in grams",
---      parameters = { type = "object", properties = { what = { type = "string" } }, required = { "what" } },
---      run = function(args) return ({ flour = 120, sugar = 200 })[args.what] or "unknown" end,
---    },
---  },
---}
---bot.on_message({ chat_type = "direct" }, function(msg) ai:answer(msg) end)
---```
---@param msg Message
---@param text? string the question (default: the message's text)
---@return string? answer as the model wrote it; nil where it was ended
function Llm:answer(msg, text)
  local question = check.arg(text, "answer: the question", "string?") or msg.text
  self:cancel(msg)
  if question:lower():match("^%s*(.-)%s*$") == self.stop then
    return nil
  end
  local key = key_of(msg)
  local run = { msg = msg, question = question, text = "", out = msg:stream(nil, { interval = self.interval }) }
  run.on_text = writer(self, run)
  self.running[key] = run
  give_way()
  local ok, result = pcall(function()
    local messages = self:history(msg)
    if self.system then
      table.insert(messages, 1, { role = "system", content = self.system })
    end
    messages[#messages + 1] = { role = "user", content = question }
    return converse(self, messages, run)
  end)
  if run.cancelled then
    return nil -- whoever ended it has shown what there was
  end
  self.running[key] = nil
  run.text = ok and result or run.text
  show(self, run, not ok)
  remember(self, msg, question, run.text)
  if not ok then
    error(result, 0)
  end
  return result
end

return M
