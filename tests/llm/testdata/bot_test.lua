local sim = require "simplex.sim"

local function case(name, text, ...)
  local wanted = { ... }
  sim.case(name, function(net)
    local alice = net:user("alice"):connect()
    alice:send(text)
    for _, want in ipairs(wanted) do
      alice:expect(want)
    end
    alice:expect_none()
  end)
end

local sorry = "Sorry, that did not work."

case("a stream in single bytes", "pieces", "*Grüße* an 👋 `x`")
case("a server that does not stream", "plain", "no stream")
case("a function", "sum", 'Let me see.\n\nIt is {"sum":5}.')
case("several functions, most of them wrong", "both",
  '{"sum":2}; error: there is no function delete_all; error: the arguments are no JSON object; error: it is broken')
case("functions without end", "loop", sorry, "limit: llm: the model called functions 4 times and gave no answer")
case("a server that is busy for a while", "busy", "at last")
case("a server that is busy for ever", "full", sorry, "limit: llm: the server answered 429: quota of (the key) used up")
case("a wrong key", "refuse", sorry, "io: llm: the server answered 401: bad key (the key)")
case("a connection that breaks", "cut", "half an\n\n" .. sorry, { pattern = "^io: http.post: 127.0.0.1:%d+: " })
case("a stream that just ends", "ends", "half\n\n" .. sorry, "io: llm: the answer broke off")
case("what is no JSON", "garbage", sorry, { pattern = "^data: llm: the server sent what is no JSON object: " })
case("an error in the stream", "error", sorry, "io: llm: the server broke the answer off: overloaded, (the key)")
case("a line without end", "line", sorry, { pattern = "^limit: llm: the server sent a line" })
case("a server that is too slow", "slow", "wait\n\n" .. sorry, { pattern = "^timeout: " })
case("the request", "options", "fine")
case("an answer that is cancelled", "stopped", "*the beginning*")
case("a function that cancels", "cancelled", "so far")

sim.case("a further message ends an answer", function(net)
  local alice = net:user("alice"):connect()
  alice:send("replaced")
  alice:expect("the first")
  alice:expect("system sys, user replaced, assistant the first, user next")
end)

-- Both messages are there before the first one's answer begins: the second is handled beside it.
for _, second in ipairs { "/stop", "pieces" } do
  sim.case("held, then " .. second, function(net)
    local alice = net:user("alice"):connect()
    net:delay("1s")
    alice:send("held")
    alice:send(second)
    net:advance("2s")
    net:delay(0)
    alice:send("pieces")
    alice:expect("*Grüße* an 👋 `x`", { skip = true })
  end)
end

sim.case("an answer without end", function(net)
  local alice = net:user("alice"):connect()
  alice:send("endless")
  local size = 0
  repeat
    local text = alice:expect({ pattern = "^ü" }).text
    size = size + #text
  until text:match("…$")
  assert(size <= 20010 and size > 19000, size)
end)
