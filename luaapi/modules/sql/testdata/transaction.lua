-- Transactions: all or nothing.
local sql, pg = require "sql", URL ~= ""
local db = sql.open { [pg and "url" or "path"] = pg and URL or "transaction.db", timeout = 5 }
db:exec("CREATE TABLE t (n INTEGER PRIMARY KEY)")
local function count() return db:one("SELECT count(*) AS n FROM t").n end

local a, b, c = db:transaction(function(tx)
  tx:exec("INSERT INTO t VALUES (1)")
  assert(tx:one("SELECT count(*) AS n FROM t").n == 1 and #tx:query("SELECT n FROM t") == 1)
  return "x", nil, 3
end)
assert(a == "x" and b == nil and c == 3 and count() == 1)
assert(select("#", db:transaction(function() end)) == 0)

local ok, err = pcall(db.transaction, db, function(tx)
  tx:exec("INSERT INTO t VALUES (2)")
  error({ mine = true })
end)
assert(not ok and err.mine and count() == 1, "an error rolls back and stays what it was")

ok, err = pcall(db.transaction, db, function(tx)
  tx:exec("INSERT INTO t VALUES (2)")
  tx:exec("INSERT INTO t VALUES (1)")
end)
assert(not ok and err.type == "sql" and count() == 1)

local kept
db:transaction(function(tx)
  kept = tx
  ok, err = pcall(db.query, db, "SELECT 1")
  assert(not ok and err.type == "argument" and err.message:find("use the methods of the transaction", 1, true), tostring(err))
  ok, err = pcall(db.transaction, db, function() end)
  assert(not ok and err.type == "argument" and err.message:find("do not nest", 1, true), tostring(err))
  ok, err = pcall(tx.exec, tx, "COMMIT")
  assert(not ok and err.type == "argument")
  if not pg then tx:exec("INSERT INTO t VALUES (3)") end
end)
ok, err = pcall(kept.query, kept, "SELECT 1")
assert(not ok and err.type == "closed" and err.message:find("has ended", 1, true), tostring(err))
assert(count() == (pg and 1 or 2))

-- a statement that is cut takes the transaction with it
local short = sql.open { [pg and "url" or "path"] = pg and URL or "transaction.db", timeout = 0.3 }
ok, err = pcall(short.transaction, short, function(tx)
  tx:exec("INSERT INTO t VALUES (9)")
  local fine, why = pcall(tx.exec, tx, "INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000) SELECT n FROM c WHERE n < 0")
  assert(not fine and why.type == "timeout", tostring(why))
  pcall(tx.exec, tx, "INSERT INTO t VALUES (12)")
end)
assert(not ok, "it cannot be committed")
assert(count() == (pg and 1 or 2))
local fine, row
for _ = 1, 30 do -- a busy machine may need more than 0.3 s for it
  fine, row = pcall(short.one, short, "SELECT 1 AS one")
  if fine then break end
end
assert(fine and row.one == 1)
