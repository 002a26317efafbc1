local sim = require "simplex.sim"

sim.case("a server that is not allowed", function(net)
  local alice = net:user("alice"):connect()
  alice:send("hello")
  alice:expect("false permission")
end)
