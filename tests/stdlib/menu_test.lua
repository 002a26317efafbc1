local sim = require "simplex.sim"

sim.case("reads arguments", function(net)
  local alice = net:user("alice"):connect()
  for _, row in ipairs {
    { "/add 1 2.5", "3.5" },
    { "/add 1", "b is missing. Usage: /add <a:number> <b:number>" },
    { "/add 1 two", "b must be a number. Usage: /add <a:number> <b:number>" },
    { "/add 1 2 3", "That is too much. Usage: /add <a:number> <b:number>" },
    { "/say alice", "alice: -" },
    { "/say alice good  morning", "alice: good  morning" },
    { '/tell "dear alice" "good" morning', 'dear alice: "good" morning' },
    { "/wait", "nil nil" },
    { "/wait 1h30m no", "5400 false" },
    { "/wait 5 maybe", "loud must be yes or no. Usage: /wait [time:duration] [loud:boolean]" },
    { "/now", "now" },
    { "/now please", "It takes nothing more. Usage: /now" },
    { "/secret", "You may not do that." },
    { "/bad", "refused" },
  } do
    alice:send(row[1])
    alice:expect(row[2])
  end
end)

sim.case("tells what there is", function(net)
  local alice = net:user("alice"):connect()
  local help = table.concat({
    "I know:", "/add <a:number> <b:number> - Adds two numbers", "/say <who> [text...]",
    "/wait [time:duration] [loud:boolean] - Tells a time", "/now - Takes nothing", "/help - What I can do",
  }, "\n")
  alice:send("/help")
  alice:expect(help)
  alice:send("/help_of")
  alice:expect(help)
end)

sim.case("shows the menu in the app", function(net)
  local alice = net:user("alice"):connect()
  local profile = json.encode(alice:command("/_contacts 1"))
  assert(profile:find('"keyword":"wait"', 1, true) and profile:find('"label":"More"', 1, true), profile)
end)
