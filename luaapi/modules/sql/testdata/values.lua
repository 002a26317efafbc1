-- What goes in comes out.
local sql, pg = require "sql", URL ~= ""
local db = sql.open(pg and URL or ":memory:")
local bytes = {}
for i = 0, 255 do bytes[#bytes + 1] = string.char(i) end
bytes = table.concat(bytes)
db:exec("CREATE TABLE v (n DOUBLE PRECISION, i BIGINT, t TEXT, b " .. (pg and "BYTEA" or "BLOB") .. ", f BOOLEAN)")
for _, n in ipairs { 0, 1, -1, 0.1, 1 / 3, 1e300, 5e-324, 2 ^ 53, -2 ^ 60 } do
  db:exec("DELETE FROM v")
  db:exec("INSERT INTO v (n, i, t, b, f) VALUES ($1, $2, $3, $4, $5)", n, 2 ^ 53, "Ä€😀\n'\"\\", bytes, true)
  local r = db:one("SELECT * FROM v")
  assert(r.n == n and r.i == 2 ^ 53 and r.t == "Ä€😀\n'\"\\" and r.b == bytes, n)
  assert(r.f == (pg and true or 1))
end
assert(db:one("SELECT 9007199254740993 AS n").n == "9007199254740993", "beyond 2^53 as text")
assert(db:one("SELECT -9223372036854775807 - 1 AS n").n == "-9223372036854775808")
assert(db:one("SELECT NULL AS n").n == nil)
db:exec("DELETE FROM v")
db:exec("INSERT INTO v (t) VALUES ($1)", "")
assert(db:one("SELECT t, b FROM v").t == "" and db:one("SELECT b FROM v").b == nil)
db:exec("UPDATE v SET b = $1", "\\x41\0")
assert(db:one("SELECT b FROM v").b == "\\x41\0")
if pg then
  local r = db:one("SELECT TIMESTAMPTZ '2026-01-02 03:04:05.5+02' AS a, TIMESTAMP '2026-01-02 03:04:05' AS b, DATE '2026-01-02' AS c, 1.50::numeric AS d, 2::numeric AS e, '{1,2}'::int[] AS f, 'x'::text AS g, '{\"a\": 1}'::json AS h")
  assert(r.a == "2026-01-02T01:04:05.5Z" and r.b == "2026-01-02T03:04:05" and r.c == "2026-01-02", r.a)
  assert(r.d == "1.50" and r.e == 2 and r.f == "{1,2}" and r.g == "x" and r.h == '{"a": 1}')
else
  assert(db:one("SELECT typeof(?) AS t", 5).t == "integer" and db:one("SELECT typeof(?) AS t", 0.5).t == "real")
  assert(db:one("SELECT typeof(?) AS t", "\255").t == "blob" and db:one("SELECT typeof(?) AS t", "x").t == "text")
  assert(db:one("SELECT ?1 || ?2 || ?1 AS t", "a", "b").t == "aba" and db:one("SELECT ? || ? AS t", "a", "b").t == "ab")
  local ok, err = pcall(db.query, db, "SELECT :name", 1)
  assert(not ok and err.type == "argument" and err.message:find("write ? or $1", 1, true))
end
