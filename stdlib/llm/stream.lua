-- How the module llm asks a server, and reads what it streams.
--
--   request ─▶ http.post ─▶ feed, piece by piece ─▶ take, value by value ─▶ on_text

local check = require "check"
local http = require "http"
local time = require "time"

local M = {}

-- How many functions a model may call at a time.
M.max_calls = 32

local max_line = 2 ^ 20 -- bytes of one event of a stream
local max_stream = 32 * 2 ^ 20
local longest_wait = 60 -- seconds before a request is sent again; who wants more is not asked again

-- Raises an error that does not show the key.
function M.fail(self, type, text)
  if self.key and self.key ~= "" then
    local at, to = text:find(self.key, 1, true)
    while at do
      text = text:sub(1, at - 1) .. "(the key)" .. text:sub(to + 1)
      at, to = text:find(self.key, 1, true)
    end
  end
  check.fail(type, text)
end

-- What a server says is wrong, without line ends and not too long.
local function complaint(body)
  local ok, value = pcall(json.decode, body or "")
  local err = ok and type(value) == "table" and (value.error or value.message) or nil
  local text = type(err) == "table" and err.message or err
  return type(text) == "string" and ": " .. text:gsub("%c", " "):sub(1, 300) or ""
end

-- A reader of what the server sends: of a stream of events, or of one JSON text.
local function new_reader(self, on_text)
  local r = { text = "", calls = {}, buffer = "", rest = {}, rest_size = 0, on_text = on_text }

  local function add_call(i, delta)
    local index = (type(delta.index) == "number" and delta.index or i - 1) + 1
    if index < 1 or index > M.max_calls or index ~= math.floor(index) then
      M.fail(self, "limit", "llm: the model calls more than " .. M.max_calls .. " functions at a time")
    end
    local call = r.calls[index] or { id = "", name = "", arguments = "" }
    r.calls[index] = call
    local f = type(delta["function"]) == "table" and delta["function"] or {}
    call.id = call.id == "" and type(delta.id) == "string" and delta.id or call.id
    call.name = call.name == "" and type(f.name) == "string" and f.name or call.name
    if type(f.arguments) == "string" then
      call.arguments = call.arguments .. f.arguments
    end
    if #call.arguments > max_line then
      M.fail(self, "limit", "llm: the arguments of a function are too long")
    end
  end

  -- Takes one JSON value: a piece of a stream, or the whole answer.
  function r.take(text)
    local ok, value = pcall(json.decode, text)
    if not ok or type(value) ~= "table" then
      M.fail(self, "data", "llm: the server sent what is no JSON object: " .. text:sub(1, 80))
    end
    if type(value.error) == "table" or type(value.error) == "string" then
      M.fail(self, "io", "llm: the server broke the answer off" .. complaint(text))
    end
    local choice = type(value.choices) == "table" and value.choices[1]
    if type(choice) ~= "table" then
      return -- a report of usage
    end
    if type(choice.finish_reason) == "string" then
      r.finished = choice.finish_reason
    end
    local delta = type(choice.delta) == "table" and choice.delta or type(choice.message) == "table" and choice.message or {}
    for i, call in ipairs(type(delta.tool_calls) == "table" and delta.tool_calls or {}) do
      add_call(i, call)
    end
    if type(delta.content) == "string" and delta.content ~= "" then
      r.text = r.text .. delta.content
      if #r.text > self.max_answer then
        r.text = r.text:sub(1, self.max_answer):gsub("[\192-\255][\128-\191]*$", "") .. "…"
        r.finished = "length"
      end
      on_text(r.text)
    end
  end

  local function line(text)
    local data = text:match("^data: ?(.*)$")
    if data == "[DONE]" then
      r.finished = r.finished or "stop"
      r.done = true
    elseif data then
      r.events = true
      r.take(data)
    elseif not text:match("^:") and not text:match("^%w+:") and text:find("%S") then
      r.rest[#r.rest + 1] = text -- it may be one JSON text
      r.rest_size = r.rest_size + #text
    end
  end

  -- Takes a piece of the body; false where no more of it is wanted.
  function r.feed(chunk)
    local from = 1
    local buffer = r.buffer .. chunk
    while not r.done and r.finished ~= "length" do
      local at = buffer:find("\n", from, true)
      if not at then
        break
      end
      line((buffer:sub(from, at - 1):gsub("\r$", "")))
      from = at + 1
    end
    r.buffer = buffer:sub(from)
    if #r.buffer > max_line or r.rest_size > max_line then
      M.fail(self, "limit", "llm: the server sent a line of more than " .. max_line .. " bytes")
    end
    return not r.done and r.finished ~= "length"
  end

  -- The body has ended.
  function r.close()
    if r.buffer ~= "" and not r.done and r.finished ~= "length" then
      line((r.buffer:gsub("\r$", "")))
    end
    if not r.events and #r.rest > 0 then
      r.take(table.concat(r.rest, "\n"))
      r.finished = r.finished or "stop"
    end
    if not r.finished then
      M.fail(self, "io", "llm: the answer broke off")
    end
  end

  return r
end

-- How long the server wants to be left alone.
local function retry_after(res, attempt)
  local header = res.headers["retry-after"]
  local wait = tonumber(header)
  if not wait and header then
    local ok, at = pcall(time.parse, header)
    wait = ok and type(at) == "number" and at - time.now() or nil
  end
  return math.max(wait or 2 ^ (attempt - 1), 0)
end

local try_again = { [429] = true, [500] = true, [502] = true, [503] = true, [504] = true }

-- Sends a request, again where the server has too much to do, and returns the reader of its answer.
function M.request(self, messages, run, on_text)
  local body = {
    model = self.model, messages = json.array(messages), stream = on_text ~= nil, max_tokens = self.max_tokens,
    temperature = self.temperature, tools = self.tools and json.array(self.tools) or nil,
  }
  local attempt = 0
  while true do
    attempt = attempt + 1
    local reader = new_reader(self, on_text or function() end)
    local options = { json = body, timeout = self.timeout, redirects = 0, max_size = on_text and max_stream or max_line }
    if self.key and self.key ~= "" then
      options.auth = { bearer = self.key }
    end
    if on_text then
      options.stream = function(chunk) return not run.cancelled and reader.feed(chunk) end
    end
    local res = http.post(self.url, options)
    if res.ok then
      if res.body then
        reader.feed(res.body)
      end
      if not run.cancelled then
        reader.close()
      end
      return reader
    end
    if run.cancelled then
      return reader
    end
    local wait = retry_after(res, attempt)
    if not try_again[res.status] or attempt > self.retries or wait > longest_wait then
      local kind = res.status == 429 and "limit" or "io"
      M.fail(self, kind, ("llm: the server answered %d%s"):format(res.status, complaint(res.body)))
    end
    sleep(wait)
  end
end

return M
