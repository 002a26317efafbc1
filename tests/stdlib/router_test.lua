local sim = require "simplex.sim"

sim.case("the first route that takes it", function(net)
  local alice = net:user("alice"):connect()
  for text, answer in pairs {
    ["order 2 pears"] = "2 pears", ["ORDER pears"] = "order how many of what?",
    ["order 2 nothing"] = "order how many of what?", ["hello"] = "?",
    ["/route x"] = "true", ["/route y"] = "false",
  } do
    alice:send(text)
    alice:expect(answer)
  end
end)
