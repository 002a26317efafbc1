-- A bot that takes whatever people write, and whose handlers raise where they
-- get what menu and form do not promise.
local menu = require "menu"
local form = require "form"

bot.on_error(function(e) print("error: " .. e.message) end)

local function finite(n) return type(n) == "number" and n - n == 0 end

-- What each type of argument or answer is.
local kinds = {
  word = function(v) return type(v) == "string" end,
  text = function(v) return type(v) == "string" and v ~= "" end,
  number = finite,
  integer = function(v) return finite(v) and v % 1 == 0 end,
  boolean = function(v) return type(v) == "boolean" end,
  date = finite,
  duration = function(v) return finite(v) and v >= 0 end,
  email = function(v) return v:find("@", 2, true) ~= nil end,
  choices = function(v) return v == "red" or v == "GREEN" end,
}

local function check(kind, value)
  if not kinds[kind](value) then
    error(("%s is no %s"):format(json.encode(tostring(value)), kind))
  end
end

local commands = { { "rest", args = "<first> [rest...]", run = function(_, args, cmd)
  check("word", args.first)
  if args.rest then
    check("text", args.rest)
    local tail = cmd.args:match("^(.-)%s*$"):sub(-#args.rest)
    assert(tail == args.rest and not args.rest:find("^%s"), "the rest is not what was written at the end")
  end
end } }
for _, kind in ipairs { "word", "number", "integer", "boolean", "duration" } do
  commands[#commands + 1] = { kind, args = "<v:" .. kind .. "> [w:" .. kind .. "]", run = function(_, args)
    check(kind, args.v)
    if args.w ~= nil then
      check(kind, args.w)
    end
  end }
end

local forms = {}
for _, kind in ipairs { "text", "number", "integer", "boolean", "date", "duration", "email", "choices" } do
  forms[kind] = form.new {
    name = kind,
    questions = { { "v", "?", type = kind ~= "choices" and kind or nil, choices = kind == "choices" and { "red", "GREEN" } or nil } },
    confirm = "Right?",
    done = function(msg, answers)
      check(kind, answers.v)
      msg:reply("done")
    end,
  }
  commands[#commands + 1] = { "fill_" .. kind, run = function(msg) forms[kind]:start(msg) end }
end

menu.install(commands, { title = "I know:" })
bot.on_command("ping", function(msg, cmd) msg:reply("pong " .. cmd.args) end)
