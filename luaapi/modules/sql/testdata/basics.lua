-- query, one, exec on both engines. URL is "" for SQLite.
local sql = require "sql"
local pg = URL ~= ""
local db = sql.open(pg and URL or "basics.db")

local made = db:exec("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER, score DOUBLE PRECISION)")
assert(made.rows_affected == 0 and made.last_insert_id == nil)
local done = db:exec("INSERT INTO people (id, name, age) VALUES ($1, $2, $3)", 1, "Ann", 41)
assert(done.rows_affected == 1 and done.last_insert_id == (not pg and 1 or nil), tostring(done.last_insert_id))
assert(db:exec("INSERT INTO people (id, name, age, score) VALUES ($1, $2, $3, $4), (3, $2 || '!', $3, $4)", 2, "Bob", nil, 0.1).rows_affected == 2)
assert(db:exec("UPDATE people SET age = 5 WHERE age IS NULL").rows_affected == 2)
assert(db:exec("SELECT * FROM people").rows_affected == 0, "nothing was written")

local rows = db:query("SELECT id, name, age, score FROM people ORDER BY id")
assert(#rows == 3 and rows[1].name == "Ann" and rows[1].age == 41 and rows[1].score == nil and rows[2].score == 0.1)
assert(db:one("SELECT name FROM people WHERE id = $1", 3).name == "Bob!")
assert(db:one("SELECT name FROM people ORDER BY id").name == "Ann", "the first of several")
assert(db:one("SELECT name FROM people WHERE id = 9") == nil and #db:query("SELECT name FROM people WHERE id = 9") == 0)
assert(db:query("INSERT INTO people (id, name) VALUES (4, 'Dan') RETURNING id, name")[1].id == 4)
assert(db:one("SELECT count(*) AS n FROM people").n == 4)

-- SQL in strings stays a string
local evil = "'); DROP TABLE people; --"
db:exec("INSERT INTO people (id, name) VALUES (5, $1)", evil)
assert(db:one("SELECT id FROM people WHERE name = $1", evil).id == 5 and db:one("SELECT count(*) AS n FROM people").n == 5)

-- parameters as a list, with sql.null and placeholders out of order
assert(db:one("SELECT name FROM people WHERE id = $2 AND name <> $1", { "x", 1 }).name == "Ann")
local r = db:one("SELECT CAST($1 AS TEXT) AS a, CAST($2 AS TEXT) AS b", { sql.null, "x" })
assert(r.a == nil and r.b == "x")

local function fails(type, text, ...)
  local ok, err = pcall(...)
  assert(not ok and err.type == type and err.message:find(text, 1, true), tostring(err) .. " is " .. tostring(err and err.type))
end
fails("argument", "placeholders for 2 parameters, but 1 were given", db.query, db, "SELECT $1, $2", 1)
fails("argument", "placeholders for 0 parameters, but 1 were given", db.query, db, "SELECT 1", 1)
fails("argument", "more than one statement", db.exec, db, "DELETE FROM people; DELETE FROM people")
fails("argument", "more than one statement", db.query, db, "SELECT 1; -- x\n /* */ SELECT 2")
fails("argument", "no statement", db.exec, db, " -- nothing\n;")
fails("argument", "the text has a NUL", db.exec, db, "SELECT 1\0; DROP TABLE people")
fails("argument", "parameter 1: want a string", db.query, db, "SELECT $1", print)
fails("argument", "parameters must be a list", db.query, db, "SELECT $1", { a = 1 })
fails("argument", "the text: want a string", db.query, db)
for _, text in ipairs { "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT a" } do
  if not pg or text == "BEGIN" then fails("argument", "db:transaction", db.exec, db, text) end
end
fails("sql", "", db.query, db, "SELECT * FROM nothing")
fails("sql", "", db.query, db, "SELEC 1")
fails("sql", "", db.exec, db, "INSERT INTO people (id, name) VALUES (1, 'x')")
fails("argument", "is a method of a database", db.query, "SELECT 1")
assert(#db:query("SELECT 1 AS a ; -- end\n ;") == 1)

-- bounds
local small = sql.open(pg and URL or "basics.db", { limit = 2 })
fails("limit", "more than 2 rows", small.query, small, "SELECT id FROM people")
assert(#small:query("SELECT id FROM people LIMIT 2") == 2 and small:one("SELECT id FROM people ORDER BY id").id == 1)
local short = sql.open(pg and URL or "basics.db", { timeout = 0.3 })
fails("timeout", "longer than 300ms", short.query, short, "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c")
fails("timeout", "longer than 300ms", short.query, short, "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c WHERE n < 2")
local fine, row
for _ = 1, 30 do -- a busy machine may need more than 0.3 s for it
  fine, row = pcall(short.one, short, "SELECT 1 AS one")
  if fine then break end
end
assert(fine and row.one == 1, "and it goes on")

db:close()
db:close()
fails("closed", "the database is closed", db.query, db, "SELECT 1")
