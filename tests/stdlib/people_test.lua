local sim = require "simplex.sim"

sim.case("keys are by id and creation", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  alice:send("/key")
  local of_alice = alice:expect({ pattern = "^contact%-%d+@%d%d%d%d%-" }).text
  bob:send("/key")
  assert(bob:expect().text ~= of_alice)
  alice:send("/chat")
  alice:expect({ pattern = "^direct%-%d+@" })
  alice:send("/text")
  alice:expect("/text")
end)

sim.case("members share their chat's key", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local team = net:group("team", { alice, bob })
  local keys, chats = {}, {}
  for i, person in ipairs { alice, bob } do
    person:in_group(team):send("/key")
    keys[i] = alice:in_group(team):expect({ pattern = "^member%-" }).text
    person:in_group(team):send("/chat")
    chats[i] = alice:in_group(team):expect({ pattern = "^group%-" }).text
  end
  assert(keys[1] ~= keys[2] and chats[1] == chats[2])
end)
